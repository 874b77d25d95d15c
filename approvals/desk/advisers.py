"""The bank's own people: the first two, who is there, and the companies each looks after (RULES 26)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from approvals.credentials import activation as letter
from approvals.credentials.adviser import Right, has_right, require_in_portfolio
from approvals.credentials.adviser_refusals import AdvisersExist
from approvals.credentials.counters import PERSON_ATTEMPTS
from approvals.desk.tokens import digest_of
from approvals.errors import InvalidRequest
from approvals.model.adviser import HOUSE_CLIENT, Adviser, Colleague, Role
from approvals.model.audit import AuditEntry
from approvals.model.ids import SubscriptionId, UserId
from approvals.model.page import Page
from approvals.model.person import Language, Subscription, SubscriptionKind, User, UserStatus
from approvals.model.policy import Means
from approvals.operations import ADVISER_ACTS
from approvals.ports.advisers import PortfolioFilter
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """One of the first two advisers; `secret` is delivered to them alone, and kept as a digest."""

    number: str
    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFile:
    """A company as its adviser sees it."""

    company: Subscription
    people: Sequence[User]


class AdviserDesk:
    """Makes the first two advisers, shows the others, and each one's portfolio."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids

    async def bootstrap(self, first: Founder, second: Founder, *, house_name: str) -> None:
        """Found the house: its subscription, who approves which act, and two supervisors who wait for each other.

        Works once. Raises AdvisersExist, InvalidRequest for one number twice.
        """
        if first.number == second.number:
            raise InvalidRequest("the two advisers have two numbers", field="number")

        async def work(ledger: Ledger) -> None:
            if await ledger.advisers.all() or await ledger.people.subscription_named(HOUSE_CLIENT) is not None:
                raise AdvisersExist("the first two advisers were made already: two of them take in a further one")
            now = self._clock.now()
            house = _house(SubscriptionId(self._ids.make("sub")), house_name)
            await ledger.people.add_subscription(house)
            for kind, act in ADVISER_ACTS.items():
                await ledger.policies.put(house.id, kind, None, act.policy)
            founders = [await self._enter(ledger, house, founder, now) for founder in (first, second)]
            value = {"advisers": [user.id for user in founders]}
            await ledger.audit.append([AuditEntry(code="house_founded", actor="operator", at=now, value=value)])

        await self._book.transaction(work)

    async def colleagues(self) -> Sequence[Colleague]:
        """Everybody of the bank, those who left included, by number."""
        return await self._book.reading(lambda ledger: ledger.advisers.all())

    async def portfolio(
        self, adviser: Adviser, wanted: PortfolioFilter, after: str | None, limit: int
    ) -> Page[Subscription]:
        """The companies wanted of those this adviser may see, by client identifier; of a colleague's they see none."""
        if not has_right(adviser.role, Right.EVERYWHERE):
            if wanted.adviser_id not in {None, adviser.user_id}:
                return Page(items=[], next=None)
            wanted = replace(wanted, adviser_id=adviser.user_id)
        return await self._book.reading(lambda ledger: ledger.advisers.portfolio(wanted, after, limit))

    async def company(self, adviser: Adviser, client_identifier: str) -> CompanyFile:
        """Return one company of the portfolio. Raises OutsidePortfolio, for one that does not exist too."""

        async def work(ledger: Ledger) -> CompanyFile:
            found = await ledger.people.subscription_named(client_identifier)
            company = require_in_portfolio(adviser, found)
            return CompanyFile(company=company, people=await ledger.people.of_subscription(company.id))

        return await self._book.reading(work)

    async def _enter(self, ledger: Ledger, house: Subscription, founder: Founder, now: datetime) -> User:
        user = User(
            id=UserId(self._ids.make("usr")),
            subscription_id=house.id,
            number=founder.number,
            name=founder.name,
            language=Language.FR,
            status=UserStatus.INVITED,
            code_hash=None,
            attempts_left=PERSON_ATTEMPTS,
        )
        adviser = Adviser(user_id=user.id, role=Role.SUPERVISOR)
        await ledger.advisers.enter(Colleague(user=user, adviser=adviser))
        await ledger.activations.order(user.id, now)
        ordered = await ledger.activations.load(user.id)
        await ledger.activations.save(letter.print_letter(ordered, digest_of(letter.read(founder.secret)), now))
        return user


def _house(house_id: SubscriptionId, name: str) -> Subscription:
    return Subscription(
        id=house_id,
        client_identifier=HOUSE_CLIENT,
        name=name,
        siren="",
        kind=SubscriptionKind.HOUSE,
        has_sol=False,
        means=frozenset({Means.TOTP}),
    )
