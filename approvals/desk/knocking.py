"""The knock: what somebody who wants in risks before anything is checked, and what is noted when they are refused.

Who shows neither a known device nor a code risks only the door of the identity they claim and their own buckets, never
a card; every refusal looks and costs the same, whoever exists (RULES 7 to 10, RTS 2018/389 art. 4(3)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from approvals.credentials import counters, throttle
from approvals.credentials import device as device_rules
from approvals.desk import counting
from approvals.desk.devices import DeviceClaim, find_claimed_device
from approvals.errors import DeviceSignatureRefused
from approvals.model.audit import AuditEntry
from approvals.model.device import Device
from approvals.model.ids import UserId
from approvals.model.person import User, UserStatus
from approvals.model.throttle import AtStake, FailureBucket
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock

_NOBODY: Final = frozenset({UserStatus.LEFT})
"""Who no longer exists at the door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who somebody says they are, and where they come from; `address` is the caller's, as the trusted proxy says it."""

    client_identifier: str
    user_number: str
    address: str
    device: DeviceClaim | None = None

    @property
    def buckets(self) -> tuple[str, str, str]:
        """The door of the identity claimed, the address, the house."""
        door = throttle.door_key(self.client_identifier, self.user_number)
        return door, throttle.address_key(self.address), throttle.HOUSE_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who knocks: the person claimed (if there is one), their known device, and what a refusal may tell."""

    visitor: Visitor
    user: User | None
    device: Device | None
    is_shut: bool
    attempts_left: int
    at_stake: AtStake


class Knocking:
    """Counts those who want in, and takes back what was counted when they were right."""

    def __init__(self, *, book: Book, clock: Clock, announcer: Announcer, origin: str) -> None:
        """`origin` is what devices sign for."""
        self._book = book
        self._clock = clock
        self._announcer = announcer
        self._origin = origin

    async def knock(self, visitor: Visitor, *, with_secret: bool) -> Caller:
        """Spend what this caller risks. `with_secret`: something only the person knows is about to be checked.

        Raises TooManyFailures; from a known device PersonLocked, NoAttemptLeft.
        """
        return await self._book.transaction(lambda ledger: self._knock(ledger, visitor, with_secret=with_secret))

    async def refuse(self, caller: Caller, code: str, reason: str) -> None:
        """Note why, for the audit alone (`code` is its word); lock a person whose last attempt this was."""

        async def work(ledger: Ledger) -> Mapping[UserId, int]:
            now = self._clock.now()
            actor = f"user:{caller.user.id}" if caller.user else "unknown"
            value = {"reason": reason, "door": caller.visitor.buckets[0]}
            await ledger.audit.append([AuditEntry(code=code, actor=actor, at=now, value=value)])
            if caller.user is None or caller.device is None:
                return {}
            return await ledger.inboxes.append(await counting.count_person(ledger, caller.user.id, now), now)

        await self._announcer.announce(await self._book.transaction(work))

    async def forgive(self, ledger: Ledger, caller: Caller, now: datetime) -> None:
        """The caller was right: the door opens wide again, and what this knock cost is given back."""
        buckets = caller.visitor.buckets
        found = {bucket.key: bucket for bucket in await ledger.failures.load(buckets)}
        door, *others = buckets
        await ledger.failures.save(FailureBucket(key=door, level=0, at=now))
        if caller.device is None:
            for key in others:
                await ledger.failures.save(throttle.forgiven(found.get(key), key, now))

    async def _knock(self, ledger: Ledger, visitor: Visitor, *, with_secret: bool) -> Caller:
        now = self._clock.now()
        user = await _person(ledger, visitor)
        device = await self._known_device(ledger, visitor, user, now)
        if device is not None and user is not None:
            return await _from_known(ledger, visitor, user, device, with_secret=with_secret)
        keys = visitor.buckets
        found = {bucket.key: bucket for bucket in await ledger.failures.load(keys)}
        throttle.require_patience(found, keys, now)
        for key in keys:
            await ledger.failures.save(throttle.failed(found.get(key), key, now))
        return Caller(
            visitor=visitor,
            user=user,
            device=None,
            is_shut=throttle.is_shut(found, keys[0], now),
            attempts_left=throttle.left_at_door(found, keys[0], now),
            at_stake=AtStake.DOOR,
        )

    async def _known_device(self, ledger: Ledger, visitor: Visitor, user: User | None, now: datetime) -> Device | None:
        if visitor.device is None:
            return None
        try:
            device = await find_claimed_device(ledger, visitor.device, device_rules.SIGN_IN, self._origin, now)
        except DeviceSignatureRefused:
            return None
        return device if user is not None and device.user_id == user.id else None


async def _person(ledger: Ledger, visitor: Visitor) -> User | None:
    user = await ledger.people.user_named(visitor.client_identifier, visitor.user_number)
    return None if user is None or user.status in _NOBODY else user


async def _from_known(ledger: Ledger, visitor: Visitor, user: User, device: Device, *, with_secret: bool) -> Caller:
    counters.require_usable_person(user)
    if with_secret:
        user = counters.spend_person(user)
        await ledger.people.save_user(user)
    return Caller(
        visitor=visitor,
        user=user,
        device=device,
        is_shut=False,
        attempts_left=user.attempts_left,
        at_stake=AtStake.ACCESS,
    )
