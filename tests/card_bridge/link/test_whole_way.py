"""Everything real: server, database, bridge, reader service, virtual reader and card (issue: Card bridge, Link)."""

import asyncio
from pathlib import Path

from approvals.model.card import CardStatus
from approvals.model.inbox import EventKind
from deploy.demo.card import Card, read_card
from deploy.demo.virtual_card.chip import Chip
from deploy.demo.virtual_card.transport import T0
from tests.card_bridge.link.desk import Desk, at_desk, listening_sockets, until
from tests.card_bridge.link.town import Town
from tests.card_bridge.test_cli import run
from tests.house import PIN
from tests.log_watch import never_log
from tests.pcsc import Pcscd


def block(chip: T0) -> None:
    """Type three wrong PINs: 00 20 00 80, a plain PIN block (EMV book 3, 6.5.12)."""
    select = bytes.fromhex("00A4040007A0000000038002")
    wrong = bytes.fromhex("0020008008240000FFFFFFFFFF")
    answers = [chip.answer(command)[-2:] for command in (select, wrong, wrong, wrong)]
    assert answers[-1] == bytes.fromhex("63C0")


def chip_of(desk: Desk) -> T0:
    return T0(Chip(chip_card(desk)))


def chip_card(desk: Desk) -> Card:
    return read_card(desk.bank.house.folder / f"{desk.person.user.id}.json")


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


async def test_another_card_in_the_reader_is_told_before_its_pin_is_asked(
    town: Town, pcscd: Pcscd, tmp_path: Path
) -> None:
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await desk.pair(node, town.origin)
        with pcscd.card_in(T0(Chip(chip_card(desk), "4761739001019999"))):
            async with desk.bridge():
                await town.hand_over(node, desk, await town.bank.hold(node))
                await desk.until_said("pas la carte demandée")
        assert not (desk.home / "pin-asked").exists()


async def test_a_card_that_a_local_command_finds_blocked_is_blocked_at_the_bank_too(
    town: Town, pcscd: Pcscd, tmp_path: Path
) -> None:
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await desk.pair(node, town.origin)
        number = f"476173900101{desk.person.card.last4}"
        never_log(number)
        chip = T0(Chip(chip_card(desk), number))
        block(chip)
        with pcscd.card_in(chip):
            ended = await asyncio.to_thread(run, "code", "--file", str(desk.file))
        assert (ended.returncode, "[card_blocked]" in ended.stderr) == (3, True)
        assert "facturée selon le tarif" in ended.stderr
        assert (await town.bank.house.card(desk.person)).status is CardStatus.BLOCKED


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
