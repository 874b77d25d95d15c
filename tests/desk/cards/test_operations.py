"""Cards ordered, replaced and unlocked: an adviser's act, approved by a second one through the same desk (RULES 8)."""

from dataclasses import dataclass

import pytest

from approvals.credentials.adviser_refusals import AdvisersOnly, OutsidePortfolio
from approvals.credentials.card_refusals import CardNotLocked, CardOrderOpen, FeeUnknown
from approvals.errors import ApprovalError, NotFound
from approvals.model.action import ActionStatus
from approvals.model.card import CardStatus
from approvals.model.card_order import Maker, OrderReason
from approvals.model.ids import CardId
from approvals.model.json import Json
from approvals.model.person import Language
from approvals.model.release import DeliveryStatus
from approvals.operations import OPERATIONS
from approvals.statement import render
from tests.cards import Bench, found_bench, order_card, read_order, set_fees
from tests.house import ALONE, CLIENT, House, Person, release_of

FIRST: dict[str, Json] = {"client": CLIENT, "user": "003", "card_kind": "secur_acces", "delivery": "branch"}


@dataclass(frozen=True, slots=True)
class Bank:
    """Two advisers; Anne has a card, Chloé has none any more; every card has its fee."""

    bench: Bench
    anne: Person
    chloe: Person

    def of_anne(self, **more: str) -> dict[str, Json]:
        """What a payload says of Anne's card."""
        return {"client": CLIENT, "user": self.anne.user.number, "card": self.anne.card.id, **more}

    def replacement(self, reason: str) -> dict[str, Json]:
        return self.of_anne(reason=reason, delivery="home")


@pytest.fixture
async def bank(house: House) -> Bank:
    anne, _, chloe = await house.found(ALONE)
    await house.put_card(chloe.card, status=CardStatus.REPORTED)
    await set_fees(house)
    return Bank(await found_bench(house), anne, chloe)


async def messages_due(house: House) -> set[Maker]:
    """The makers for whom a message waits."""
    return {maker for maker in Maker if await house.cards.messages.listed(maker, DeliveryStatus.DUE, 10)}


async def test_a_first_card_is_ordered_once_a_second_adviser_has_approved(house: House, bank: Bank) -> None:
    sheet = await bank.bench.ask("card_order", FIRST)
    assert await messages_due(house) == set()
    assert (await bank.bench.approve(sheet)).action.status is ActionStatus.RELEASED
    order = await read_order(house, CardId(str(sheet.action.facts["card"])))
    assert (order.user_id, order.reason, order.delivery) == (bank.chloe.user.id, OrderReason.FIRST, "branch")
    assert await messages_due(house) == set(Maker)
    assert (await house.inbox.read(bank.chloe.user.id, 0, 10))[-1].news.kind == "card_ordered"


async def test_the_release_row_is_settled_and_nothing_goes_to_the_core(house: House, bank: Bank) -> None:
    sheet = await bank.bench.approve(await bank.bench.ask("card_order", FIRST))
    release = await release_of(house, sheet)
    assert release is not None
    assert release.status is DeliveryStatus.DELIVERED


async def test_the_adviser_who_asks_is_not_asked_to_approve(bank: Bank) -> None:
    sheet = await bank.bench.ask("card_order", FIRST)
    assert [challenge.user_id for challenge in sheet.challenges] == [bank.bench.farid.user.id]


async def test_the_second_adviser_reads_whose_card_it_is_and_what_it_costs(bank: Bank) -> None:
    sheet = await bank.bench.ask("card_replacement", bank.replacement("blocked"))
    operation = OPERATIONS[sheet.action.kind]
    text = render(operation.title, operation.fields, sheet.action.facts, Language.EN)
    assert text.title == "Card replacement"
    assert [line.value for line in text.lines] == [
        CLIENT,
        bank.anne.user.number,
        "Sécur@ccès card",
        bank.anne.card.last4,
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
    house: House, bank: Bank, reason: str, status: CardStatus
) -> None:
    await bank.bench.approve(await bank.bench.ask("card_replacement", bank.replacement(reason)))
    assert (await house.card(bank.anne)).status is status


async def test_the_fee_is_frozen_when_it_is_asked(bank: Bank) -> None:
    sheet = await bank.bench.ask("card_replacement", bank.replacement("stolen"))
    assert sheet.action.facts["fee"] == {"amount": "0.00", "currency": "EUR"}


async def test_nothing_is_ordered_at_an_unknown_price(house: House) -> None:
    anne, _, chloe = await house.found()
    bank = Bank(await found_bench(house), anne, chloe)
    with pytest.raises(FeeUnknown):
        await bank.bench.ask("card_replacement", bank.replacement("lost"))


async def test_a_locked_card_takes_codes_again_once_two_advisers_agree(house: House, bank: Bank) -> None:
    await house.put_card(bank.anne.card, status=CardStatus.LOCKED)
    sheet = await bank.bench.ask("card_unlock", bank.of_anne())
    assert (await house.card(bank.anne)).status is CardStatus.LOCKED
    await bank.bench.approve(sheet)
    card = await house.card(bank.anne)
    assert (card.status, card.attempts_left) == (CardStatus.ACTIVE, 3)
    assert (await house.inbox.read(bank.anne.user.id, 0, 10))[-1].news.kind == "card_unlocked"


async def test_a_card_that_is_not_locked_has_nothing_to_unlock(bank: Bank) -> None:
    with pytest.raises(CardNotLocked):
        await bank.bench.ask("card_unlock", bank.of_anne())


async def test_a_card_reported_before_the_second_adviser_approves_is_not_unlocked(house: House, bank: Bank) -> None:
    await house.put_card(bank.anne.card, status=CardStatus.LOCKED)
    sheet = await bank.bench.ask("card_unlock", bank.of_anne())
    await house.put_card(bank.anne.card, status=CardStatus.REPORTED)
    ended = await bank.bench.approve(sheet)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "card_not_locked")
    assert (await house.card(bank.anne)).status is CardStatus.REPORTED


@pytest.mark.parametrize("kind", ["card_order", "card_replacement", "card_unlock"])
async def test_an_adviser_acts_for_their_own_portfolio_alone(bank: Bank, kind: str) -> None:
    _, of_ines = await bank.bench.take_in("003")
    theirs = {
        "card_order": FIRST,
        "card_replacement": bank.replacement("lost"),
        "card_unlock": bank.of_anne(),
    }
    with pytest.raises(OutsidePortfolio):
        await bank.bench.staff.ask(of_ines, kind, theirs[kind])


@pytest.mark.parametrize("kind", ["card_replacement", "card_unlock"])
async def test_the_card_must_be_the_persons_who_is_named(bank: Bank, kind: str) -> None:
    more = {"reason": "lost", "delivery": "home"} if kind == "card_replacement" else {}
    for card in ("crd_nobodys", bank.chloe.card.id):
        with pytest.raises(NotFound):
            await bank.bench.ask(kind, {**bank.of_anne(**more), "card": card})


async def test_a_person_with_such_a_card_gets_no_second_one(bank: Bank) -> None:
    with pytest.raises(CardOrderOpen):
        await bank.bench.ask("card_order", {**FIRST, "user": "001"})


async def test_a_card_is_replaced_once(house: House, bank: Bank) -> None:
    await order_card(house, bank.anne, replaces=bank.anne.card.id)
    with pytest.raises(CardOrderOpen):
        await bank.bench.ask("card_replacement", bank.replacement("lost"))


@pytest.mark.parametrize("kind", ["card_order", "card_replacement"])
async def test_of_two_orders_that_cross_one_is_made_and_the_other_fails_by_its_code(
    house: House, bank: Bank, kind: str
) -> None:
    payload = FIRST if kind == "card_order" else bank.replacement("lost")
    first, second = [await bank.bench.ask(kind, payload) for _ in range(2)]
    assert (await bank.bench.approve(first)).action.status is ActionStatus.RELEASED
    ended = await bank.bench.approve(second)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "card_order_stale")
    await read_order(house, CardId(str(first.action.facts["card"])))
    crossed = CardId(str(second.action.facts["card"]))
    assert await house.book.reading(lambda ledger: ledger.card_orders.load(crossed)) is None


async def test_a_company_orders_no_cards_itself(house: House) -> None:
    await house.found()
    with pytest.raises(AdvisersOnly):
        await house.hold("card_order", FIRST)


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("card_order", {"delivery": "pigeon"}, "delivery"),
        ("card_order", {"card_kind": "gold"}, "card_kind"),
        ("card_order", {"pin": "1234"}, "pin"),
        ("card_replacement", {"reason": "bored"}, "reason"),
        ("card_unlock", {"card": ""}, "card"),
    ],
)
async def test_a_payload_that_could_not_be_meant_names_its_field(
    bank: Bank, kind: str, change: dict[str, Json], field: str
) -> None:
    right = {"card_order": FIRST, "card_replacement": bank.replacement("lost"), "card_unlock": bank.of_anne()}
    with pytest.raises(ApprovalError) as refused:
        await bank.bench.ask(kind, {**right[kind], **change})
    assert (refused.value.code, getattr(refused.value, "field", None)) == ("invalid_request", field)
