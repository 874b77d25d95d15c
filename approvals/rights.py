"""Who may start and sign what, in whose place, and up to which ceiling: pure rules over `model.entitlement`.

Days are calendar days in Paris (RULES 18). Whether those who may sign are enough is `approvals.policy`'s to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from approvals.credentials.refusals import SubstituteError, SubstituteLoop, SubstituteTaken
from approvals.model.entitlement import Ceiling, Entitlement, Substitution
from approvals.model.ids import ActionKind, UserId
from approvals.model.money import Money
from approvals.model.policy import Seat

_PARIS: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRights:
    """The entitlements of a company's active people, and every substitution known, by id."""

    entitlements: Mapping[UserId, Entitlement]
    substitutions: Sequence[Substitution]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What an action is about, as rights see it: its kind, the company's account (IBAN) and the money that moves."""

    kind: ActionKind
    account: str | None
    money: Money | None


def business_day(at: datetime) -> date:
    """Return the calendar day in Paris."""
    return at.astimezone(_PARIS).date()


def beginning_of(day: date) -> datetime:
    """Return midnight in Paris at which the day begins."""
    return datetime.combine(day, time.min, _PARIS)


def turns_of(first: date | None, last: date | None) -> tuple[datetime, ...]:
    """Return when rights of this period come and go."""
    return tuple(beginning_of(day) for day in (first, last and last + timedelta(days=1)) if day is not None)


def may_initiate(entitlement: Entitlement | None, matter: Matter, day: date) -> bool:
    """The person may start such an action."""
    return entitlement is not None and matter.kind in entitlement.initiates and _covers(entitlement, matter, day)


def seats(
    rights: CompanyRights, matter: Matter, day: date, signed: Mapping[UserId, Seat] | None = None
) -> dict[UserId, Seat]:
    """Return everybody who may sign this, each in the one group they sign in.

    Nobody signs above their own ceiling. While a substitution runs, the substitute, who could sign this in any case,
    signs in the place of the absent, who is then not asked (RULES 27). What was signed stays as it was signed: once
    the absent has signed there is no place to take, and a substitute who signed for themself has signed.
    """
    own = {
        user_id: Seat(group=entitlement.group)
        for user_id, entitlement in rights.entitlements.items()
        if entitlement.group is not None and _may_sign(entitlement, matter, day)
    }
    seated, signed = dict(own), signed or {}
    for each in rights.substitutions:
        runs = each.first_day <= day <= each.last_day and {each.absent_id, each.substitute_id} <= seated.keys()
        taken = Seat(group=own[each.absent_id].group, in_place_of=each.absent_id) if runs else None
        if taken is not None and each.absent_id not in signed and signed.get(each.substitute_id, taken) == taken:
            seated[each.substitute_id] = taken
            del seated[each.absent_id]
    return seated


def has_signing_power(rights: CompanyRights, user_id: UserId) -> bool:
    """The person signs something."""
    entitlement = rights.entitlements.get(user_id)
    return entitlement is not None and entitlement.group is not None and bool(entitlement.signs)


def day_limit(rights: CompanyRights, matter: Matter, user_id: UserId, seat: Seat) -> int | None:
    """Return how much this person's signatures may release of the account in one day, None for no limit.

    In minor units of the matter's currency. A substitute is held to the lower of two ceilings (RULES 27).
    """
    holders = [rights.entitlements[each] for each in (user_id, seat.in_place_of) if each is not None]
    limits = [each.per_day for holder in holders for each in _ceilings(holder, matter) if each.per_day is not None]
    return min(limits, default=None)


def clash(wanted: Substitution, known: Sequence[Substitution]) -> type[SubstituteError] | None:
    """Return what another substitution of the same days says against this one (RULES 27).

    Nobody stands in for a substitute, nor for two people; nobody has two substitutes.
    """
    if wanted.absent_id == wanted.substitute_id:
        return SubstituteLoop
    for each in known:
        if each.first_day > wanted.last_day or each.last_day < wanted.first_day:
            continue
        if each.absent_id == wanted.substitute_id or each.substitute_id == wanted.absent_id:
            return SubstituteLoop
        if each.absent_id == wanted.absent_id or each.substitute_id == wanted.substitute_id:
            return SubstituteTaken
    return None


def _may_sign(entitlement: Entitlement, matter: Matter, day: date) -> bool:
    return matter.kind in entitlement.signs and _covers(entitlement, matter, day) and _fits(entitlement, matter)


def _covers(entitlement: Entitlement, matter: Matter, day: date) -> bool:
    begun = entitlement.valid_from is None or entitlement.valid_from <= day
    over = entitlement.valid_until is not None and day > entitlement.valid_until
    reaches = matter.account is None or entitlement.accounts is None or matter.account in entitlement.accounts
    return begun and not over and reaches


def _fits(entitlement: Entitlement, matter: Matter) -> bool:
    """Another currency than the ceiling's cannot be held against it, so it does not fit."""
    money = matter.money
    if money is None:
        return True
    return all(
        money.currency == ceiling.currency
        and all(limit is None or money.amount <= limit for limit in (ceiling.per_remittance, ceiling.per_day))
        for ceiling in _ceilings(entitlement, matter)
    )


def _ceilings(entitlement: Entitlement, matter: Matter) -> list[Ceiling]:
    return [each for each in entitlement.ceilings if (each.kind, each.account) == (matter.kind, matter.account)]
