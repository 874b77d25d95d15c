"""The command as a person runs it: a process, a real reader, a PIN typed."""

import os
import pty
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from approvals.cap.check import Right, check_code
from approvals.model.reader import CODE_KEY, CapMode, ReaderInput
from card_bridge.cli.commands import app
from deploy.demo.card import Card, read_card
from deploy.demo.virtual_card.chip import Chip
from deploy.demo.virtual_card.transport import T0
from tests.card_bridge.talking import FRENCH, PIN, TREE, new_card
from tests.card_bridge.test_conversation import bank
from tests.log_watch import never_log
from tests.pcsc import Pcscd

LINE = [sys.executable, "-m", "card_bridge"]


def run(*words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # this Python
        [*LINE, *words],
        input=typed,
        env={**os.environ, "LC_ALL": "fr_FR.UTF-8", "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return new_card(tmp_path / "card.json")


def test_code_shows_the_code_and_the_tries_and_nothing_of_the_pin(pcscd: Pcscd, card: Card) -> None:
    with pcscd.card_in(T0(Chip(card))):
        ended = run("code", typed=f"{PIN}\n")
    never_log(ended.stdout.strip())
    assert ended.returncode == 0
    assert check_code(bank(card, FRENCH), CODE_KEY, ended.stdout.strip()) == Right(atc=1)
    assert "essais restants : 3" in ended.stderr
    assert PIN not in ended.stdout + ended.stderr


def test_sign_binds_the_amount_typed(pcscd: Pcscd, tmp_path: Path) -> None:
    card = new_card(tmp_path / "tree.json", TREE)
    with pcscd.card_in(T0(Chip(card))):
        ended = run("sign", "--challenge", "37890189", "--amount", "1250,50", typed=f"{PIN}\n")
    never_log(ended.stdout.strip())
    signed = ReaderInput(mode=CapMode.SIGN, digits="37890189", amount=125_050)
    assert check_code(bank(card, TREE), signed, ended.stdout.strip()) == Right(atc=1)


def test_three_wrong_pins_block_the_card_and_the_person_is_told_whom_to_call(pcscd: Pcscd, card: Card) -> None:
    with pcscd.card_in(T0(Chip(card))):
        cautious = run("code", typed="0000\n1111\n2222\n")
        insisting = run("code", "--last-try", typed="2222\n")
        again = run("code", typed=f"{PIN}\n", LC_ALL="en_GB.UTF-8")
    assert (cautious.returncode, insisting.returncode, again.returncode) == (1, 3, 3)
    assert "essais restants : 2" in cautious.stderr
    assert "--last-try" in cautious.stderr
    assert "chargé d'affaires" in insisting.stderr
    assert "card_blocked" in insisting.stderr
    assert "call your adviser" in again.stderr


def test_a_pin_on_a_terminal_is_not_shown(pcscd: Pcscd, card: Card, tmp_path: Path) -> None:
    person, terminal = pty.openpty()
    with pcscd.card_in(T0(Chip(card))):
        environment = {**os.environ, "LC_ALL": "en_GB.UTF-8"}
        process = subprocess.Popen(  # noqa: S603  # this Python
            [*LINE, "code"], stdin=terminal, stdout=terminal, stderr=terminal, env=environment
        )
        shown = b""
        while b"tries left: 3" not in shown:
            shown += os.read(person, 1000)
        while termios.tcgetattr(terminal)[3] & termios.ECHO:
            time.sleep(0.01)  # what is typed before the terminal is silent is thrown away
        os.write(person, f"{PIN}\n".encode())
        assert process.wait(timeout=60) == 0
        shown += os.read(person, 1000)
    os.close(person)
    os.close(terminal)
    assert PIN.encode() not in shown
    assert read_card(tmp_path / "card.json").atc == 1


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (("sign", "--challenge", "0"), "input_refused", 1),
        (("sign", "--challenge", "1", "--amount", "1,5"), "input_refused", 1),
        (("sign",), "input_refused", 1),
        (("code", "--reader", "another", "--wait", "0"), "reader_unknown", 75),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_an_exit_code(
    pcscd: Pcscd, card: Card, words: tuple[str, ...], code: str, status: int
) -> None:
    with pcscd.card_in(T0(Chip(card))):
        ended = run(*words, typed=f"{PIN}\n")
    assert (ended.returncode, ended.stdout) == (status, "")
    assert ended.stderr.rstrip().endswith(f"[{code}]")
    assert "Traceback" not in ended.stderr


def test_an_empty_line_is_no_pin_and_costs_no_try(pcscd: Pcscd, card: Card, tmp_path: Path) -> None:
    with pcscd.card_in(T0(Chip(card))):
        ended = run("code", typed="\n")
    assert "[pin_not_typed]" in ended.stderr
    assert read_card(tmp_path / "card.json").tries_left == 3


@pytest.mark.usefixtures("pcscd")
def test_no_card_is_told_after_the_wait() -> None:
    assert run("readers").stdout.count("vide") == 2
    ended = run("code", "--wait", "0")
    assert (ended.returncode, "[card_absent]" in ended.stderr) == (75, True)


def test_a_service_that_does_not_run_is_told(tmp_path: Path) -> None:
    ended = run("readers", PCSCLITE_CSOCK_NAME=str(tmp_path / "nothing"))
    assert (ended.returncode, "systemctl start pcscd" in ended.stderr) == (75, True)


def test_every_command_has_an_example() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert "contreseing-bridge" in (command.callback.__doc__ or "")
