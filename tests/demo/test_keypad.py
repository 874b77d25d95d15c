"""The drawn reader of the demo: the same card, the same code, by keys."""

from pathlib import Path

import pytest

from approvals.cap.tables import published_profiles
from deploy.demo.card import Card, personalise, read_card
from deploy.demo.reader import glass
from deploy.demo.reader_page.keypad import Glass, Keypad
from tests.joined_desks import ISSUER_KEY

PIN = "4271"
WRONG = "1111"


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "card.json"
    (profile,) = (each for each in published_profiles() if each.id == "secur-acces")
    personalise(path, issuer_key=ISSUER_KEY, pan="9250999000000019", psn="01", profile=profile, pin=PIN)
    return path


def press(keypad: Keypad, *keys: str) -> Keypad:
    for key in keys:
        keypad.press(key)
    return keypad


def inserted(card: Path) -> Keypad:
    keypad = Keypad()
    keypad.insert(card)
    return keypad


def test_code_asks_the_pin_and_shows_eight_digits(card: Path) -> None:
    keypad = press(inserted(card), "CODE", *PIN, "OK")
    assert (keypad.glass, len(keypad.code), keypad.code.isdigit()) == (Glass.CODE, 8, True)


def test_sign_gives_the_code_the_other_reader_gives_for_the_same_digits(card: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin.json"
    twin.write_bytes(card.read_bytes())
    other = glass(twin)
    next(other)
    shown = [other.send(line).text for line in ("insert", "SIGN", PIN, "43793912")][-1]
    keypad = press(inserted(card), "SIGN", *PIN, "OK", *"43793912", "OK")
    assert f"Code : {keypad.code}" == shown


def test_two_presses_of_code_never_show_the_same_code(card: Path) -> None:
    keypad = inserted(card)
    codes = {press(keypad, "CODE", *PIN, "OK").code for _ in range(5)}
    assert len(codes) == 5


def test_a_digit_is_taken_back(card: Path) -> None:
    keypad = press(inserted(card), "CODE", "4", "2", "7", "9", "C", "1", "OK")
    assert keypad.glass is Glass.CODE


def test_three_wrong_pins_block_the_card_for_good(card: Path) -> None:
    keypad = press(inserted(card), "CODE", *WRONG, "OK", *WRONG, "OK")
    assert (keypad.glass, keypad.tries_left) == (Glass.PIN, 1)
    press(keypad, *WRONG, "OK")
    assert keypad.glass is Glass.BLOCKED
    again = press(inserted(card), "CODE", *PIN, "OK")
    assert (again.glass, again.code) == (Glass.BLOCKED, "")


def test_wrong_pins_are_remembered_by_the_card_not_by_the_reader(card: Path) -> None:
    keypad = press(inserted(card), "CODE", *WRONG, "OK")
    keypad.take_out()
    press(inserted(card), "CODE", *WRONG, "OK")
    assert read_card(card).tries_left == 1


@pytest.mark.parametrize(
    "keys", [[], ["OK"], ["4", "2"], ["CODE", "OK"], ["CODE", "4", "OK"], ["SIGN", *PIN, "OK", "OK"]]
)
def test_no_code_without_card_pin_and_digits(card: Path, keys: list[str]) -> None:
    assert press(Keypad(), *keys).code == ""
    assert press(inserted(card), *keys).code == ""


def test_a_file_that_is_no_card_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.write_text("{}")
    keypad = press(inserted(path), "CODE")
    assert keypad.glass is Glass.UNREADABLE


def test_taking_the_card_out_forgets_pin_and_code(card: Path) -> None:
    keypad = press(inserted(card), "CODE", *PIN, "OK")
    keypad.take_out()
    assert (keypad.glass, keypad.code, keypad.typed) == (Glass.EMPTY, "", "")
    assert isinstance(read_card(card), Card)
