import ast
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.demo.virtual_card.chip import Chip
from deploy.demo.virtual_card.replay import Replay
from deploy.demo.virtual_card.transport import T0
from tests.card_bridge.talking import Heard, heard, new_card

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "deploy" / "demo" / "virtual_card"


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_nothing_of_the_bridge_is_in_the_virtual_card() -> None:
    sources = [*PACKAGE.glob("*.py"), ROOT / "deploy" / "demo" / "card.py"]
    assert len(sources) > 5
    assert not [name for source in sources for name in imported(source) if name.startswith("card_bridge")]


@pytest.mark.parametrize("vector", heard(), ids=lambda vector: vector.id)
def test_transcripts_are_said_again_byte_for_byte(vector: Heard) -> None:
    card = Replay(vector.transcript)
    for asked, said in vector.transcript.items():
        if asked != "atr":
            assert card.answer(bytes.fromhex(asked)).hex().upper() == said


def test_the_french_chip_answers_in_the_form_of_the_french_transcript(tmp_path: Path) -> None:
    """Cryptogram and counter are its own; everything else of GPO and GENERATE AC is the public card's."""
    chip = Chip(new_card(tmp_path / "card.json"))
    transcript = heard()[0].transcript
    chip.answer(bytes.fromhex("00A4040007A0000000038002"))
    assert chip.answer(bytes.fromhex("80A80000028300")).hex() == transcript["80A80000028300"]
    chip.answer(bytes.fromhex("00200080082 6580213FFFFFFFF".replace(" ", "")))
    (asked,) = [command for command in transcript if command.startswith("80AE80")]
    answer = chip.answer(bytes.fromhex(asked)).hex().upper()
    said = transcript[asked]
    assert (answer[:16], answer[-24:]) == (said[:16], said[-24:])
    assert len(answer) == len(said)


def test_t0_keeps_an_answer_until_it_is_fetched_by_its_length(tmp_path: Path) -> None:
    card = T0(Chip(new_card(tmp_path / "card.json")))
    waiting = card.answer(bytes.fromhex("00A4040007A0000000038002"))
    assert waiting[0] == 0x61
    assert card.answer(bytes.fromhex("00C0000000")) == bytes([0x6C, waiting[1]])
    assert len(card.answer(bytes.fromhex("00C00000") + waiting[1:])) == waiting[1] + 2
    assert card.answer(bytes.fromhex("00C00000") + waiting[1:]).hex() == "6985"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("00A4040007A0000000048002", "6a82"),
        ("00A404", "6700"),
        ("80A80000028300", "6985"),
        ("00B2020C00", "6a83"),
        ("80CA9F3600", "6a88"),
        ("002000800100", "6700"),
        ("80AE800000", "6985"),
        ("0084000000", "6d00"),
    ],
)
def test_what_the_chip_does_not_do_is_a_status_word(tmp_path: Path, command: str, status: str) -> None:
    assert Chip(new_card(tmp_path / "card.json")).answer(bytes.fromhex(command)).hex() == status


def test_the_virtual_card_explains_itself() -> None:
    shown = subprocess.run(  # this Python
        [sys.executable, "-m", "deploy.demo.virtual_card", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "python -m deploy.demo.virtual_card var/demo/card.json --port 15963" in shown.stdout
