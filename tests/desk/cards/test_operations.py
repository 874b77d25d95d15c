"""Cards ordered, replaced and unlocked: an adviser's act, approved by a second one through the same desk (RULES 8)."""

import pytest

from approvals.credentials.card_refusals import CardNotLocked, CardOrderOpen, FeeUnknown
from approvals.errors import ApprovalError, Forbidden, NotFound
from approvals.model.action import ActionStatus
from approvals.model.card import CardStatus
from approvals.model.card_order import Maker, OrderReason
from approvals.model.ids import CardId
from approvals.model.person import Language
from approvals.model.release import DeliveryStatus
from approvals.operations import OPERATIONS
from approvals.statement import render
from tests.cards import (
    THE_HOUSE,
    Adviser,
    approve,
    ask,
    found_advisers,
    order_card,
    read_order,
    set_fees,
)
from tests.house import ALONE, House, Person, release_of


@pytest.fixture
async def bank(house: House) -> tuple[Adviser, Adviser, Person, Person]:
    """Odile keeps the company, Farid may approve; Anne has a card; Chloé has none any more."""
    odile, farid = await found_advisers(house)
    anne, _, chloe = await house.found(ALONE, kinds=("chequebook",), adviser=odile.person.user.id)
    await house.put_card(chloe.card, status=CardStatus.REPORTED)
    await set_fees(house)
    return odile, farid, anne, chloe


FIRST = {"client": "40012345", "user": "003", "card_kind": "secur_acces", "delivery": "branch"}


async def test_a_first_card_is_ordered_once_a_second_adviser_has_approved(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, farid, _, chloe = bank
    sheet = await ask(house, odile, "card_order", FIRST)
    assert await messages_due(house) == {}
    assert (await approve(house, farid, sheet)).action.status is ActionStatus.RELEASED
    card_id = CardId(str(sheet.action.facts["card"]))
    order = await read_order(house, card_id)
    assert (order.user_id, order.reason, order.delivery) == (chloe.user.id, OrderReason.FIRST, "branch")
    assert set(await messages_due(house)) == {Maker.MANUFACTURER, Maker.PIN_PRINTER}
    assert (await house.inbox.read(chloe.user.id, 0, 10))[-1].news.kind == "card_ordered"


async def test_the_release_row_is_settled_and_nothing_goes_to_the_core(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, farid, _, _ = bank
    sheet = await approve(house, farid, await ask(house, odile, "card_order", FIRST))
    release = await release_of(house, sheet)
    assert release is not None
    assert release.status is DeliveryStatus.DELIVERED


async def test_the_adviser_who_asks_is_not_asked_to_approve(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, farid, _, _ = bank
    sheet = await ask(house, odile, "card_order", FIRST)
    assert [challenge.user_id for challenge in sheet.challenges] == [farid.person.user.id]
    assert sheet.action.subscription_id == THE_HOUSE


async def test_the_second_adviser_reads_whose_card_it_is_and_what_it_costs(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, _, anne, _ = bank
    payload = {"card": anne.card.id, "reason": "blocked", "delivery": "home"}
    sheet = await ask(house, odile, "card_replacement", payload)
    operation = OPERATIONS[sheet.action.kind]
    text = render(operation.title, operation.fields, sheet.action.facts, Language.EN)
    assert text.title == "Card replacement"
    assert [line.value for line in text.lines] == [
        "40012345",
        anne.user.number,
        "Sécur@ccès card",
        anne.card.last4,
        "chip blocked",
        "registered letter to the home",
        "15.00 EUR",
    ]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("blocked", CardStatus.BLOCKED),
        ("broken", CardStatus.BROKEN),
        ("lost", CardStatus.REPORTED),
        ("stolen", CardStatus.REPORTED),
        ("expiring", CardStatus.ACTIVE),
    ],
)
async def test_the_old_card_goes_out_of_use_as_the_reason_says(
    house: House, bank: tuple[Adviser, Adviser, Person, Person], reason: str, status: CardStatus
) -> None:
    odile, farid, anne, _ = bank
    payload = {"card": anne.card.id, "reason": reason, "delivery": "home"}
    await approve(house, farid, await ask(house, odile, "card_replacement", payload))
    assert (await house.card(anne)).status is status


async def test_the_fee_is_the_one_of_the_day_it_was_asked(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, _, anne, _ = bank
    payload = {"card": anne.card.id, "reason": "stolen", "delivery": "home"}
    sheet = await ask(house, odile, "card_replacement", payload)
    assert sheet.action.facts["fee"] == {"amount": "0.00", "currency": "EUR"}


async def test_nothing_is_ordered_at_an_unknown_price(house: House) -> None:
    odile, _ = await found_advisers(house)
    anne, _, _ = await house.found(adviser=odile.person.user.id)
    with pytest.raises(FeeUnknown):
        await ask(house, odile, "card_replacement", {"card": anne.card.id, "reason": "lost", "delivery": "home"})


async def test_a_locked_card_takes_codes_again_once_two_advisers_agree(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, farid, anne, _ = bank
    await house.put_card(anne.card, status=CardStatus.LOCKED)
    sheet = await ask(house, odile, "card_unlock", {"card": anne.card.id})
    assert (await house.card(anne)).status is CardStatus.LOCKED
    await approve(house, farid, sheet)
    card = await house.card(anne)
    assert (card.status, card.attempts_left) == (CardStatus.ACTIVE, 3)
    assert (await house.inbox.read(anne.user.id, 0, 10))[-1].news.kind == "card_unlocked"


async def test_a_card_that_is_not_locked_has_nothing_to_unlock(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, _, anne, _ = bank
    with pytest.raises(CardNotLocked):
        await ask(house, odile, "card_unlock", {"card": anne.card.id})


async def test_a_card_reported_before_the_second_adviser_approves_is_not_unlocked(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, farid, anne, _ = bank
    await house.put_card(anne.card, status=CardStatus.LOCKED)
    sheet = await ask(house, odile, "card_unlock", {"card": anne.card.id})
    await house.put_card(anne.card, status=CardStatus.REPORTED)
    await approve(house, farid, sheet)
    assert (await house.card(anne)).status is CardStatus.REPORTED


@pytest.mark.parametrize("kind", ["card_order", "card_replacement", "card_unlock"])
async def test_an_adviser_acts_for_their_own_portfolio_alone(
    house: House, bank: tuple[Adviser, Adviser, Person, Person], kind: str
) -> None:
    _, farid, anne, _ = bank
    theirs: dict[str, dict[str, str]] = {
        "card_order": FIRST,
        "card_replacement": {"card": anne.card.id, "reason": "lost", "delivery": "home"},
        "card_unlock": {"card": anne.card.id},
    }
    nobodys = {**theirs[kind], **({"user": "999"} if kind == "card_order" else {"card": "crd_nobodys"})}
    refused = []
    for payload in (theirs[kind], nobodys):
        with pytest.raises(NotFound) as error:
            await ask(house, farid, kind, payload)
        refused.append(str(error.value))
    assert refused[0] == refused[1]


async def test_a_person_with_such_a_card_gets_no_second_one(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, _, _, _ = bank
    with pytest.raises(CardOrderOpen):
        await ask(house, odile, "card_order", {**FIRST, "user": "001"})


async def test_a_card_is_replaced_once(house: House, bank: tuple[Adviser, Adviser, Person, Person]) -> None:
    odile, _, anne, _ = bank
    await order_card(house, anne, replaces=anne.card.id)
    with pytest.raises(CardOrderOpen):
        await ask(house, odile, "card_replacement", {"card": anne.card.id, "reason": "lost", "delivery": "home"})


async def test_of_two_replacements_that_cross_one_is_ordered(
    house: House, bank: tuple[Adviser, Adviser, Person, Person]
) -> None:
    odile, farid, anne, _ = bank
    payload = {"card": anne.card.id, "reason": "lost", "delivery": "home"}
    first, second = [await ask(house, odile, "card_replacement", payload) for _ in range(2)]
    await approve(house, farid, first)
    await approve(house, farid, second)
    ordered = CardId(str(first.action.facts["card"]))
    assert (await read_order(house, ordered)).replaces == anne.card.id
    crossed = CardId(str(second.action.facts["card"]))
    assert await house.book.reading(lambda ledger: ledger.card_orders.load(crossed)) is None


async def test_a_company_orders_no_cards_itself(house: House, bank: tuple[Adviser, Adviser, Person, Person]) -> None:
    assert bank
    with pytest.raises(Forbidden):
        await house.hold("card_order", FIRST)


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("card_order", {**FIRST, "delivery": "pigeon"}, "delivery"),
        ("card_order", {**FIRST, "card_kind": "gold"}, "card_kind"),
        ("card_order", {**FIRST, "pin": "1234"}, "pin"),
        ("card_replacement", {"card": "crd_1", "reason": "bored", "delivery": "home"}, "reason"),
        ("card_unlock", {}, "card"),
    ],
)
async def test_a_payload_that_could_not_be_meant_names_its_field(
    house: House, bank: tuple[Adviser, Adviser, Person, Person], kind: str, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(ApprovalError) as refused:
        await ask(house, bank[0], kind, wrong)
    assert (refused.value.code, getattr(refused.value, "field", None)) == ("invalid_request", field)


async def messages_due(house: House) -> dict[Maker, int]:
    """How many messages wait for each maker."""
    found = {}
    for maker in Maker:
        due = await house.cards.messages.listed(maker, DeliveryStatus.DUE, 10)
        found.update({maker: len(due)} if due else {})
    return found
