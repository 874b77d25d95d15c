"""One test's own company in the served bank: three people with cards, and the core that opens actions for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Final

from approvals.model.account import Account
from approvals.model.ids import AccountId, ActionId, ActionKind, SubscriptionId, UserId
from approvals.model.json import Json
from approvals.model.person import Language, Subscription
from approvals.model.policy import Means, Policy
from approvals.operations import ADVISER_ACTS, OPERATIONS
from approvals.ports.book import Ledger
from deploy.demo.make_remittance import Batch, french_iban, remittance
from server.clock import SystemClock
from tests.flows.nodes import Bank, Node
from tests.house import ALONE, CODE, Person, entitlement, mine
from tests.log_watch import never_log

_CORE: Final = "ctk_core"
_NUMBERS: Final = count(1)
_NAMES: Final = ("Anne Morvan", "Bruno Keller", "Chloé Diallo", "Daniel Price")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Anne signs in group A, Bruno in B; Chloé prepares and signs nothing. Codes and PIN are those of `tests.house`."""

    bank: Bank
    node: Node
    id: SubscriptionId
    client: str
    name: str
    iban: str
    anne: Person
    bruno: Person
    chloe: Person

    async def hold(
        self, kind: str = "beneficiary", payload: Mapping[str, Json] | None = None, initiator: str = "3"
    ) -> ActionId:
        """The core opens an action in Chloé's name: by default a beneficiary is added."""
        asked = {"client_identifier": self.client, "kind": kind, "initiator": initiator, "payload": payload or _PAYEE}
        return ActionId(str((await self.bank.post(self.node, "/v1/actions", asked, token=_CORE))["id"]))

    async def hold_chequebook(self) -> ActionId:
        payload: dict[str, Json] = {"account": self.iban, "book": "desk", "number": 1, "delivery": "branch"}
        return await self.hold("chequebook", payload)

    async def hold_file(self, orders: int = 5, *, smallest: int = 184_250) -> ActionId:
        """The core posts a payment file of today; `smallest` amount in cents."""
        content = self.file(orders, smallest=smallest)
        headers = {"Authorization": f"Bearer {_CORE}", "Content-Type": "application/xml"}
        named = {"client": self.client, "initiator": "3"}
        url = f"{self.node.origin}/v1/remittances"
        async with self.bank.session.post(url, params=named, data=content, headers=headers) as response:
            said = await response.json()
        assert response.status == 201, said
        return ActionId(said["actions"][0]["id"])

    def file(self, orders: int = 5, *, smallest: int = 184_250) -> bytes:
        """A payment file of today that nobody else has."""
        number = next(_NUMBERS)
        tomorrow = (SystemClock().now() + timedelta(days=1)).date()
        batch = Batch(
            id=f"LOT-{number}",
            orders=orders,
            debtor_name=self.name,
            debtor_iban=self.iban,
            execution_date=tomorrow,
            smallest=smallest,
        )
        return b"".join(remittance(f"REMISE-{number}", [batch]))

    async def status_of(self, action: ActionId) -> str:
        """What the core is told of its action."""
        return await self.bank.status_of(self.node, action)

    async def refuse(self, action: ActionId, signer: Person) -> None:
        """The signer says no, from somewhere else; every window hears of it."""
        challenge = mine(await self.bank.house.sheet(action), signer)
        token = await self._enter(signer)
        await self.bank.post(self.node, f"/v1/challenges/{challenge.id}/refusal", {"reason": "other"}, token=token)

    async def ask_adviser(self, person: Person) -> None:
        """The person asks for an adviser, from somewhere else."""
        await self.bank.post(self.node, "/v1/conversation/adviser", token=await self._enter(person))

    async def sign_out(self, person: Person) -> None:
        """End every login of the person's, from somewhere else."""
        await self.bank.call("DELETE", self.node, "/v1/sessions", token=await self._enter(person))

    async def _enter(self, person: Person) -> str:
        typed = {"client_identifier": self.client, "user_number": person.user.number, "code": CODE}
        return str((await self.bank.post(self.node, "/v1/sessions", typed))["token"])

    async def hire_an_english_reader(self) -> Person:
        """Daniel signs in group A, as Anne does, and reads English."""
        hired = _person(self.bank, self.id, 10 * next(_NUMBERS), "4")
        daniel = replace(hired, user=replace(hired.user, language=Language.EN))
        await self.bank.house.book.transaction(lambda ledger: _employ(ledger, self, daniel, "A"))
        return daniel

    async def let_sign(self, policy: Policy) -> None:
        """Say who must sign, for every kind of action opened from now on."""

        async def work(ledger: Ledger) -> None:
            for kind in OPERATIONS:
                await ledger.policies.put(self.id, kind, None, policy)

        await self.bank.house.book.transaction(work)


_PAYEE: Final[Mapping[str, Json]] = {
    "change": "add",
    "name": "Menuiserie Le Goff",
    "iban": "FR1420041010050500013M02606",
}


async def found_company(bank: Bank, node: Node, adviser: UserId | None = None) -> Company:
    """Write a company nobody else has; one signature of either signer is enough until a test says otherwise."""
    number = next(_NUMBERS)
    client, company = f"5{number:07}", SubscriptionId(f"sub_browser_{number}")
    iban = french_iban(70_000 + number)
    never_log(iban)
    anne, bruno, chloe = (_person(bank, company, 10 * number + n, f"{n}") for n in (1, 2, 3))
    founded = Company(
        bank=bank,
        node=node,
        id=company,
        client=client,
        name="Martin Bâtiment",
        iban=iban,
        anne=anne,
        bruno=bruno,
        chloe=chloe,
    )
    await bank.house.book.transaction(lambda ledger: _write(ledger, founded, adviser))
    await founded.let_sign(ALONE)
    return founded


def _person(bank: Bank, company: SubscriptionId, n: int, number: str) -> Person:
    person = bank.house.newcomer(n, _NAMES[int(number) - 1])
    return replace(person, user=replace(person.user, subscription_id=company, number=number))


async def _write(ledger: Ledger, company: Company, adviser: UserId | None) -> None:
    subscription = Subscription(
        id=company.id,
        client_identifier=company.client,
        name=company.name,
        siren="552100554",
        adviser_id=adviser,
        means=frozenset(Means),
    )
    await ledger.people.add_subscription(subscription)
    account = AccountId(f"acc_{company.id}")
    await ledger.accounts.add(
        Account(id=account, subscription_id=company.id, iban=company.iban, currency="EUR", label="Courant")
    )
    for person, group in ((company.anne, "A"), (company.bruno, "B"), (company.chloe, None)):
        await _employ(ledger, company, person, group)


async def _employ(ledger: Ledger, company: Company, person: Person, group: str | None) -> None:
    await ledger.people.add_user(person.user)
    await ledger.cards.add(person.card)
    if group is not None:
        kinds = [ActionKind(kind) for kind in OPERATIONS.keys() - ADVISER_ACTS.keys()]
        await ledger.rights.put(company.id, entitlement(person, group, kinds))
