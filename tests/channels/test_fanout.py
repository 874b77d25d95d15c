"""Hints between nodes: on a real Redis, and in the outbox before it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from redis.asyncio import Redis

from approvals.model.ids import DeviceId, LoginId, UserId
from channels.fanout.hints import MOST_TOGETHER, Hint, InboxesGrew, LoginOver, SeatLeft, SeatTaken
from channels.fanout.outbox import Outbox
from channels.fanout.redis import RedisFanout, channel_of, redis_fanout
from tests.redis_server import RedisServer, running_redis

ANNE, BRUNO = UserId("usr_1"), UserId("usr_2")
PHONE = DeviceId("dev_1")
OVER = LoginOver(user=ANNE, login=LoginId("log_1"))


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@dataclass
class Node:
    """One end of the fan-out, and what it heard."""

    fanout: RedisFanout
    subscribed: asyncio.Event
    heard: list[Hint] = field(default_factory=list)


@asynccontextmanager
async def node(url: str, name: str, environment: str = "test") -> AsyncIterator[Node]:
    subscribed = asyncio.Event()
    async with redis_fanout(
        url, environment=environment, node=name, subscribed=subscribed.set, draw=lambda _low, high: high
    ) as fanout:
        opened = Node(fanout, subscribed)
        fanout.listen(opened.heard.append)
        jobs = [asyncio.create_task(job) for job in fanout.jobs()]
        try:
            yield opened
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.wait(jobs)


@asynccontextmanager
async def two_nodes(url: str) -> AsyncIterator[tuple[Node, Node]]:
    """Two that hear each other."""
    async with node(url, "nod_1") as first, node(url, "nod_2") as second:
        async with asyncio.timeout(5):
            await first.subscribed.wait()
            await second.subscribed.wait()
        yield first, second


async def until(is_so: Callable[[], bool]) -> None:
    """Wait; fail after fifteen seconds."""
    for _ in range(3000):
        if is_so():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to be so")


async def test_every_hint_reaches_the_other_node_and_not_the_one_that_told_it(redis: RedisServer) -> None:
    told: list[Hint] = [
        SeatTaken(user=ANNE, device=PHONE, tab="main", stamp=7),
        SeatLeft(device=PHONE, tab="main", stamp=7),
        OVER,
        InboxesGrew(heads={ANNE: 3, BRUNO: 1}),
    ]
    async with two_nodes(redis.url) as (first, second):
        for hint in told:
            first.fanout.publish(hint)
        await until(lambda: len(second.heard) == len(told))
        assert second.heard == told
        second.fanout.publish(OVER)
        await until(lambda: first.heard == [OVER])
        assert (first.fanout.figures.sent, second.fanout.figures.heard) == (4, 4)


async def test_another_environment_on_the_same_redis_hears_nothing(redis: RedisServer) -> None:
    async with two_nodes(redis.url) as (first, second), node(redis.url, "nod_3", "rehearsal") as stranger:
        await stranger.subscribed.wait()
        first.fanout.publish(OVER)
        await until(lambda: second.heard == [OVER])
        assert stranger.heard == []
        assert stranger.fanout.figures.ignored == 0


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\xff",
        b"{}",
        b"\x00\x80\x04\x95" * 1000,
        b"[" * 100_000,
        b'{"node":"n","hints":' + b"[" * 100_000,
        b'{"node":"' + b"n" * 2**21 + b'","hints":[]}',
        b'{"node":"n","hints":[{"hint":"unheard_of"}]}',
        b'{"node":"n","hints":[{"hint":"inboxes_grew","heads":{"usr_1":-1}}]}',
        b'{"node":"n","hints":[{"hint":"login_over","user":"usr_1"}]}',
    ],
)
async def test_rubbish_is_ignored_and_counted(redis: RedisServer, rubbish: bytes) -> None:
    async with two_nodes(redis.url) as (first, second), Redis.from_url(redis.url) as other:
        await other.publish(channel_of("test"), rubbish)
        first.fanout.publish(OVER)
        await until(lambda: second.heard == [OVER])
        assert second.fanout.figures.ignored == 1
        assert second.fanout.figures.subscriptions == 1


async def test_a_killed_redis_is_found_again_and_each_time_the_node_is_told(redis: RedisServer) -> None:
    async with two_nodes(redis.url) as (first, second):
        for node_ in (first, second):
            node_.subscribed.clear()
        redis.kill()
        await until(lambda: not first.fanout.figures.is_connected)
        first.fanout.publish(OVER)
        await until(lambda: first.fanout.figures.dropped == 1)
        redis.start()
        async with asyncio.timeout(15):
            await first.subscribed.wait()
            await second.subscribed.wait()
        assert second.fanout.figures.subscriptions == 2
        first.fanout.publish(OVER)
        await until(lambda: second.heard == [OVER])


async def test_a_redis_that_says_nothing_is_given_up(redis: RedisServer) -> None:
    async with two_nodes(redis.url) as (first, _):
        redis.pause()
        began = time.monotonic()
        await until(lambda: not first.fanout.figures.is_connected)
        assert time.monotonic() - began > 5


@pytest.mark.alone
async def test_telling_costs_nothing_without_redis(redis: RedisServer) -> None:
    redis.kill()
    async with node(redis.url, "nod_1") as alone:
        await asyncio.sleep(0.2)
        began = time.perf_counter()
        for head in range(1000):
            alone.fanout.publish(InboxesGrew(heads={ANNE: head}))
        assert time.perf_counter() - began < 0.1
        await until(lambda: alone.fanout.figures.dropped > 0)


# --- the outbox ---------------------------------------------------------------------------------------------


def test_an_inbox_waits_once_with_its_latest_head() -> None:
    outbox = Outbox()
    for head in (4, 9, 7):
        outbox.put(InboxesGrew(heads={ANNE: head, BRUNO: 1}))
    assert outbox.take() == [InboxesGrew(heads={ANNE: 9, BRUNO: 1})]
    assert outbox.take() == []


def test_a_message_holds_so_many_and_the_rest_follow() -> None:
    outbox = Outbox()
    outbox.put(InboxesGrew(heads={UserId(f"usr_{n}"): n for n in range(MOST_TOGETHER + 3)}))
    first, second = outbox.take(), outbox.take()
    sizes = [len(hint.heads) for taken in (first, second) for hint in taken if isinstance(hint, InboxesGrew)]
    assert sizes == [MOST_TOGETHER, 3]


def test_what_there_is_no_room_for_is_counted_and_what_waits_is_kept() -> None:
    outbox = Outbox()
    assert sum(outbox.put(OVER) for _ in range(10_001)) == 1
    assert outbox.put(InboxesGrew(heads={UserId(f"usr_{n}"): 1 for n in range(10_002)})) == 2
    assert outbox.put(InboxesGrew(heads={UserId("usr_0"): 5})) == 0
    taken = 0
    while hints := outbox.take():
        taken += sum(len(hint.heads) if isinstance(hint, InboxesGrew) else 1 for hint in hints)
    assert taken == 20_000
