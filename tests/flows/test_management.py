"""The management port of a real node, asked as Prometheus and a supervisor ask it."""

import asyncio
from collections.abc import Mapping

from tests.flows.nodes import Bank, phone
from tests.ports import free_ports
from tests.server.test_metrics import samples_of


async def scrape(bank: Bank, port: int) -> Mapping[str, float]:
    async with bank.session.get(f"http://127.0.0.1:{port}/metrics") as response:
        assert response.headers["Content-Type"].startswith("text/plain; version=")
        return samples_of(await response.text())


async def status(bank: Bank, port: int, path: str) -> int:
    async with bank.session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status


async def test_an_approval_shows_on_the_management_port(bank: Bank) -> None:
    port, dead_core = free_ports(2)
    settings = {"MANAGEMENT__PORT": str(port), "CORE__WEBHOOK": f"http://127.0.0.1:{dead_core}/releases"}
    async with bank.node(**settings) as node:
        assert [await status(bank, port, path) for path in ("/health/live", "/health/ready", "/v1/actions")] == [
            200,
            200,
            404,
        ]
        assert (await scrape(bank, port))["contreseing_sockets"] == 0
        device = await bank.sign_in(node, await bank.device(bank.anne))
        async with phone(node, device, bank.house.terms.origin) as stream:
            await stream.greet_signed_in()
            action_id = await bank.hold(node)
            await stream.receive_until("event")
            await stream.send(await bank.answer_of(bank.anne, action_id))
            await stream.receive_until("result")
            await asyncio.sleep(0.5)  # for the first attempt to deliver
            shown = await scrape(bank, port)
        assert shown["contreseing_sockets"] == 1
        assert shown["contreseing_actions_total{status=approved}"] == 1
        assert shown["contreseing_proofs_total{means=cap,verdict=right}"] == 1
        assert shown["contreseing_delivery_attempts_total{outcome=undecided}"] >= 1
        assert (shown["contreseing_outbox_due"], shown["contreseing_outbox_retried"]) == (1, 1)
        assert 0 < shown["contreseing_time_to_sign_seconds_sum"] < 10
        assert shown["contreseing_pool_most"] == 20


async def test_readiness_fails_there_too_and_liveness_does_not(bank: Bank) -> None:
    (port,) = free_ports(1)
    async with bank.node(MANAGEMENT__PORT=str(port)):
        async with bank.database.transaction() as connection:
            await connection.execute("INSERT INTO migrations (name, digest) VALUES ($1, $2)", "9999_later.sql", "d")
        assert await status(bank, port, "/health/ready") == 503
        assert await status(bank, port, "/health/live") == 200
