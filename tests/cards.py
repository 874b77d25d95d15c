"""Cards on their way to people: ordered, made with a real chip, sent; and the two advisers who order them."""

from dataclasses import dataclass, replace
from datetime import date

from approvals.cap.profile import CapProfile
from approvals.credentials.card_order import Holder
from approvals.credentials.login import LONGEST
from approvals.desk.actions import OpeningRequest
from approvals.desk.cards.making import CardReport, MadeCard
from approvals.desk.cards.tariff import TariffDesk
from approvals.desk.opening import Asked
from approvals.desk.presence import Presence
from approvals.model.card import Card, CardKind
from approvals.model.card_order import CardOrder, Delivery, OrderReason
from approvals.model.change import CardOrdered
from approvals.model.fee import Fee
from approvals.model.ids import ActionKind, CardId, ProfileId, SubscriptionId
from approvals.model.money import Money
from approvals.model.pan import is_pan
from approvals.model.person import Subscription, SubscriptionKind
from approvals.model.policy import Means, Policy, Signatures
from approvals.model.proof import Answer, CapProof
from approvals.model.sheet import ActionSheet
from approvals.ports.book import Ledger
from deploy.demo.card import personalise
from tests.authenticators import Authenticator, give_authenticator
from tests.builders import make_login
from tests.house import CLIENT, CORE, ISSUER_KEY, PIN, House, Person, mine
from tests.log_watch import never_log

THE_HOUSE = SubscriptionId("sub_house")
HOUSE_CLIENT = "10000001"
EXPIRES = date(2029, 11, 30)
THE_BANK = Subscription(
    id=THE_HOUSE,
    client_identifier=HOUSE_CLIENT,
    name="Banque",
    siren="552100554",
    kind=SubscriptionKind.HOUSE,
    means=frozenset({Means.TOTP}),
)
CARD_KINDS = tuple(map(ActionKind, ("card_order", "card_replacement", "card_unlock")))
BY_ANOTHER_ADVISER = Policy(clauses=(Signatures(count=1),), means=frozenset({Means.TOTP}))


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
    refused = await house.book.transaction(lambda ledger: ledger.changes.apply(change, house.clock.now()))
    assert refused is None
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
class Adviser:
    """One of the two who keep the company's cards."""

    person: Person
    authenticator: Authenticator
    presence: Presence


async def found_advisers(house: House) -> tuple[Adviser, Adviser]:
    """Write the house's own subscription and two advisers of it, each signed in; found the company after them."""
    people = [_moved(house.newcomer(n, name)) for n, name in ((5, "Odile Garnier"), (6, "Farid Benali"))]

    async def work(ledger: Ledger) -> None:
        await ledger.people.add_subscription(THE_BANK)
        for person in people:
            await ledger.people.add_user(person.user)
        for kind in CARD_KINDS:
            await ledger.policies.put(THE_HOUSE, kind, None, BY_ANOTHER_ADVISER)
            for person in people:
                await ledger.people.give_power(person.user.id, kind, None, "A")

    await house.book.transaction(work)
    first, second = [await _signed_in(house, person) for person in people]
    return first, second


def _moved(person: Person) -> Person:
    return replace(person, user=replace(person.user, subscription_id=THE_HOUSE))


async def _signed_in(house: House, person: Person) -> Adviser:
    authenticator = await give_authenticator(house, person)
    login = replace(make_login(f"log_{person.user.id}", person.user.id), created_at=house.clock.now())
    login = replace(login, last_act_at=house.clock.now(), expires_at=house.clock.now() + LONGEST)
    await house.book.transaction(lambda ledger: ledger.logins.add(login))
    return Adviser(person, authenticator, Presence(login=login, user=person.user, device=None))


async def set_fees(house: House) -> None:
    """Every reason has its fee; a stolen card's is waived."""
    for reason in OrderReason:
        amount = 0 if reason is OrderReason.STOLEN else 1500
        price = Money(amount=amount, currency="EUR")
        fee = Fee(reason=reason, kind=CardKind.SECUR_ACCES, price=price, valid_from=date(2026, 1, 1))
        await TariffDesk(book=house.book, clock=house.clock).put(fee)


async def ask(house: House, adviser: Adviser, kind: str, payload: dict[str, str]) -> ActionSheet:
    """An adviser opens a card operation in their own name."""
    asked = Asked(client_identifier=None, initiator=None)
    request = OpeningRequest(asked=asked, kind=ActionKind(kind), payload=payload)
    return (await house.actions.open(adviser.presence, request)).sheets[0]


async def approve(house: House, adviser: Adviser, sheet: ActionSheet) -> ActionSheet:
    """Another adviser countersigns; return the action as it is then."""
    challenge = mine(sheet, adviser.person)
    house.clock.advance(seconds=30)  # a time step serves once
    answered = await house.answers.answer(adviser.presence.login.id, challenge.id, adviser.authenticator.show())
    assert answered.answer is Answer.ACCEPTED
    return await house.sheet(sheet.id)
