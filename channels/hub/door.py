"""How many may come in at once: a token bucket for the node and one for each address (CHANNELS, "Herd").

Asked before the socket exists, so a herd costs an HTTP answer each and no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

from channels.session.bucket import Bucket, Rate

_NODE: Final = Rate(burst=400, per_second=100)
_ADDRESS: Final = Rate(burst=40, per_second=2)  # an office's people share one address
_MOST_ADDRESSES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorRates:
    """How many upgrades the node takes, and how many one address may ask."""

    node: Rate = _NODE
    address: Rate = _ADDRESS


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """Come back later: `status` is 503 when the node is busy, 429 when this address is; `retry_after` in seconds."""

    status: int
    retry_after: int


class Door:
    """Counts the upgrades of one node."""

    def __init__(self, rates: DoorRates, now: datetime) -> None:
        self._rates = rates
        self._node = Bucket.full(rates.node, now)
        self._addresses: dict[str, Bucket] = {}

    @property
    def remembered(self) -> int:
        """How many addresses are kept."""
        return len(self._addresses)

    def enter(self, address: str, now: datetime) -> TurnedAway | None:
        """Take one place; return why there is none. The address pays first: one caller does not empty the house."""
        caller = self._addresses.get(address, Bucket.full(self._rates.address, now)).refilled(now)
        node = self._node.refilled(now)
        caller_after, node_after = caller.taken(), node.taken()
        if caller_after is None:
            return TurnedAway(status=429, retry_after=ceil(caller.seconds_until_one()))
        if node_after is None:
            return TurnedAway(status=503, retry_after=ceil(node.seconds_until_one()))
        self._node = node_after
        self._remember(address, caller_after, now)
        return None

    def _remember(self, address: str, bucket: Bucket, now: datetime) -> None:
        """Keep no more addresses than the last that came: who was forgotten starts with a full bucket."""
        self._addresses.pop(address, None)
        self._addresses[address] = bucket
        for known in list(self._forgettable(now)):
            del self._addresses[known]

    def _forgettable(self, now: datetime) -> Iterator[str]:
        """Yield the oldest address when there are too many, and a few whose bucket is full again."""
        for n, (address, bucket) in enumerate(self._addresses.items()):
            if n >= 2:
                return
            if len(self._addresses) > _MOST_ADDRESSES or bucket.refilled(now).level >= bucket.rate.burst:
                yield address
