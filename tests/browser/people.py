"""People at a browser window: they come in through the screens, or past them where a test is about something else."""

from dataclasses import dataclass, replace

from playwright.async_api import Page, Response

from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.credentials.counters import PERSON_ATTEMPTS
from approvals.credentials.totp import SEED_KIND, SEED_SIZE, code_at, step_at
from approvals.model.adviser import HOUSE_CLIENT, Adviser, Colleague, Role
from approvals.model.ids import ActionKind, UserId
from approvals.model.person import Language, User, UserStatus
from approvals.ports.book import Ledger
from approvals.ports.vault import SealedSecret
from server.clock import SystemClock
from tests.browser.company import Company
from tests.flows.nodes import Bank
from tests.house import CODE, Person, entitlement
from tests.log_watch import never_log

PASSWORD = "navire 7 marine calme"  # noqa: S105  # of the tests alone


@dataclass(frozen=True, slots=True)
class Signer:
    """One of a company's people, with their code and card."""

    company: Company
    person: Person

    async def type_identity(self, page: Page) -> None:
        """Fill in who one is, on the sign-in screen."""
        await page.locator("input[name=client_identifier]").fill(self.company.client)
        await page.locator("input[name=user_number]").fill(self.person.user.number)

    async def sign_in(self, page: Page) -> None:
        """Come in by the screens with the confidential code alone."""
        await page.goto("/app")
        await self.type_identity(page)
        await page.locator("input[name=code]").fill(CODE)
        await page.locator("form button.main").click()

    async def come_in(self, page: Page, *, with_card: bool = False) -> None:
        """Come in past the screens: the context has the login's cookie, and the app opens signed in."""
        form = {"client_identifier": self.company.client, "user_number": self.person.user.number, "code": CODE}
        if with_card:
            form["cap"] = self.person.code_key().code
        await _come_in(page, "app", "/v1/sessions", form)


@dataclass(frozen=True, slots=True)
class Banker:
    """An adviser with password and authenticator; their codes are of the server's own time, each good once."""

    user: User
    seed: bytes

    def code(self, *, steps: int = 0) -> str:
        """What the authenticator shows now; a neighbour in time where a test needs a second code within 30 seconds."""
        return code_at(self.seed, step_at(SystemClock().now()) + steps)

    async def come_in(self, page: Page) -> None:
        """Come in past the screens, spending the code of this step: the next one signs (`steps=1`).

        The one before would be two steps old, and refused, when a step ends meanwhile.
        """
        form = {"number": self.user.number, "password": PASSWORD, "totp": self.code()}
        await _come_in(page, "desk", "/v1/advisers/sessions", form)


async def make_banker(bank: Bank, number: str, name: str, role: Role = Role.SUPERVISOR) -> Banker:
    """Write one more adviser of the bank's, past first entry; the house's own subscription is there already."""
    house = await bank.house.book.reading(lambda ledger: ledger.people.subscription_named(HOUSE_CLIENT))
    assert house is not None
    user = User(
        id=UserId(f"usr_banker_{number}"),
        subscription_id=house.id,
        number=number,
        name=name,
        language=Language.FR,
        status=UserStatus.INVITED,
        code_hash=None,
        attempts_left=PERSON_ATTEMPTS,
    )
    seed = user.id.encode().ljust(SEED_SIZE, b".")[:SEED_SIZE]
    never_log(PASSWORD)
    password_hash = await _hash(PASSWORD)
    adviser = Adviser(user_id=user.id, role=role)
    sealed = SealedSecret(
        kind=SEED_KIND,
        id=user.id,
        version=1,
        sealed=bank.house.keyring.seal(SEED_KIND, user.id, 1, seed),
        created_at=bank.house.clock.now(),
    )

    async def work(ledger: Ledger) -> None:
        await ledger.advisers.enter(Colleague(user=user, adviser=adviser))
        await ledger.secrets.put(sealed)
        await ledger.advisers.save(replace(adviser, password_hash=password_hash, seed_version=1))
        current = await ledger.people.user(user.id)
        assert current is not None
        await ledger.people.save_user(replace(current, status=UserStatus.ACTIVE))

    await bank.house.book.transaction(work)
    return Banker(user, seed)


async def _hash(password: str) -> str:
    hasher = ConfidentialCodes()
    try:
        return await hasher.hash(password)
    finally:
        hasher.close()


async def _come_in(page: Page, client: str, path: str, form: dict[str, str]) -> None:
    """Post the form as a page of the house would, in the page's own context."""
    await page.goto(f"/{client}")
    origin = page.url.removesuffix(f"/{client}")
    headers = {"Contreseing-Client": client, "Origin": origin}
    answered = await page.context.request.post(f"{origin}{path}", data=form, headers=headers)
    assert answered.status in {200, 201}, await answered.text()
    reloaded: Response | None = await page.goto(f"/{client}")
    assert reloaded is not None


async def let_chloe_sign(company: Company, kind: str) -> Signer:
    """She signs what Anne, who asks, and Bruno, whom it is about, may not."""
    rights = entitlement(company.chloe, "A", [ActionKind(kind)])

    async def work(ledger: Ledger) -> None:
        await ledger.rights.put(company.id, rights)

    await company.bank.house.book.transaction(work)
    return Signer(company, company.chloe)
