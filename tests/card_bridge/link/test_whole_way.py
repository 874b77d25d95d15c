"""Everything real: server, database, bridge, reader service, virtual reader and card (issue: Card bridge, Link)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from approvals.model.card import CardStatus
from approvals.model.ids import ActionId
from approvals.model.inbox import EventKind
from approvals.model.proof import Purpose
from approvals.store.columns import number
from deploy.demo.card import read_card
from deploy.demo.virtual_card.chip import Chip
from deploy.demo.virtual_card.transport import T0
from tests.card_bridge.link.desk import Desk, at_desk, free_port, listening_sockets, until
from tests.flows.nodes import Bank, Node
from tests.flows.nodes import bank as open_bank
from tests.house import PIN, mine
from tests.pcsc import Pcscd
from tests.postgresql import PostgresqlServer
from tests.server.http.site import OPENING


@pytest.fixture
async def bank(postgresql_server: PostgresqlServer, tmp_path: Path) -> AsyncIterator[Bank]:
    async with open_bank(postgresql_server, tmp_path) as opened:
        yield opened


class Town:
    """One server at one address, stopped and started at will, and Anne at her desk."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"

    def node(self) -> AbstractAsyncContextManager[Node]:
        return self.bank.node(SERVER__PORT=str(self.port), SERVER__PUBLIC_ORIGIN=self.origin)

    async def hold_beneficiary(self, node: Node) -> ActionId:
        """Something to sign with the reader's SIGN key."""
        held = await self.bank.post(node, "/v1/actions", OPENING, token="ctk_core")  # noqa: S106  # the tests' own
        return ActionId(str(held["id"]))

    async def hand_over(self, node: Node, desk: Desk, action_id: ActionId) -> None:
        """Hand its challenge over, and type the digits shown at the bridge."""
        desk.type("digits", await self.ask(node, desk, action_id))

    async def ask(self, node: Node, desk: Desk, action_id: ActionId) -> str:
        """Hand its challenge over; return the digits the screen shows."""
        challenge = mine(await self.bank.house.sheet(action_id), desk.person)
        asked = await self.bank.post(node, f"/v1/challenges/{challenge.id}/handover", token=desk.login)
        return str(asked["digits"])

    async def approvals_tried(self) -> int:
        """How many codes were ever taken for checking, to approve something."""
        async with self.bank.database.reading() as connection:
            (row,) = await connection.fetch("SELECT COUNT(*) AS tried FROM proofs WHERE purpose = $1", Purpose.APPROVAL)
        return number(row, "tried")

    async def until_approved(self, node: Node, action_id: ActionId) -> None:
        async def is_approved() -> bool:
            return await self.bank.status_of(node, action_id) == "approved"

        await until(is_approved)


@pytest.fixture
def town(bank: Bank) -> Town:
    return Town(bank)


def block(chip: T0) -> None:
    """Type three wrong PINs: 00 20 00 80, a plain PIN block (EMV book 3, 6.5.12)."""
    select = bytes.fromhex("00A4040007A0000000038002")
    wrong = bytes.fromhex("0020008008240000FFFFFFFFFF")
    answers = [chip.answer(command)[-2:] for command in (select, wrong, wrong, wrong)]
    assert answers[-1] == bytes.fromhex("63C0")


def chip_of(desk: Desk) -> T0:
    return T0(Chip(read_card(desk.bank.house.folder / f"{desk.person.user.id}.json")))


async def test_two_digits_card_and_pin_at_the_bridge_release_what_the_screen_asked(
    town: Town, pcscd: Pcscd, tmp_path: Path
) -> None:
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await desk.pair(node, town.origin)
        assert desk.file.stat().st_mode & 0o777 == 0o600
        with pcscd.card_in(chip_of(desk)):
            async with desk.bridge() as bridge:
                action_id = await town.hold_beneficiary(node)
                await town.hand_over(node, desk, action_id)
                await desk.until("asked")
                assert listening_sockets(bridge) == []
                await town.until_approved(node, action_id)
        asked = (desk.home / "asked").read_text()
        assert "Menuiserie Le Goff" in asked
        assert "Code secret de la carte" in asked


async def test_a_server_killed_while_the_pin_is_typed_and_back_again_counts_the_answer_once(
    town: Town, pcscd: Pcscd, tmp_path: Path
) -> None:
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await desk.pair(node, town.origin)
        with pcscd.card_in(chip_of(desk)):
            async with desk.bridge():
                desk.type("wait", "")
                action_id = await town.hold_beneficiary(node)
                await town.hand_over(node, desk, action_id)
                await desk.until("pin-asked")
                await node.kill()
                (desk.home / "wait").unlink()
                await asyncio.sleep(1)
                async with town.node() as again:
                    await town.until_approved(again, action_id)
                    assert await town.approvals_tried() == 1
                    assert (await town.bank.house.card(desk.person)).attempts_left == 3
                    next_id = await town.bank.hold(again)
                    await town.hand_over(again, desk, next_id)
                    await town.until_approved(again, next_id)


async def test_three_wrong_pins_block_the_card_at_the_bank_too(town: Town, pcscd: Pcscd, tmp_path: Path) -> None:
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await desk.pair(node, town.origin)
        chip = chip_of(desk)
        block(chip)

        async def is_blocked() -> bool:
            return (await town.bank.house.card(desk.person)).status is CardStatus.BLOCKED

        with pcscd.card_in(chip):
            async with desk.bridge() as bridge:
                await town.hand_over(node, desk, await town.bank.hold(node))
                await until(is_blocked)
                assert bridge.returncode is None
    events = await town.bank.house.inbox.read(desk.person.user.id, 0, 50)
    kinds = [event.news.kind for event in events]
    assert EventKind.CARD_BLOCKED in kinds


async def test_of_two_bridges_the_one_with_the_digits_has_it_and_the_other_stops_asking(
    town: Town, pcscd: Pcscd, tmp_path: Path
) -> None:
    async with town.node() as node:
        first = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        second = Desk(bank=first.bank, home=tmp_path / "laptop", person=first.person, login=first.login)
        (tmp_path / "laptop").mkdir()
        for desk in (first, second):
            await desk.pair(node, town.origin)
        with pcscd.card_in(chip_of(first)):
            async with first.bridge(), second.bridge():
                action_id = await town.bank.hold(node)
                asked = await town.ask(node, first, action_id)
                await asyncio.gather(first.until("asked"), second.until("asked"))
                first.type("digits", asked)
                await town.until_approved(node, action_id)
                await second.until_said("prise par un autre pont")


async def test_other_digits_end_it_at_the_bridge_too(town: Town, tmp_path: Path) -> None:
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await desk.pair(node, town.origin)
        async with desk.bridge() as bridge:
            action_id = await town.bank.hold(node)
            asked = await town.ask(node, desk, action_id)
            desk.type("digits", f"{(int(asked) + 1) % 100:02}")
            await desk.until_said("not the digits")
            assert bridge.returncode is None
        assert await town.bank.status_of(node, action_id) == "pending"


async def test_a_bridge_that_was_revoked_goes_and_says_so(town: Town, tmp_path: Path) -> None:
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await desk.pair(node, town.origin)
        listed = (await town.bank.call("GET", node, "/v1/devices", token=desk.login))["items"]
        assert isinstance(listed, list)
        (device,) = listed
        assert isinstance(device, dict)
        async with desk.bridge() as bridge:
            await town.bank.call("DELETE", node, f"/v1/devices/{device['id']}", token=desk.login)
            async with asyncio.timeout(20):
                assert await bridge.wait() == 4
            await desk.until_said("closed_for_good")


async def test_in_a_terminal_the_person_types_digits_yes_and_pin(town: Town, pcscd: Pcscd, tmp_path: Path) -> None:
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await desk.pair(node, town.origin)
        with pcscd.card_in(chip_of(desk)):
            async with desk.bridge(in_terminal=True) as bridge:
                assert bridge.stdin is not None
                action_id = await town.hold_beneficiary(node)
                digits = await town.ask(node, desk, action_id)
                for question, typed in (("Ses deux chiffres", digits), ("Signer avec la carte", "oui"), ("PIN", PIN)):
                    await desk.until_said(question)
                    bridge.stdin.write(f"{typed}\n".encode())
                await town.until_approved(node, action_id)
                await desk.until_said("Signé.")
