"""Callers who show neither a known device nor the confidential code: they are slowed, and never lock a card (RULES 9).

An adviser's door leaks: it must not be for anybody who knows numbers to shut the bank's own desk for good; behind the
right password the person's own counter locks all the same.

Three buckets take each failure: the caller's address and the whole house leak with time; the door of the claimed
identity, whether such a person exists or not, does not: after 5 failures it stays shut for unknown devices until the
person enters from a known one or an adviser opens it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address, ip_network
from math import ceil

from approvals.errors import TooManyFailures
from approvals.model.throttle import FailureBucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What one kind of bucket holds, and how many failures leak out of it a minute."""

    capacity: float
    leak: float


ADDRESS = Bucket(capacity=10, leak=2)
HOUSE = Bucket(capacity=300, leak=60)
DOOR = Bucket(capacity=5, leak=0)
ADVISER_DOOR = Bucket(capacity=5, leak=0.2)

HOUSE_KEY = "house"


def address_key(address: str) -> str:
    """Return the key of who calls from there: an IPv6 /64 is one caller, who has 2^64 addresses (RFC 6177)."""
    return "address:" + hashlib.sha256(_caller(address).encode()).hexdigest()


def _caller(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else address


def door_key(client_identifier: str, user_number: str) -> str:
    claimed = f"{len(client_identifier)}:{client_identifier}{user_number}"
    return "door:" + hashlib.sha256(claimed.encode()).hexdigest()


def adviser_door_key(number: str) -> str:
    return "adviser:" + hashlib.sha256(number.encode()).hexdigest()


def bucket_of(key: str) -> Bucket:
    """Return the kind of bucket a key names."""
    if key == HOUSE_KEY:
        return HOUSE
    if key.startswith("adviser:"):
        return ADVISER_DOOR
    return DOOR if key.startswith("door:") else ADDRESS


def level(found: FailureBucket | None, kind: Bucket, now: datetime) -> float:
    """Return how full a bucket is now; time that went backwards leaks nothing."""
    if found is None:
        return 0.0
    minutes = max((now - found.at).total_seconds(), 0.0) / 60
    return max(found.level - kind.leak * minutes, 0.0)


def require_patience(found: Mapping[str, FailureBucket], keys: Sequence[str], now: datetime) -> None:
    """Raise TooManyFailures, with the seconds to wait, while a bucket that leaks is full."""
    for key in keys:
        kind = bucket_of(key)
        over = level(found.get(key), kind, now) - kind.capacity + 1
        if kind.leak and over > 0:
            raise TooManyFailures(ceil(over / kind.leak * 60))


def is_shut(found: Mapping[str, FailureBucket], door: str, now: datetime) -> bool:
    """The door of this identity is shut for unknown devices."""
    return level(found.get(door), DOOR, now) >= DOOR.capacity


def left_at_door(found: Mapping[str, FailureBucket], door: str, now: datetime) -> int:
    """Return how many more failures this identity's door takes, once the one at hand is counted."""
    return max(int(DOOR.capacity - level(found.get(door), DOOR, now)) - 1, 0)


def failed(found: FailureBucket | None, key: str, now: datetime) -> FailureBucket:
    """Count one failure."""
    kind = bucket_of(key)
    filled = level(found, kind, now) + 1
    if found is None:
        return FailureBucket(key=key, level=filled, at=now)
    return replace(found, level=filled, at=max(now, found.at))


def forgiven(found: FailureBucket | None, key: str, now: datetime) -> FailureBucket:
    """Take back one failure counted before the check: the caller was right."""
    filled = max(level(found, bucket_of(key), now) - 1, 0.0)
    return FailureBucket(key=key, level=filled, at=max(now, found.at) if found else now)
