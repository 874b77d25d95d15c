"""What an act of an adviser needs at opening: the role, the portfolio, and who and what it names, found (RULES 26).

It runs inside the opening's transaction, so the facts approved are those of that moment. What the act changes later is
the operation's; whether it still can is the store's to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from approvals.credentials.adviser import Right, has_right, require_in_portfolio, require_right
from approvals.credentials.adviser_refusals import AdviserNumberTaken, AdvisersOnly, OutsidePortfolio, TooFewAdvisers
from approvals.desk.entitlements import Question
from approvals.errors import InvalidRequest
from approvals.model.adviser import HOUSE_CLIENT, Adviser, Colleague
from approvals.model.json import Facts
from approvals.model.person import Subscription, User, UserStatus
from approvals.operations.adviser_act import Act, Lookup
from approvals.ports.book import Ledger

_FEWEST: int = 2
"""Advisers who can sign: one asks, another approves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An act as asked for, by whom."""

    by: Colleague
    act: Act
    question: Question

    def named(self, field: str) -> str:
        return str(self.question.facts[field])


async def complete_act(ledger: Ledger, act: Act, question: Question) -> Facts:
    """Return the facts with what they name.

    Raises AdvisersOnly, RoleInsufficient, OutsidePortfolio, AdviserNumberTaken, TooFewAdvisers, InvalidRequest.
    """
    user = await ledger.people.user(question.by) if question.by else None
    adviser = await ledger.advisers.load(user.id) if user else None
    if user is None or adviser is None:
        raise AdvisersOnly("a signed-in adviser asks for this, nobody else")
    require_right(adviser, act.right)
    asked = _Asked(by=Colleague(user=user, adviser=adviser), act=act, question=question)
    facts = question.facts
    for lookup in act.looks_up:
        facts = {**facts, **await _found(ledger, asked, lookup)}
    return facts


async def _found(ledger: Ledger, asked: _Asked, lookup: Lookup) -> Facts:
    match lookup:
        case Lookup.COMPANY:
            company = await _company(ledger, asked)
            return {"company": company.id, "company_name": company.name}
        case Lookup.FREE_CLIENT:
            return await _free_client(ledger, asked)
        case Lookup.PERSON:
            person = await _person(ledger, asked)
            return {"person": person.id, "person_name": person.name}
        case Lookup.FREE_NUMBER:
            return await _free_number(ledger, asked)
        case Lookup.ADVISER:
            adviser = await _adviser(ledger, asked, "adviser")
            return {"adviser_id": adviser.user.id, "adviser_name": adviser.user.name}
        case Lookup.FREE_ADVISER:
            return await _free_adviser(ledger, asked)
        case Lookup.SUCCESSOR:
            return await _successor(ledger, asked)
        case _:
            assert_never(lookup)


async def _free_client(ledger: Ledger, asked: _Asked) -> Facts:
    if await ledger.people.subscription_named(asked.named("client")) is not None:
        raise InvalidRequest("client: this client identifier is taken", field="client")
    by = asked.by.user
    return {"company": asked.question.ids.make("sub"), "adviser": by.number, "adviser_id": by.id}


async def _free_number(ledger: Ledger, asked: _Asked) -> Facts:
    if await ledger.people.user_named(asked.named("client"), asked.named("user")) is not None:
        raise InvalidRequest("user: another person of the company has this number", field="user")
    return {"person": asked.question.ids.make("usr")}


async def _free_adviser(ledger: Ledger, asked: _Asked) -> Facts:
    if asked.named("adviser") in await _numbers(ledger):
        raise AdviserNumberTaken("another adviser has this number")
    return {"adviser_id": asked.question.ids.make("usr")}


async def _company(ledger: Ledger, asked: _Asked) -> Subscription:
    """Return the company in the portfolio; the house itself for who may change its people. Raises OutsidePortfolio."""
    company = await ledger.people.subscription_named(asked.named("client"))
    if company is not None and company.client_identifier == HOUSE_CLIENT and asked.act.serves_house:
        require_right(asked.by.adviser, Right.STAFF)
        return company
    return require_in_portfolio(asked.by.adviser, company)


async def _person(ledger: Ledger, asked: _Asked) -> User:
    person = await ledger.people.user_named(asked.named("client"), asked.named("user"))
    if person is None or person.status is UserStatus.LEFT:
        raise OutsidePortfolio("no such person in this company")
    return person


async def _adviser(ledger: Ledger, asked: _Asked, field: str) -> Colleague:
    """Return the colleague whose number it is, who has not left. Raises InvalidRequest."""
    found = (await _numbers(ledger)).get(asked.named(field))
    if found is None or found.user.status is UserStatus.LEFT:
        raise InvalidRequest(f"{field}: no adviser has this number", field=field)
    return found


async def _successor(ledger: Ledger, asked: _Asked) -> Facts:
    """Who takes the portfolio over from one who leaves. Raises InvalidRequest, TooFewAdvisers."""
    leaving, successor = await _adviser(ledger, asked, "adviser"), await _adviser(ledger, asked, "successor")
    if leaving.user.id == successor.user.id or not has_right(successor.adviser.role, Right.SERVE):
        raise InvalidRequest("successor: another adviser takes the portfolio over", field="successor")
    staying = [each for each in (await _numbers(ledger)).values() if each.user.id != leaving.user.id]
    if sum(_can_sign(each.user, each.adviser) for each in staying) < _FEWEST:
        raise TooFewAdvisers("two advisers who can sign must stay")
    return {"successor_id": successor.user.id, "successor_name": successor.user.name}


def _can_sign(user: User, adviser: Adviser) -> bool:
    return user.status is UserStatus.ACTIVE and has_right(adviser.role, Right.SIGN)


async def _numbers(ledger: Ledger) -> Mapping[str, Colleague]:
    return {colleague.user.number: colleague for colleague in await ledger.advisers.all()}
