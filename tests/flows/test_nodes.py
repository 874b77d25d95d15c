"""Two server processes on one PostgreSQL and one Redis, seen from outside: devices, the bank's core, an operator."""

import asyncio
import time
from contextlib import AsyncExitStack

from redis.asyncio import Redis

from channels.fanout.redis import channel_of
from tests.flows.devices import PROMPT, close_code, connected, event, linked, subscriptions, until_linked, verdict
from tests.flows.nodes import Bank, phone
from tests.redis_server import RedisServer

# --- two devices, two nodes ---------------------------------------------------------------------------------


async def test_two_devices_on_two_nodes_hear_at_once_and_converge(bank: Bank, redis: RedisServer) -> None:
    async with bank.two_nodes(**linked(redis)) as (first, second):
        await until_linked(first, second)
        async with connected(bank, first) as left, connected(bank, second) as right:
            action_id = await bank.hold(first)
            for device in (left, right):
                assert (await event(device, "challenge_opened"))["id"] == action_id
            await right.send(await bank.answer_of(bank.anne, action_id))
            assert (await verdict(right))["answer"] == "accepted"
            assert (await event(left, "action_ended"))["id"] == action_id


async def test_a_newer_socket_on_another_node_replaces_the_old_one(bank: Bank, redis: RedisServer) -> None:
    async with bank.two_nodes(**linked(redis)) as (first, second):
        await until_linked(first, second)
        device = await bank.device(bank.anne)
        async with connected(bank, first, device) as old, connected(bank, second, device) as new:
            assert await close_code(old) == 4004
            await bank.hold(first)
            await event(new, "challenge_opened")


async def test_a_fifth_tab_closes_the_oldest_on_whichever_node_it_is(bank: Bank, redis: RedisServer) -> None:
    async with bank.two_nodes(**linked(redis)) as (first, second), AsyncExitStack() as stack:
        await until_linked(first, second)
        device = await bank.device(bank.anne)
        tabs = []
        for name, node in zip("abcde", (first, second, first, second, second), strict=True):
            tabs.append(await stack.enter_async_context(connected(bank, node, device, tab=name)))
        assert await close_code(tabs[0]) == 4004
        await bank.hold(second)
        for tab in tabs[1:]:
            await event(tab, "challenge_opened")


async def test_a_revoked_device_is_closed_on_the_other_node(bank: Bank, redis: RedisServer) -> None:
    async with bank.two_nodes(**linked(redis)) as (first, second):
        await until_linked(first, second)
        lost, kept = await bank.device(bank.anne), await bank.sign_in(first, await bank.device(bank.anne))
        async with connected(bank, second, lost) as stolen:
            await bank.call("DELETE", first, f"/v1/devices/{lost.device_id}", token=kept.login_token)
            assert await close_code(stolen) == 4002


async def test_signing_out_on_one_node_drops_the_stream_on_the_other(bank: Bank, redis: RedisServer) -> None:
    async with bank.two_nodes(**linked(redis)) as (first, second):
        await until_linked(first, second)
        device = await bank.sign_in(first, await bank.device(bank.anne))
        async with phone(second, device, bank.house.terms.origin) as stream:
            await stream.greet_signed_in()
            await bank.sign_out(first, device)
            async with asyncio.timeout(PROMPT):
                level = (await stream.receive_until("level"))[-1]
            assert level["level"] == "device_bound"


# --- Redis dies, or was never there -------------------------------------------------------------------------


async def test_redis_killed_and_brought_back_loses_no_event(bank: Bank, redis: RedisServer) -> None:
    interval = 2
    async with bank.two_nodes(**linked(redis, reread_every=interval)) as (first, second):
        await until_linked(first, second)
        async with connected(bank, second) as device:
            delays: list[float] = []
            for number in range(9):
                if number == 3:
                    redis.kill()
                if number == 6:
                    redis.start()
                if number == 8:
                    await until_linked(second, times=2)
                opened_at = time.monotonic()
                action_id = await bank.hold(first)
                told = (await device.receive_until("event"))[-1]
                delays.append(time.monotonic() - opened_at)
                assert (told["id"], told["s"]) == (action_id, number + 1)
    assert max(delays) < interval * 4 / 3 + PROMPT
    assert max(delays[:3] + delays[8:]) < PROMPT


async def test_a_redis_that_hangs_delays_nobody(bank: Bank, redis: RedisServer) -> None:
    async with bank.two_nodes(**linked(redis, reread_every=2)) as (first, second):
        await until_linked(first, second)
        async with connected(bank, first) as near, connected(bank, second) as far:
            redis.pause()
            began = time.monotonic()
            action_id = await bank.hold(first)
            await event(near, "challenge_opened")
            assert time.monotonic() - began < PROMPT
            assert (await far.receive_until("event"))[-1]["id"] == action_id


async def test_without_redis_approvals_still_work(bank: Bank, redis: RedisServer) -> None:
    redis.kill()
    async with (
        bank.two_nodes(**linked(redis, reread_every=1)) as (first, second),
        connected(bank, first) as near,
        connected(bank, second) as far,
    ):
        action_id = await bank.hold(first)
        await event(near, "challenge_opened")
        await near.send(await bank.answer_of(bank.anne, action_id))
        assert (await verdict(near))["answer"] == "accepted"
        kinds = {(await far.receive_until("event"))[-1]["kind"] for _ in range(2)}
        assert kinds == {"challenge_opened", "action_ended"}
        assert await bank.readiness(first) == (200, "")


async def test_what_others_write_into_redis_is_ignored(bank: Bank, redis: RedisServer) -> None:
    channel = channel_of("test")
    async with bank.two_nodes(**linked(redis)) as (first, second), Redis.from_url(redis.url) as other:
        await until_linked(first, second)
        async with connected(bank, second) as device:
            await other.rpush(channel, "a list of another product's")
            await other.publish("celery", "{}")
            for rubbish in (b"\xff\xfe", b"{}", b"[" * 100_000, b'{"node":"x","hints":[{"hint":"unheard_of"}]}'):
                await other.publish(channel, rubbish)
            await bank.hold(first)
            await event(device, "challenge_opened")
        assert subscriptions(second) == 1
        for node in (first, second):
            assert sum("no hint of ours" in str(line["message"]) for line in node.lines()) == 1


# --- nodes that pause, leave, or do not belong --------------------------------------------------------------


async def test_a_node_paused_and_let_go_catches_up_and_holds_nobody_up(bank: Bank, redis: RedisServer) -> None:
    async with bank.two_nodes(**linked(redis)) as (first, second):
        await until_linked(first, second)
        async with connected(bank, first) as near, connected(bank, second) as far:
            second.pause()
            action_id = await bank.hold(first)
            await event(near, "challenge_opened")
            await near.send(await bank.answer_of(bank.anne, action_id))
            await event(near, "action_ended")
            await asyncio.sleep(3)
            second.go_on()
            assert (await event(far, "challenge_opened"))["id"] == action_id
            assert (await event(far, "action_ended"))["id"] == action_id
            assert await bank.readiness(second) == (200, "")


async def test_a_node_that_drains_sends_its_devices_to_the_other(bank: Bank, redis: RedisServer) -> None:
    async with bank.two_nodes(**linked(redis)) as (first, second):
        await until_linked(first, second)
        device = await bank.device(bank.anne)
        async with connected(bank, first, device) as leaving:
            began = time.monotonic()
            stopping = asyncio.create_task(first.stop())
            drain = (await leaving.receive_until("drain"))[-1]
            assert 30_000 <= int(str(drain["after_ms"])) <= 60_000
            assert await close_code(leaving) == 4200
            assert await stopping == 0
            assert time.monotonic() - began < 3
        async with connected(bank, second, device) as back:
            await bank.hold(second)
            await event(back, "challenge_opened")


async def test_a_node_with_other_settings_is_refused_until_the_house_is_restamped(bank: Bank) -> None:
    async with bank.node() as first:
        elsewhere = {"SERVER__PUBLIC_ORIGIN": "https://elsewhere.test", "APPROVALS__ENVIRONMENT": "rehearsal"}
        code, said = await bank.run("serve", "--demo", **elsewhere)
        assert code == 1
        assert "another environment, origin" in said
        assert "[house_mismatch]" in said
        assert await bank.readiness(first) == (200, "")
        assert (await bank.run("restamp", **elsewhere))[0] == 0
        status, reason = await bank.readiness(first)
        assert status == 503
        assert "another environment, origin" in reason
    async with bank.node(**elsewhere) as second:
        assert await bank.readiness(second) == (200, "")


async def test_a_schema_that_changed_under_a_node_fails_its_readiness(bank: Bank) -> None:
    async with bank.node() as node:
        async with bank.database.transaction() as connection:
            await connection.execute("INSERT INTO migrations (name, digest) VALUES ($1, $2)", "9999_later.sql", "d")
        status, reason = await bank.readiness(node)
        assert status == 503
        assert "the schema is unknown" in reason
        code, said = await bank.run("serve", "--demo")
        assert code == 1
        assert "[schema_unknown]" in said
