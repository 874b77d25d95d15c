"""What a company's people and the bank's core may read of it: people and what they may do, policies, substitutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from approvals.errors import NotFound
from approvals.model.account import Account
from approvals.model.entitlement import Entitlement, Substitution
from approvals.model.ids import SubscriptionId, UserId
from approvals.model.page import Page
from approvals.model.person import Subscription, User, UserStatus
from approvals.ports.book import Book, Ledger
from approvals.ports.company import PolicyRow
from approvals.ports.rights import Use
from approvals.ports.world import Clock
from approvals.rights import business_day


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleQuery:
    """Which of a company's people, by number; every field narrows."""

    status: UserStatus | None = None
    number: str | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """One person, what they may do, and what today took of their ceilings."""

    user: User
    entitlement: Entitlement
    used: Mapping[Use, int]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A substitution and the two people it names."""

    substitution: Substitution
    people: Mapping[UserId, User]


class CompanyDesk:
    """Reads; every change is an action."""

    def __init__(self, *, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def subscription(self, client_identifier: str, reader: SubscriptionId | None) -> Subscription:
        """Return the company; its people (`reader`) find no other. Raises NotFound."""
        found = await self._book.reading(lambda ledger: ledger.people.subscription_named(client_identifier))
        if found is None or reader not in {None, found.id}:
            raise NotFound("no such subscription")
        return found

    async def own(self, company: SubscriptionId) -> Subscription:
        """Return the company of somebody who is signed in. Raises NotFound."""
        found = await self._book.reading(lambda ledger: ledger.people.subscription(company))
        if found is None:
            raise NotFound("no such subscription")
        return found

    async def people(self, company: SubscriptionId, query: PeopleQuery) -> Page[Colleague]:
        """By number. Raises InvalidRequest for a cursor that is none of ours."""
        today = business_day(self._clock.now())

        async def work(ledger: Ledger) -> Page[Colleague]:
            page = await ledger.people.browse(
                company, status=query.status, number=query.number, after=query.after, limit=query.limit
            )
            ids = [user.id for user in page.items]
            entitlements = await ledger.rights.of_users(ids)
            used = await ledger.rights.used_on(today, ids)
            items = [
                Colleague(
                    user=user,
                    entitlement=entitlements.get(user.id, Entitlement(user_id=user.id)),
                    used=used,
                    today=today,
                )
                for user in page.items
            ]
            return Page(items=items, next=page.next)

        return await self._book.reading(work)

    async def accounts(self, company: SubscriptionId) -> Sequence[Account]:
        """The company's own, as its people name them when they ask for something."""
        return await self._book.reading(lambda ledger: ledger.accounts.of_subscription(company))

    async def policies(self, company: SubscriptionId) -> Sequence[PolicyRow]:
        """By kind, then account. Raises PolicyUnreadable."""
        return await self._book.reading(lambda ledger: ledger.policies.of_subscription(company))

    async def substitutions(self, company: SubscriptionId) -> Sequence[StandIn]:
        """By first day, past ones included."""

        async def work(ledger: Ledger) -> Sequence[StandIn]:
            found = await ledger.rights.substitutions(company)
            people = await ledger.people.users(
                sorted({user_id for each in found for user_id in (each.absent_id, each.substitute_id)})
            )
            return [StandIn(substitution=each, people=people) for each in found]

        return await self._book.reading(work)
