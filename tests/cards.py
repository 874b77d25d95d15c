"""Cards on their way to people: ordered, made with a real chip, sent; and the two advisers who order them."""

from dataclasses import dataclass, replace
from datetime import date

from approvals.cap.profile import CapProfile
from approvals.credentials.card_order import Holder
from approvals.desk.cards.making import CardReport, MadeCard
from approvals.desk.cards.tariff import TariffDesk
from approvals.desk.presence import Presence
from approvals.model.adviser import HOUSE_CLIENT
from approvals.model.card import Card, CardKind
from approvals.model.card_order import CardOrder, Delivery, OrderReason
from approvals.model.change import CardOrdered
from approvals.model.fee import Fee
from approvals.model.ids import CardId, ProfileId
from approvals.model.json import Json
from approvals.model.money import Money
from approvals.model.pan import is_pan
from approvals.model.proof import Answer, CapProof
from approvals.model.sheet import ActionSheet
from deploy.demo.card import personalise
from tests.house import CLIENT, CORE, PIN, House, Person
from tests.joined_desks import ISSUER_KEY
from tests.log_watch import never_log
from tests.staff import Banker, Staff

EXPIRES = date(2029, 11, 30)


def holder_of(person: Person) -> Holder:
    return Holder(client_identifier=CLIENT, user_number=person.user.number)


def pan_of(profile: CapProfile, n: int) -> str:
    """The n-th card number of a profile; it carries its own check digit."""
    stem = f"{profile.bins[0]:0<12}{n:03}"
    pan = next(stem + str(digit) for digit in range(10) if is_pan(stem + str(digit)))
    never_log(pan)
    return pan


def profile_of(house: House, kind: CardKind) -> CapProfile:
    """A professional bank card is of another profile than a Sécur@ccès card."""
    return house.profiles[ProfileId("visa-dpa-fr")] if kind is CardKind.PROFESSIONAL else house.profile


def made_card(house: House, kind: CardKind = CardKind.SECUR_ACCES, n: int = 7) -> MadeCard:
    """What the manufacturer reports of the n-th card."""
    profile = profile_of(house, kind)
    return MadeCard(
        profile_id=profile.id,
        issuer_key_id="test",
        issuer_key_version=1,
        pan=pan_of(profile, n),
        psn="00",
        expires_on=EXPIRES,
    )


async def order_card(
    house: House,
    person: Person,
    card_id: str = "crd_new",
    *,
    replaces: CardId | None = None,
    reason: OrderReason = OrderReason.EXPIRING,
    kind: CardKind = CardKind.SECUR_ACCES,
) -> CardId:
    """Order a card for a person as an approved action does."""
    change = CardOrdered(
        card_id=CardId(card_id),
        user_id=person.user.id,
        client_identifier=CLIENT,
        user_number=person.user.number,
        kind=kind,
        delivery=Delivery.HOME,
        reason=reason,
        replaces=replaces,
    )
    applied = await house.book.transaction(lambda ledger: ledger.changes.apply(change, house.clock.now()))
    assert applied.refusal is None
    return change.card_id


async def produce(house: House, person: Person, card_id: CardId) -> Person:
    """The manufacturer makes the card and says so; return the person with the new chip in hand."""
    kind = (await read_order(house, card_id)).kind
    made, profile = made_card(house, kind), profile_of(house, kind)
    await house.cards.making.made(CORE, card_id, holder_of(person), made)
    path = house.folder / f"{card_id}.json"
    chip = personalise(path, issuer_key=ISSUER_KEY, pan=made.pan, psn=made.psn, profile=profile, pin=PIN)
    return replace(person, card=await read_card(house, card_id), chip=chip)


async def send(house: House, person: Person) -> None:
    """The manufacturer says that it sent the person's card."""
    await house.cards.making.report(CORE, person.card.id, holder_of(person), CardReport.SENT)


async def hand_over(house: House, person: Person, *, replaces: CardId | None = None) -> Person:
    """Order, make and send a card; return the person with it in hand, not yet activated.

    It replaces a card of theirs, or is a professional bank card beside it.
    """
    kind = CardKind.PROFESSIONAL if replaces is None else CardKind.SECUR_ACCES
    new = await produce(house, person, await order_card(house, person, replaces=replaces, kind=kind))
    await send(house, new)
    return new


async def read_card(house: House, card_id: CardId) -> Card:
    card = await house.book.reading(lambda ledger: ledger.cards.load(card_id))
    assert card is not None
    return card


async def read_order(house: House, card_id: CardId) -> CardOrder:
    order = await house.book.reading(lambda ledger: ledger.card_orders.load(card_id))
    assert order is not None
    return order


def of_card(proof: CapProof, name: str) -> CapProof:
    """Say which card the code is of."""
    return replace(proof, card=name)


# --- advisers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bench:
    """Denise, who asks, and Farid, who approves: two supervisors of the bank, each signed in."""

    staff: Staff
    denise: Banker
    farid: Banker
    of_denise: Presence
    of_farid: Presence

    async def ask(self, kind: str, payload: dict[str, Json]) -> ActionSheet:
        return await self.staff.ask(self.of_denise, kind, payload)

    async def approve(self, sheet: ActionSheet) -> ActionSheet:
        """Farid countersigns; return the action as it is then."""
        answered = await self.staff.approve(self.farid, self.of_farid, sheet)
        assert answered.answer is Answer.ACCEPTED
        return await self.staff.house.sheet(sheet.id)

    async def take_in(self, number: str) -> tuple[Banker, Presence]:
        """A further adviser, whose portfolio is empty."""
        payload: dict[str, Json] = {"adviser": number, "name": "Inès Roy", "language": "fr", "role": "adviser"}
        sheet = await self.ask("adviser_addition", payload)
        for banker, presence in ((self.farid, self.of_farid), (self.denise, self.of_denise)):
            await self.staff.approve(banker, presence, sheet)
        book = self.staff.house.book
        user = await book.reading(lambda ledger: ledger.people.user_named(HOUSE_CLIENT, number))
        assert user is not None
        letter = await self.staff.letters.print("api_key:printer", user.id)
        banker = await self.staff.activate(number, letter.secret)
        return banker, await self.staff.enter(banker)


async def found_bench(house: House) -> Bench:
    staff = Staff(house)
    denise, farid = await staff.found()
    return Bench(staff, denise, farid, await staff.enter(denise), await staff.enter(farid))


async def set_fees(house: House) -> None:
    """Every reason has its fee; a stolen card's is waived."""
    for reason in OrderReason:
        amount = 0 if reason is OrderReason.STOLEN else 1500
        price = Money(amount=amount, currency="EUR")
        fee = Fee(reason=reason, kind=CardKind.SECUR_ACCES, price=price, valid_from=date(2026, 1, 1))
        await TariffDesk(book=house.book, clock=house.clock).put(fee)
