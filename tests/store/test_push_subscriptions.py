import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from approvals.model.ids import DeviceId, PushSubscriptionId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.push import PushBacklog, PushChannel, PushSubscription
from approvals.ports.book import Book, Ledger
from approvals.store.database import Database
from tests.builders import NOW, add_company, make_device

BOTH = tuple(PushChannel)
SOON = NOW + timedelta(minutes=1)


def wanted(user: str, n: int = 1, *, target: bytes | None = None) -> PushSubscription:
    return PushSubscription(
        id=PushSubscriptionId(f"psh_{user}_{n}"),
        user_id=UserId(f"usr_{user}"),
        device_id=DeviceId(f"dev_{user}_{n}"),
        channel=PushChannel.WEB_PUSH,
        target_sealed=b"sealed",
        target_digest=target or f"{user} {n}".encode(),
        created_at=NOW,
        told_up_to=0,
        next_at=NOW,
    )


@pytest.fixture
async def town(book: Book) -> Book:
    """Anne has two devices, Bruno one."""

    async def work(ledger: Ledger) -> None:
        await add_company(ledger, ["usr_anne", "usr_bruno"])
        for user, n in (("anne", 1), ("anne", 2), ("bruno", 1)):
            await ledger.devices.put(make_device(f"dev_{user}_{n}", f"usr_{user}"))

    await book.transaction(work)
    return book


async def put(book: Book, *subscriptions: PushSubscription) -> None:
    async def work(ledger: Ledger) -> None:
        for subscription in subscriptions:
            await ledger.push_subscriptions.put(subscription)

    await book.transaction(work)


async def tell(book: Book, user: str, at: datetime = NOW) -> None:
    news = News(user_id=UserId(f"usr_{user}"), kind=EventKind.CARD_SENT)
    await book.transaction(lambda ledger: ledger.inboxes.append([news], at))


async def behind(book: Book, *users: str, now: datetime = NOW) -> list[str]:
    named = [UserId(f"usr_{user}") for user in users]
    found = await book.reading(lambda ledger: ledger.push_subscriptions.behind(BOTH, named, now, 100))
    return sorted(found)


async def claim(book: Book, *ids: str, now: datetime = NOW) -> list[PushSubscription]:
    wanted_ids = [PushSubscriptionId(each) for each in ids]
    return list(await book.statement(lambda ledger: ledger.push_subscriptions.claim(wanted_ids, now, SOON)))


async def of_user(book: Book, user: str) -> list[PushSubscription]:
    return list(await book.reading(lambda ledger: ledger.push_subscriptions.of_user(UserId(f"usr_{user}"))))


async def test_it_is_kept_as_it_was_put(town: Book) -> None:
    await put(town, wanted("anne"))
    assert await of_user(town, "anne") == [wanted("anne")]


async def test_a_device_is_woken_one_way(town: Book) -> None:
    again = replace(wanted("anne"), id=PushSubscriptionId("psh_again"), target_digest=b"another")
    await put(town, wanted("anne"), wanted("anne", 2), again)
    assert {each.id for each in await of_user(town, "anne")} == {"psh_again", "psh_anne_2"}


async def test_a_browser_that_two_people_share_belongs_to_the_last(town: Book) -> None:
    await put(town, wanted("anne", target=b"shared"), wanted("bruno", target=b"shared"))
    assert await of_user(town, "anne") == []
    assert [each.id for each in await of_user(town, "bruno")] == ["psh_bruno_1"]


async def test_a_revoked_device_is_not_listed(town: Book) -> None:
    await put(town, wanted("anne"), wanted("anne", 2))
    await town.transaction(lambda ledger: ledger.devices.revoke(DeviceId("dev_anne_1"), NOW))
    assert [each.id for each in await of_user(town, "anne")] == ["psh_anne_2"]


async def test_whoever_has_events_untold_is_behind(town: Book) -> None:
    await put(town, wanted("anne"), wanted("bruno"))
    assert await behind(town) == []
    await tell(town, "anne")
    assert await behind(town) == ["psh_anne_1"]
    assert await behind(town, "bruno") == []
    await tell(town, "bruno")
    assert await behind(town) == ["psh_anne_1", "psh_bruno_1"]
    assert await behind(town, "bruno") == ["psh_bruno_1"]


async def test_one_channel_is_asked_for_alone(town: Book) -> None:
    await put(town, wanted("anne"), replace(wanted("bruno"), channel=PushChannel.FCM))
    await tell(town, "anne")
    await tell(town, "bruno")
    found = await town.reading(lambda ledger: ledger.push_subscriptions.behind([PushChannel.FCM], [], NOW, 100))
    assert found == ["psh_bruno_1"]


async def test_what_waits_its_turn_is_not_due(town: Book) -> None:
    await put(town, replace(wanted("anne"), next_at=SOON))
    await tell(town, "anne")
    assert await behind(town) == []
    assert await behind(town, now=SOON) == ["psh_anne_1"]


async def test_of_many_nodes_one_takes_it(town: Book) -> None:
    await put(town, wanted("anne"), wanted("bruno"))
    taken = await asyncio.gather(*(claim(town, "psh_anne_1", "psh_bruno_1") for _ in range(8)))
    assert sorted(each.id for claimed in taken for each in claimed) == ["psh_anne_1", "psh_bruno_1"]


async def test_what_a_node_that_died_had_taken_is_due_again(town: Book) -> None:
    await put(town, wanted("anne"))
    assert len(await claim(town, "psh_anne_1")) == 1
    assert await claim(town, "psh_anne_1") == []
    assert len(await claim(town, "psh_anne_1", now=SOON)) == 1


async def test_nobody_is_woken_while_a_restore_is_unfinished(town: Book, database: Database) -> None:
    await put(town, wanted("anne"))
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO house (name, value) VALUES ('restoring', '0')")
    assert await claim(town, "psh_anne_1") == []


async def test_what_came_of_it_is_kept_unless_somebody_else_was_faster(town: Book) -> None:
    await put(town, wanted("anne"))
    (claimed,) = await claim(town, "psh_anne_1")
    told = replace(claimed, told_up_to=7, attempts=2, last_sent_at=NOW, last_outcome="sent")
    assert await town.statement(lambda ledger: ledger.push_subscriptions.save(told))
    assert not await town.statement(lambda ledger: ledger.push_subscriptions.save(told))
    assert await of_user(town, "anne") == [replace(told, version=claimed.version + 1)]


async def test_it_is_dropped_once(town: Book) -> None:
    await put(town, wanted("anne"))
    one = PushSubscriptionId("psh_anne_1")
    assert await town.statement(lambda ledger: ledger.push_subscriptions.drop(one))
    assert not await town.statement(lambda ledger: ledger.push_subscriptions.drop(one))


async def test_the_backlog_tells_how_many_wait_and_since_when(town: Book) -> None:
    async def backlog() -> PushBacklog:
        return await town.reading(lambda ledger: ledger.push_subscriptions.backlog())

    assert await backlog() == PushBacklog(behind=0, oldest=None)
    await put(town, wanted("anne"), wanted("bruno"))
    await tell(town, "bruno", at=NOW + timedelta(seconds=9))
    await tell(town, "anne")
    await tell(town, "anne", at=SOON)
    assert await backlog() == PushBacklog(behind=2, oldest=NOW)
