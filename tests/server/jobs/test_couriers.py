"""Orders of cards on their way to two makers: each gets its own, once, under its own secret."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from standardwebhooks import Webhook

from approvals.delivery import Patience
from approvals.desk.cards.messages import CardMessageDesk
from approvals.errors import NotFound
from approvals.model.card_order import Maker
from approvals.model.ids import MessageId
from approvals.model.release import DeliveryStatus
from approvals.store.book import SqlBook
from server.jobs.couriers import Courier
from server.outside.webhook import SignedWebhook, open_session
from tests.cards import order_card
from tests.fakes import SteppedClock
from tests.house import House
from tests.joined_desks import Parts
from tests.migrated import open_migrated
from tests.server.outside.receiver import Receiver, answer, receiving

SECRETS = {
    Maker.MANUFACTURER: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    Maker.PIN_PRINTER: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
}
PATIENCE = Patience(first_pause=timedelta(seconds=1), longest_pause=timedelta(seconds=2), most_attempts=3)
ORDERS = 2


@dataclass(kw_only=True)
class Ordered:
    """A house with orders waiting for both makers."""

    house: House
    desk: CardMessageDesk
    clock: SteppedClock

    @asynccontextmanager
    async def courier(self, maker: Maker, receiver: Receiver) -> AsyncIterator[Courier]:
        async with open_session() as session:
            webhook = SignedWebhook(session=session, url=receiver.url, secret=SECRETS[maker], clock=self.clock)
            yield Courier(maker=maker, desk=self.desk, webhook=webhook, draw_jitter=lambda: 0.5)

    async def waiting(self, maker: Maker, status: DeliveryStatus = DeliveryStatus.DUE) -> list[MessageId]:
        return [message.id for message in await self.desk.listed(maker, status, 10)]


@pytest.fixture
async def ordered(tmp_path: Path) -> AsyncIterator[Ordered]:
    database = await open_migrated(tmp_path / "house.db")
    house = House(Parts(book=SqlBook(database), folder=tmp_path))
    people = await house.found()
    for n, person in enumerate(people[:ORDERS]):
        await order_card(house, person, f"crd_n{n}", replaces=person.card.id)
    desk = CardMessageDesk(book=house.book, clock=house.clock, patience=PATIENCE)
    yield Ordered(house=house, desk=desk, clock=house.clock)
    await database.close()


@pytest.mark.parametrize(("maker", "word"), [(Maker.MANUFACTURER, "card"), (Maker.PIN_PRINTER, "pin_letter")])
async def test_a_maker_gets_its_own_orders_signed_with_its_own_secret_and_no_others(
    ordered: Ordered, maker: Maker, word: str
) -> None:
    async with receiving(answer(204)) as receiver, ordered.courier(maker, receiver) as courier:
        await courier.deliver()
        await courier.deliver()
    assert len(receiver.received) == ORDERS
    for headers, body in receiver.received:
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        signed = Webhook(SECRETS[maker]).sign(headers["webhook-id"], at, body.decode())
        assert headers["webhook-signature"] == signed
        assert msgspec.json.decode(body)["order"] == word
    assert await ordered.waiting(maker) == []
    (other,) = set(Maker) - {maker}
    assert len(await ordered.waiting(other)) == ORDERS


async def test_neither_message_holds_a_number_a_pin_a_name_or_an_address(ordered: Ordered) -> None:
    names = ("Anne", "Morvan", "Bruno", "Keller", "Martin")
    for maker in Maker:
        for message in await ordered.desk.listed(maker, DeliveryStatus.DUE, 10):
            told = message.body.decode()
            assert not any(name in told for name in names)
            assert "pan" not in msgspec.json.decode(message.body)
    for message in await ordered.desk.listed(Maker.PIN_PRINTER, DeliveryStatus.DUE, 10):
        assert "delivery" not in msgspec.json.decode(message.body)
    for message in await ordered.desk.listed(Maker.MANUFACTURER, DeliveryStatus.DUE, 10):
        assert b"pin" not in message.body.lower()


async def test_a_maker_that_fails_and_recovers_gets_the_same_bytes_under_the_same_id(ordered: Ordered) -> None:
    maker = Maker.MANUFACTURER
    async with (
        receiving(answer(500), answer(500), answer(204)) as receiver,
        ordered.courier(maker, receiver) as courier,
    ):
        await courier.deliver()
        assert len(await ordered.waiting(maker)) == ORDERS
        await courier.deliver()
        assert len(receiver.received) == ORDERS
        ordered.clock.advance(seconds=2)
        await courier.deliver()
    assert await ordered.waiting(maker) == []
    sent = {(headers["webhook-id"], body) for headers, body in receiver.received}
    assert (len(receiver.received), len(sent)) == (2 * ORDERS, ORDERS)


async def test_a_maker_that_stays_down_is_given_up_and_sent_again_by_an_operator(ordered: Ordered) -> None:
    maker = Maker.PIN_PRINTER
    async with receiving(answer(503)) as receiver, ordered.courier(maker, receiver) as courier:
        for _ in range(PATIENCE.most_attempts):
            await courier.deliver()
            ordered.clock.advance(seconds=5)
    given_up = await ordered.waiting(maker, DeliveryStatus.GIVEN_UP)
    assert len(given_up) == ORDERS
    assert (await ordered.desk.resend(maker, given_up[0])).status is DeliveryStatus.DUE
    with pytest.raises(NotFound):
        await ordered.desk.resend(Maker.MANUFACTURER, given_up[1])
    async with receiving(answer(204)) as receiver, ordered.courier(maker, receiver) as courier:
        await courier.deliver()
    assert [headers["webhook-id"] for headers, _ in receiver.received] == [given_up[0]]


async def test_a_makers_definite_no_ends_the_delivery(ordered: Ordered) -> None:
    no = answer(422, b'{"code": "holder_unknown"}', "application/problem+json")
    maker = Maker.MANUFACTURER
    async with receiving(no) as receiver, ordered.courier(maker, receiver) as courier:
        await courier.deliver()
    (first, _) = await ordered.desk.listed(maker, DeliveryStatus.REFUSED, 10)
    assert (first.last_error, first.attempts) == ("refused:holder_unknown", 1)


async def test_two_nodes_at_once_send_each_order_once(ordered: Ordered) -> None:
    maker = Maker.MANUFACTURER
    async with (
        receiving(answer(204)) as receiver,
        ordered.courier(maker, receiver) as one,
        ordered.courier(maker, receiver) as other,
    ):
        await asyncio.gather(one.deliver(), other.deliver())
    assert sorted(headers["webhook-id"] for headers, _ in receiver.received) == sorted(
        await ordered.waiting(maker, DeliveryStatus.DELIVERED)
    )
    assert len(receiver.received) == ORDERS
