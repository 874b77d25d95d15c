"""Who knocks at the advisers' door: counted before anything is checked, whoever exists (RULES 9).

The number claimed, the caller's address and the whole house take each failure; a right entry takes its own back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from approvals.credentials import throttle
from approvals.model.adviser import HOUSE_CLIENT, Adviser, Colleague
from approvals.model.ids import UserId
from approvals.model.throttle import FailureBucket
from approvals.ports.book import Ledger

NOBODY: Final = UserId("nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """An adviser's number as claimed, from an address; `colleague` is None where nobody has it.

    `attempts_left` is what a refusal may tell: the same for a number that exists and one that does not.
    """

    number: str
    address: str
    colleague: Colleague | None
    attempts_left: int

    @property
    def buckets(self) -> tuple[str, str, str]:
        return _keys(self.number, self.address)


async def knock(ledger: Ledger, number: str, address: str, now: datetime) -> Knock:
    """Count a failure in advance, and look who it may be. Raises TooManyFailures."""
    keys = _keys(number, address)
    found = {bucket.key: bucket for bucket in await ledger.failures.load(keys)}
    throttle.require_patience(found, keys, now)
    for key in keys:
        await ledger.failures.save(throttle.failed(found.get(key), key, now))
    left = throttle.ADVISER_DOOR.capacity - throttle.level(found.get(keys[0]), throttle.ADVISER_DOOR, now)
    return Knock(
        number=number,
        address=address,
        colleague=await _find(ledger, number),
        attempts_left=max(int(left) - 1, 0),
    )


async def forgive(ledger: Ledger, visitor: Knock, now: datetime) -> None:
    """The caller was right: the number's door opens wide, and what this knock cost elsewhere is given back."""
    found = {bucket.key: bucket for bucket in await ledger.failures.load(visitor.buckets)}
    door, *others = visitor.buckets
    await ledger.failures.save(FailureBucket(key=door, level=0, at=now))
    for key in others:
        await ledger.failures.save(throttle.forgiven(found.get(key), key, now))


async def _find(ledger: Ledger, number: str) -> Colleague | None:
    """Ask the same questions for a number nobody has: they cost the same time."""
    user = await ledger.people.user_named(HOUSE_CLIENT, number)
    adviser: Adviser | None = await ledger.advisers.load(user.id if user else NOBODY)
    return Colleague(user=user, adviser=adviser) if user and adviser else None


def _keys(number: str, address: str) -> tuple[str, str, str]:
    return throttle.adviser_door_key(number), throttle.address_key(address), throttle.HOUSE_KEY
