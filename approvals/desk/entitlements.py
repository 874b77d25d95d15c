"""What an entitlement or a substitution asked for means here: read in the opening transaction, and frozen as facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from approvals import rights as rules
from approvals.credentials.refusals import (
    AccountNotHeld,
    PeriodReversed,
    PersonNotHere,
    SubstitutePowerless,
    UserNumberTaken,
)
from approvals.errors import NotFound
from approvals.model.entitlement import Entitlement, Substitution
from approvals.model.ids import SubstitutionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Subscription, User, UserStatus
from approvals.operations.entitlement import RIGHTS, rights_of
from approvals.ports.book import Ledger
from approvals.ports.world import Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an operation asked for, of which company, when; `by` is the signed-in person who asks, None for a key."""

    subscription: Subscription
    facts: Facts
    ids: Ids
    now: datetime
    by: UserId | None

    @property
    def today(self) -> date:
        return rules.business_day(self.now)


async def complete_entitlement(ledger: Ledger, question: Question) -> Facts:
    """Add whose it is and what it was before.

    Raises PersonNotHere, UserNumberTaken, AccountNotHeld, PeriodReversed.
    """
    facts, number = question.facts, str(question.facts["number"])
    user = await ledger.people.user_named(question.subscription.client_identifier, number)
    if facts["change"] == "invite":
        if user is not None:
            raise UserNumberTaken("user: another user of the company has this number", field="user")
        whose: Facts = {"user": question.ids.make("usr")}
        before = Entitlement(user_id=UserId(str(whose["user"])))
    else:
        user = _require_here(user, "user")
        whose, before = {"user": user.id, "name": user.name}, await ledger.rights.of_user(user.id)
    after = await _asked(ledger, question)
    was = rights_of(before)
    pairs: Facts = {name: {"before": was[name], "after": after[name]} for name in RIGHTS}
    return {**facts, **whose, "base": before.version, **pairs}


async def complete_substitution(ledger: Ledger, question: Question) -> Facts:
    """Add who they are, and see that the one may stand in for the other (RULES 27).

    Raises NotFound, PersonNotHere, PeriodReversed, SubstitutePowerless, SubstituteLoop, SubstituteTaken.
    """
    known = await ledger.rights.substitutions(question.subscription.id)
    if question.facts["change"] == "end":
        return await _ending(ledger, question, known)
    absent, substitute = [await _person(ledger, question, role) for role in ("absent", "substitute")]
    facts = _named(question, absent, substitute)
    rights = await ledger.rights.of_subscription(question.subscription.id)
    named = Substitution(
        id=SubstitutionId(str(facts["substitution"])),
        subscription_id=question.subscription.id,
        absent_id=absent.id,
        substitute_id=substitute.id,
        first_day=date.fromisoformat(str(facts["from"])),
        last_day=date.fromisoformat(str(facts["until"])),
    )
    if named.first_day < question.today:
        raise PeriodReversed("from: the first day is past", field="from")
    if not all(rules.has_signing_power(rights, user.id) for user in (absent, substitute)):
        raise SubstitutePowerless("both the absent and the substitute need a signing power")
    refused = rules.clash(named, known)
    if refused is not None:
        raise refused("another substitution of these days is in the way")
    return facts


async def _asked(ledger: Ledger, question: Question) -> Mapping[str, Json]:
    """Return the rights as they are to be; the accounts are the company's, a ceiling in the account's currency."""
    facts = question.facts
    if facts["change"] == "leave":
        return rights_of(Entitlement(user_id=UserId("")))
    held = {each.iban: each.currency for each in await ledger.accounts.of_subscription(question.subscription.id)}
    accounts = cast("Sequence[str] | None", facts["accounts"])
    ceilings = cast("Sequence[Mapping[str, Json]]", facts["ceilings"])
    if not {*(accounts or ()), *(str(each["account"]) for each in ceilings)} <= held.keys():
        raise AccountNotHeld("accounts: an account is not one of the company's", field="accounts")
    _require_period(facts, question.today)
    return {
        **facts,
        "accounts": "all" if accounts is None else accounts,
        "ceilings": [{**each, "currency": held[str(each["account"])]} for each in ceilings],
    }


def _require_period(facts: Facts, today: date) -> None:
    first, last = facts["from"], facts["until"]
    if last is not None and str(last) < max(str(first or ""), today.isoformat()):
        raise PeriodReversed("until: the last day is past, or comes before the first", field="until")


async def _person(ledger: Ledger, question: Question, role: str) -> User:
    number = str(question.facts[role])
    return _require_here(await ledger.people.user_named(question.subscription.client_identifier, number), role)


def _require_here(user: User | None, field: str) -> User:
    if user is None or user.status is UserStatus.LEFT:
        raise PersonNotHere(f"{field}: no such user number in this subscription", field=field)
    return user


def _named(question: Question, absent: User, substitute: User) -> Facts:
    return {
        **question.facts,
        "substitution": question.ids.make("sbt"),
        "absent_id": absent.id,
        "absent_name": absent.name,
        "substitute_id": substitute.id,
        "substitute_name": substitute.name,
    }


async def _ending(ledger: Ledger, question: Question, known: Sequence[Substitution]) -> Facts:
    found = next((each for each in known if each.id == question.facts["substitution"]), None)
    if found is None:
        raise NotFound("no such substitution")
    people = await ledger.people.users([found.absent_id, found.substitute_id])
    absent, substitute = people[found.absent_id], people[found.substitute_id]
    return {
        **_named(question, absent, substitute),
        "substitution": found.id,
        "absent": absent.number,
        "substitute": substitute.number,
        "from": found.first_day.isoformat(),
        "until": found.last_day.isoformat(),
    }
