"""Yesterday's backup brought back under two nodes, with devices that knew more, and a core that had done more.

What the backup forgot was signed, released and heard of: none of it happens a second time, and nobody is left behind.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp import web

from approvals.model.ids import ActionId
from approvals.model.json import Json
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.channels.stream import Enrolled, Frame
from tests.flows.devices import connected, event, verdict
from tests.flows.ends import code_of, proof_of, released
from tests.flows.nodes import Bank, Node, phone
from tests.house import House
from tests.joined_desks import Parts
from tests.postgresql import PostgresqlServer
from tests.server.outside.receiver import listening

CORE_KEY = "ctk_core"
REREAD = {"FANOUT__REREAD_EVERY": "1"}
"""Without Redis a node that hears nothing looks this often, in seconds."""


@dataclass(slots=True, kw_only=True)
class RememberingCore:
    """The bank's core: carries a release out once, and says afterwards which it carried out."""

    url: str = ""
    carried_out: Counter[str] = field(default_factory=Counter)

    async def take(self, request: web.Request) -> web.Response:
        sent = json.loads(await request.read())
        self.carried_out[str(sent["data"]["action"])] += 1
        return web.Response(status=204)

    async def tell(self, request: web.Request) -> web.Response:
        action = request.match_info["action"]
        if action in self.carried_out:
            return web.json_response({"action": action})
        unknown = json.dumps({"code": "action_unknown"})
        return web.Response(status=404, text=unknown, content_type="application/problem+json")


@pytest.fixture
async def remembering_core() -> AsyncIterator[RememberingCore]:
    core = RememberingCore()
    app = web.Application()
    app.add_routes([web.post("/releases", core.take), web.get("/releases/{action}", core.tell)])
    async with listening(app) as origin:
        core.url = f"{origin}/releases"
        yield core


@asynccontextmanager
async def brought_back(bank: Bank, server: PostgresqlServer, backup: Path) -> AsyncIterator[Bank]:
    """The same bank on a database made of its backup; the lost one is left alone."""
    url = await server.make_empty_database()
    moved = replace(bank, environment={**bank.environment, "CONTRESEING_DATABASE__URL": url})
    code, said = await moved.run("restore", "begin", str(backup))
    assert (code, "restore finish" in said) == (0, True), said
    database = await open_database(url)
    house = House(Parts(book=SqlBook(database), folder=bank.house.folder))
    yield replace(moved, house=house, database=database)
    await database.close()
    await server.drop(url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yesterday:
    """What was so when the house was lost: `signed` and `open` are in the backup as pending, `later` is not in it."""

    device: Enrolled
    epoch: str
    heard: int
    signed: ActionId
    open: ActionId
    later: ActionId


async def live_until_lost(bank: Bank, core: RememberingCore, backup: Path) -> Yesterday:
    """Two nodes serve Anne's two devices; a backup is made; then she signs on."""
    async with bank.two_nodes(CORE__WEBHOOK=core.url, **REREAD) as (first, second):
        device = await bank.sign_in(first, await bank.device(bank.anne))
        async with phone(first, device, bank.house.terms.origin) as near, connected(bank, second) as far:
            epoch = str((await near.greet_signed_in())[0]["epoch"])
            signed, left_open = await bank.hold(first), await bank.hold(second)
            code, said = await bank.run("backup", str(backup))
            assert code == 0, said
            later = await bank.hold(second)
            for action_id in (signed, later):
                await near.send(await bank.answer_of(bank.anne, action_id))
                assert (await verdict(near))["answer"] == "accepted"
            await released(bank, second, [signed, later])
            heard = [int(str((await far.receive_until("event"))[-1]["s"])) for _ in range(7)]
    return Yesterday(device=device, epoch=epoch, heard=heard[-1], signed=signed, open=left_open, later=later)


async def test_yesterdays_backup_under_two_nodes_releases_nothing_twice_and_loses_nobody(
    bank: Bank, postgresql_server: PostgresqlServer, remembering_core: RememberingCore, tmp_path: Path
) -> None:
    backup = tmp_path / "yesterday"
    was = await live_until_lost(bank, remembering_core, backup)
    async with (
        brought_back(bank, postgresql_server, backup) as again,
        again.two_nodes(CORE__WEBHOOK=remembering_core.url, **REREAD) as (first, second),
    ):
        assert await is_signed_out(again, first, was.device)
        device = await again.sign_in(first, was.device)
        async with phone(first, device, again.house.terms.origin) as near, connected(again, second) as far:
            began_anew = await near.greet_signed_in(epoch=was.epoch, after=was.heard)
            assert [began_anew[0]["resumed"], *reset_reasons(began_anew)] == [False, "epoch"]
            await waits_for_the_operator(again, first, device, was)
            code, said = await again.run("restore", "finish", CORE__WEBHOOK=remembering_core.url)
            assert (code, "1 actions" in said) == (0, True), said
            for stream in (near, far):
                assert (await event(stream, "action_ended"))["id"] == was.signed
        await sign_again(again, second, device, was.open)
        await released(again, first, [was.signed, was.open])
    assert remembering_core.carried_out == {was.signed: 1, was.later: 1, was.open: 1}


async def is_signed_out(bank: Bank, node: Node, device: Enrolled) -> bool:
    """Every stay of before is over."""
    return (await bank.reply("GET", node, "/v1/sessions", token=device.login_token))[0] == 401


def reset_reasons(frames: list[Frame]) -> list[Json]:
    return [frame["reason"] for frame in frames if frame["type"] == "reset"]


async def waits_for_the_operator(bank: Bank, node: Node, device: Enrolled, was: Yesterday) -> None:
    """Nothing the backup forgot is known, and nothing it remembers can be signed or leaves."""
    gone = await bank.reply("GET", node, f"/v1/actions/{was.later}", token=CORE_KEY)
    assert code_of(gone) == (404, "not_found")
    assert await bank.status_of(node, was.signed) == "pending"
    refused = await bank.sign(node, device, was.open, await proof_of(bank, device, was.open))
    assert code_of(refused)[1] in {"card_resync_due", "restore_unfinished"}
    assert await bank.status_of(node, was.open) == "pending"


async def sign_again(bank: Bank, node: Node, device: Enrolled, action_id: ActionId) -> None:
    """The card is brought back into step, on the node that did not hear of the restore's end, and signs."""
    refused = await bank.sign(node, device, action_id, await proof_of(bank, device, action_id))
    assert code_of(refused)[1] == "card_resync_due"
    person = device.person
    codes: Mapping[str, object] = {"first": person.code_key().code, "second": person.code_key().code}
    await bank.post(node, f"/v1/cards/{person.card.id}/resync", codes, token=device.login_token)
    status, said = await bank.sign(node, device, action_id, await proof_of(bank, device, action_id))
    assert (status, said.get("answer")) == (200, "accepted"), said
