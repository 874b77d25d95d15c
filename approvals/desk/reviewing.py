"""Looking through pending actions when rights change: who is asked now, and who no longer is (RULES 3).

What follows for the action is `Settling`'s, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from approvals import policy as rules
from approvals.desk.asking import seats_of, signed_in
from approvals.desk.opening import Opening
from approvals.machine import SeatGiven, SeatLost, step
from approvals.model.action import Action
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.change import (
    AdviserRemoved,
    Change,
    EntitlementPut,
    SubstitutionEnded,
    SubstitutionNamed,
    UserLeft,
)
from approvals.operations import OPERATIONS
from approvals.policy import Signer
from approvals.ports.book import Ledger
from approvals.ports.rights import Review
from approvals.rights import CompanyRights, turns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An action's challenges as rights would have them: those it had, moved, and new ones, waiting."""

    challenges: tuple[Challenge, ...]
    added: tuple[Challenge, ...]


def moments_of(change: Change, now: datetime) -> tuple[datetime, ...]:
    """Return when a change moves rights: now, and on the days it names."""
    match change:
        case EntitlementPut(entitlement=entitlement):
            coming = turns_of(entitlement.valid_from, entitlement.valid_until)
        case SubstitutionNamed(substitution=substitution):
            coming = turns_of(substitution.first_day, substitution.last_day)
        case UserLeft() | SubstitutionEnded() | AdviserRemoved():
            coming = ()
        case _:
            return ()
    return (now, *(moment for moment in coming if moment > now))


def reviews_after(action: Action, now: datetime) -> list[Review]:
    """Return the reviews an action that went brings: at once and on the days its changes name."""
    moments = [
        moment
        for change in OPERATIONS[action.kind].changes(action.facts, action.subscription_id)
        for moment in moments_of(change, now)
    ]
    return [Review(subscription_id=action.subscription_id, due_at=moment) for moment in moments]


class Reviewing:
    """Gives and takes seats."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    async def revise(
        self, ledger: Ledger, rights: CompanyRights, action: Action, before: Sequence[Challenge], now: datetime
    ) -> Revision:
        """Work out what changes; nothing is written yet. A seat lost and given again is a new challenge."""
        seats = seats_of(rights, action, now, signed_in(before))
        wanted = rules.wanted(action.policy, seats, action.initiator)
        moved = [
            step(each, SeatGiven(wanted[each.user_id]) if each.user_id in wanted else SeatLost(), now).challenge
            for each in before
        ]
        asked = {each.user_id for each in before if each.status is not ChallengeStatus.CLOSED}
        means = await self._opening.usable(ledger, action.policy, wanted.keys() - asked, now)
        added = [
            self._opening.ask(action, Signer(user_id=user_id, seat=wanted[user_id], is_first=False), means[user_id])
            for user_id in sorted(means)
        ]
        return Revision(challenges=tuple(moved), added=tuple(added))
