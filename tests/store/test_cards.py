"""Orders, outboxes and tariff, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from approvals.credentials.card_order import messages
from approvals.errors import InvalidRequest, StaleVersion
from approvals.model.card import CardKind
from approvals.model.card_order import CardOrder, Delivery, Maker, OrderReason, PinLetter
from approvals.model.fee import Fee
from approvals.model.ids import CardId, MessageId, UserId
from approvals.model.money import Money
from approvals.model.page import Page
from approvals.model.release import DeliveryStatus
from approvals.ports.book import Ledger
from approvals.ports.cards import CardOrderFilter
from approvals.store.book import SqlBook
from tests.builders import NOW, add_company, make_card

ANNA, BRUNO = UserId("usr_anna"), UserId("usr_bruno")
SOON = NOW + timedelta(seconds=30)


def make_order(card_id: str, user_id: UserId = ANNA, replaces: CardId | None = None) -> CardOrder:
    return CardOrder(
        card_id=CardId(card_id),
        user_id=user_id,
        client_identifier="12345678",
        user_number="anna",
        kind=CardKind.SECUR_ACCES,
        delivery=Delivery.BRANCH,
        reason=OrderReason.BLOCKED,
        replaces=replaces,
        ordered_at=NOW,
    )


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    await book.transaction(lambda ledger: add_company(ledger, [ANNA, BRUNO]))
    return book


async def test_an_order_is_kept_whole_and_the_same_twice_is_one(filled: SqlBook) -> None:
    order = make_order("crd_1", replaces=make_card(ANNA).id)

    async def work(ledger: Ledger) -> None:
        await ledger.card_orders.add(order)
        await ledger.card_orders.add(order)
        assert await ledger.card_orders.load(order.card_id) == order
        assert await ledger.card_orders.replacing(make_card(ANNA).id) == order
        assert await ledger.card_orders.replacing(make_card(BRUNO).id) is None

    await filled.transaction(work)


async def test_a_card_is_replaced_by_one_order_alone(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.card_orders.add(make_order("crd_1", replaces=make_card(ANNA).id))
        with pytest.raises(StaleVersion):
            await ledger.card_orders.add(make_order("crd_2", replaces=make_card(ANNA).id))

    await filled.transaction(work)


async def test_an_order_is_saved_and_an_old_version_is_refused(filled: SqlBook) -> None:
    moved = replace(make_order("crd_1"), produced_at=SOON, pin_letter=PinLetter.MAILED)

    async def work(ledger: Ledger) -> None:
        await ledger.card_orders.add(make_order("crd_1"))
        await ledger.card_orders.save(moved)
        with pytest.raises(StaleVersion):
            await ledger.card_orders.save(moved)

    await filled.transaction(work)
    read = await filled.reading(lambda ledger: ledger.card_orders.load(moved.card_id))
    assert read == replace(moved, version=1)


async def browse(wanted: CardOrderFilter, after: str | None, ledger: Ledger) -> Page[CardOrder]:
    return await ledger.card_orders.browse(wanted, after, 1)


async def test_orders_are_walked_newest_first_and_narrowed(filled: SqlBook) -> None:
    orders = [
        make_order("crd_1"),
        replace(make_order("crd_2", BRUNO), ordered_at=SOON, kind=CardKind.PROFESSIONAL),
        replace(make_order("crd_3", BRUNO), ordered_at=SOON, produced_at=SOON),
    ]

    async def work(ledger: Ledger) -> None:
        for order in orders:
            await ledger.card_orders.add(order)

    await filled.transaction(work)

    async def found(wanted: CardOrderFilter) -> list[str]:
        walked: list[str] = []
        after: str | None = None
        while True:
            page = await filled.reading(partial(browse, wanted, after))
            walked += [order.card_id for order in page.items]
            after = page.next
            if after is None:
                return walked

    assert await found(CardOrderFilter()) == ["crd_3", "crd_2", "crd_1"]
    assert await found(CardOrderFilter(user_id=BRUNO)) == ["crd_3", "crd_2"]
    assert await found(CardOrderFilter(kind=CardKind.PROFESSIONAL)) == ["crd_2"]
    assert await found(CardOrderFilter(is_produced=True)) == ["crd_3"]
    assert await found(CardOrderFilter(is_produced=False, user_id=ANNA)) == ["crd_1"]
    with pytest.raises(InvalidRequest):
        await filled.reading(lambda ledger: ledger.card_orders.browse(CardOrderFilter(), "no cursor", 1))


@pytest.mark.parametrize("maker", Maker)
async def test_a_message_is_taken_by_one_until_its_lease_ends(filled: SqlBook, maker: Maker) -> None:
    sent = messages(make_order("crd_1"), NOW)[maker]

    async def write(ledger: Ledger) -> None:
        await ledger.card_orders.add(make_order("crd_1"))
        await ledger.outboxes.add(maker, sent)
        await ledger.outboxes.add(maker, sent)

    await filled.transaction(write)
    taken = await filled.statement(lambda ledger: ledger.outboxes.claim(maker, NOW, SOON))
    assert taken == replace(sent, next_at=SOON, version=1)
    assert await filled.statement(lambda ledger: ledger.outboxes.claim(maker, NOW, SOON)) is None
    again = await filled.statement(lambda ledger: ledger.outboxes.claim(maker, SOON, SOON))
    assert again is not None
    ended = replace(again, status=DeliveryStatus.DELIVERED, attempts=1, settled_at=SOON)
    assert await filled.transaction(lambda ledger: ledger.outboxes.save(maker, ended))
    assert not await filled.transaction(lambda ledger: ledger.outboxes.save(maker, ended))
    listed = await filled.reading(lambda ledger: ledger.outboxes.listed(maker, DeliveryStatus.DELIVERED, 10))
    assert [message.id for message in listed] == [sent.id]
    assert await filled.statement(lambda ledger: ledger.outboxes.claim(maker, SOON, SOON)) is None


async def test_one_outbox_knows_nothing_of_the_other(filled: SqlBook) -> None:
    sent = messages(make_order("crd_1"), NOW)[Maker.MANUFACTURER]

    async def work(ledger: Ledger) -> None:
        await ledger.card_orders.add(make_order("crd_1"))
        await ledger.outboxes.add(Maker.MANUFACTURER, sent)
        assert await ledger.outboxes.load(Maker.MANUFACTURER, sent.id) == sent
        assert await ledger.outboxes.load(Maker.PIN_PRINTER, sent.id) is None
        assert await ledger.outboxes.load(Maker.MANUFACTURER, MessageId("msg_none")) is None

    await filled.transaction(work)


async def test_cards_are_due_by_their_day(filled: SqlBook) -> None:
    today = date(2029, 10, 31)
    ageing = replace(make_card(ANNA), id=CardId("card_ageing"), expires_on=date(2029, 11, 30), due_on=today)
    await filled.transaction(lambda ledger: ledger.cards.add(ageing))
    assert await filled.reading(lambda ledger: ledger.cards.due(today, 10)) == [ageing]
    assert await filled.reading(lambda ledger: ledger.cards.due(today - timedelta(days=1), 10)) == []


async def test_a_fee_set_again_for_its_day_is_the_same_row(filled: SqlBook) -> None:
    def fee(day: date, amount: int) -> Fee:
        price = Money(amount=amount, currency="EUR")
        return Fee(reason=OrderReason.LOST, kind=CardKind.SECUR_ACCES, price=price, valid_from=day)

    first, second = date(2026, 1, 1), date(2027, 1, 1)

    async def work(ledger: Ledger) -> None:
        for each in (fee(second, 1500), fee(first, 1000), fee(first, 1200)):
            await ledger.fees.put(each)
        assert await ledger.fees.all() == [fee(first, 1200), fee(second, 1500)]

    await filled.transaction(work)
