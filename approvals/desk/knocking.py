"""The knock: what somebody who wants in risks before anything is checked, and what is noted when they are refused.

Who shows neither a known device nor a code risks only the door of the identity they claim and their own buckets, never
a card; every refusal looks and costs the same, whoever exists (RULES 7 to 10, RTS 2018/389 art. 4(3)).
"""

from dataclasses import dataclass
from datetime import datetime

from approvals.credentials import counters, throttle
from approvals.credentials import device as device_rules
from approvals.desk import throttling
from approvals.desk.devices import DeviceClaim, find_claimed_device
from approvals.errors import DeviceSignatureRefused
from approvals.model.adviser import HOUSE_CLIENT
from approvals.model.audit import AuditEntry, Retention
from approvals.model.device import Device
from approvals.model.person import User, UserStatus
from approvals.model.throttle import AtStake, FailureBucket
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock


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

    def __init__(self, *, book: Book, clock: Clock, origin: str) -> None:
        """`origin` is what devices sign for."""
        self._book = book
        self._clock = clock
        self._origin = origin

    async def knock(self, visitor: Visitor) -> Caller:
        """Spend what this caller risks; from a known device that is spent with each factor, not here.

        Raises TooManyFailures; from a known device PersonLocked.
        """
        return await self._book.transaction(lambda ledger: self._knock(ledger, visitor))

    async def refuse(self, caller: Caller, code: str, reason: str) -> None:
        """Note why, for the audit alone; `code` is its word."""
        actor = f"user:{caller.user.id}" if caller.user else "unknown"
        value = {"reason": reason, "door": caller.visitor.buckets[0]}
        now = self._clock.now()
        entry = AuditEntry(code=code, actor=actor, at=now, value=value, retention=Retention.ADDRESS)
        await self._book.transaction(lambda ledger: ledger.audit.append([entry]))

    async def forgive(self, ledger: Ledger, caller: Caller, now: datetime) -> None:
        """The caller was right: the door opens wide again, and what this knock cost is given back."""
        buckets = caller.visitor.buckets
        door, *others = buckets
        await ledger.failures.save(FailureBucket(key=door, level=0, at=now))
        if caller.device is None:
            await throttling.give_back(ledger, others, now)

    async def _knock(self, ledger: Ledger, visitor: Visitor) -> Caller:
        now = self._clock.now()
        user = await _person(ledger, visitor)
        device = await self._known_device(ledger, visitor, user, now)
        if device is not None and user is not None:
            return _from_known(visitor, user, device)
        keys = visitor.buckets
        found = await throttling.spend(ledger, keys, now)
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
    """Return the person claimed: who has left is nobody, and so is an adviser, who has a door of their own."""
    user = await ledger.people.user_named(visitor.client_identifier, visitor.user_number)
    is_nobody = user is None or user.status is UserStatus.LEFT or visitor.client_identifier == HOUSE_CLIENT
    return None if is_nobody else user


def _from_known(visitor: Visitor, user: User, device: Device) -> Caller:
    counters.require_usable_person(user)
    return Caller(
        visitor=visitor,
        user=user,
        device=device,
        is_shut=False,
        attempts_left=user.attempts_left,
        at_stake=AtStake.ACCESS,
    )
