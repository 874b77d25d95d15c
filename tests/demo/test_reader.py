"""The demo's reader, line by line; its codes are the bank's to accept."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Final

import pytest

from approvals.cap.check import CheckedCard, Right, Wrong, check_code, resynchronise
from approvals.cap.cryptogram import cryptogram_for
from approvals.cap.keys import CardKeyOption, derive_card_key
from approvals.cap.profile import CapProfile, profile_for
from approvals.cap.tables import published_profiles
from approvals.model.reader import CapMode, ReaderInput
from deploy.demo.card import Card, CardUnreadable, PinMissing, personalise, read_card
from deploy.demo.reader import BLOCKED, HELP, INSERT, REFUSED, UNREADABLE, glass

ROOT: Final = Path(__file__).parents[2]
ISSUER_KEY: Final = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PIN: Final = "4271"
PANS: Final = ("4761739001010010", "5413330089010012", "6799998900000010")
IDENTIFY: Final = ReaderInput(mode=CapMode.IDENTIFY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "card.json"


def new_card(path: Path, pan: str = PANS[0]) -> Card:
    profile = profile_for(pan, published_profiles())
    return personalise(path, issuer_key=ISSUER_KEY, pan=pan, psn="01", profile=profile, pin=PIN)


def type_all(path: Path, *lines: str) -> list[str]:
    """Every screen, from the first one on."""
    screens = glass(path)
    return [next(screens).text, *(screens.send(line).text for line in lines)]


def bank(card: Card, pan: str = PANS[0], *, last_atc: int = 0) -> CheckedCard:
    """The bank's view: it has the issuer key, and never the card's file."""
    profile = card.profile
    key = derive_card_key(CardKeyOption.A, ISSUER_KEY, pan, "01")

    def cryptogram(atc: int, message: bytes) -> bytes:
        return cryptogram_for(profile, key, atc=atc, message=message)

    return CheckedCard(profile=profile, psn="01", last_atc=last_atc, cryptogram=cryptogram)


def digits(screen: str) -> str:
    return screen.removeprefix("Code : ")


@pytest.mark.parametrize("pan", PANS)
def test_the_bank_accepts_the_code_of_the_code_key(path: Path, pan: str) -> None:
    card = new_card(path, pan)
    screens = type_all(path, "insert", "CODE", PIN)
    assert screens[0] == INSERT
    assert screens[2] == "PIN ?"
    assert check_code(bank(card, pan), IDENTIFY, digits(screens[-1])) == Right(atc=1)


def test_the_bank_accepts_the_digits_signed_and_no_others(path: Path) -> None:
    card = new_card(path)
    code = digits(type_all(path, "insert", "SIGN", PIN, "27890189")[-1])
    signed = ReaderInput(mode=CapMode.RESPOND, digits="27890189")
    assert check_code(bank(card), signed, code) == Right(atc=1)
    for other in (IDENTIFY, ReaderInput(mode=CapMode.RESPOND, digits="37890189")):
        assert isinstance(check_code(bank(card), other, code), Wrong)


def test_a_card_that_asks_the_amount_signs_it(path: Path) -> None:
    card = new_card(path, PANS[1])
    screens = type_all(path, "insert", "SIGN", PIN, "37890189", "1250,50")
    signed = ReaderInput(mode=CapMode.SIGN, digits="37890189", amount=125_050)
    assert screens[-2] == "Montant ?"
    assert check_code(bank(card, PANS[1]), signed, digits(screens[-1])) == Right(atc=1)


def test_a_card_that_signs_transaction_data_takes_number_after_number(path: Path) -> None:
    card = new_card(path, PANS[2])
    code = digits(type_all(path, "insert", "TDS", PIN, "125000", "37890189", "ok")[-1])
    signed = ReaderInput(mode=CapMode.TDS, fields=("125000", "37890189"))
    assert check_code(bank(card, PANS[2]), signed, code) == Right(atc=1)


def test_two_codes_in_a_row_resynchronise(path: Path) -> None:
    card = new_card(path)
    type_all(path, "insert", *["CODE", PIN] * 40)
    screens = type_all(path, "insert", "CODE", PIN, "CODE", PIN)
    assert resynchronise(bank(card), digits(screens[3]), digits(screens[5])) == Right(atc=42)


def test_the_counter_is_saved_before_the_code_is_shown(path: Path) -> None:
    new_card(path)
    type_all(path, "insert", "CODE")
    assert json.loads(path.read_text())["atc"] == 1


def test_a_card_taken_out_and_put_back_goes_on_from_its_counter(path: Path) -> None:
    card = new_card(path)
    type_all(path, "insert", "CODE", PIN)
    screens = type_all(path, "insert", "CODE", PIN)
    assert check_code(bank(card, last_atc=1), IDENTIFY, digits(screens[-1])) == Right(atc=2)


def test_three_wrong_pins_block_the_card_for_good(path: Path) -> None:
    new_card(path)
    screens = type_all(path, "insert", "CODE", "0000", "1111", "2222", "CODE")
    assert "essais restants : 2" in screens[3]
    assert "essais restants : 1" in screens[4]
    assert screens[5:] == [BLOCKED, BLOCKED]
    assert type_all(path, "insert", "SIGN")[-1] == BLOCKED


def test_the_tries_outlive_the_reader_and_a_right_pin_gives_them_back(path: Path) -> None:
    new_card(path)
    type_all(path, "insert", "CODE", "0000", "1111")
    assert read_card(path).tries_left == 1
    assert type_all(path, "insert", "CODE", PIN)[-1].startswith("Code : ")
    assert read_card(path).tries_left == 3


def test_what_is_no_pin_costs_no_try(path: Path) -> None:
    new_card(path)
    assert type_all(path, "insert", "CODE", "", "123", "abcd", "1234567890123")[-1] == "PIN ?"
    assert read_card(path).tries_left == 3


def test_the_pin_is_never_on_the_glass_and_is_read_without_echo(path: Path) -> None:
    new_card(path)
    screens = glass(path)
    shown = [next(screens), *(screens.send(line) for line in ("insert", "SIGN", "9999", PIN))]
    assert [screen.is_secret for screen in shown] == [False, False, True, True, False]
    assert not any(PIN in screen.text or "9999" in screen.text for screen in shown)


@pytest.mark.parametrize("typed", ["0", "00000000"])
def test_a_challenge_of_zero_is_refused(path: Path, typed: str) -> None:
    new_card(path)
    assert type_all(path, "insert", "SIGN", PIN, typed)[-1] == REFUSED


def test_what_the_reader_has_no_keys_for_is_asked_again(path: Path) -> None:
    new_card(path, PANS[1])
    screens = type_all(path, "insert", "SIGN", PIN, "123456789", "12a", "1234", "1,5", "-3", "1000000000000")
    assert screens[4:] == ["Chiffres ?", "Chiffres ?", "Montant ?", "Montant ?", "Montant ?", "Montant ?"]


def test_a_card_may_be_taken_out_at_any_time(path: Path) -> None:
    new_card(path)
    for lines in ((), ("CODE",), ("SIGN", PIN)):
        assert type_all(path, "insert", *lines, "remove")[-1] == INSERT


def test_help_is_one_line_and_loses_nothing(path: Path) -> None:
    new_card(path)
    screens = type_all(path, "insert", "SIGN", PIN, "help", "27890189")
    assert screens[4] == HELP
    assert screens[5].startswith("Code : ")


@pytest.mark.parametrize("content", ["", "{}", '{"atc": 1}'])
def test_a_file_that_is_no_card_is_told_as_such(path: Path, content: str) -> None:
    path.write_text(content)
    assert type_all(path, "insert")[-1] == UNREADABLE
    with pytest.raises(CardUnreadable):
        read_card(path)


def test_a_card_s_file_holds_its_own_key_and_is_its_owner_s_alone(path: Path) -> None:
    new_card(path)
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_text()
    assert derive_card_key(CardKeyOption.A, ISSUER_KEY, PANS[0], "01").hex() in content
    assert ISSUER_KEY.hex() not in content.lower()
    assert PANS[0] not in content


def test_a_chip_answers_nothing_before_its_pin_and_once_after(path: Path) -> None:
    card = new_card(path)
    card.start()
    with pytest.raises(PinMissing):
        card.generate_cryptogram(bytes(29))
    assert card.verify(PIN)
    card.generate_cryptogram(bytes(29))
    with pytest.raises(PinMissing):
        card.generate_cryptogram(bytes(29))


@pytest.mark.parametrize("pin", ["", "123", "12a4", "1234567890123"])
def test_a_card_is_not_made_with_a_pin_no_reader_could_type(path: Path, pin: str) -> None:
    profile: CapProfile = published_profiles()[0]
    with pytest.raises(ValueError, match="4 to 12"):
        personalise(path, issuer_key=ISSUER_KEY, pan=PANS[0], psn="01", profile=profile, pin=pin)
    assert not path.exists()


async def start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.demo.reader", *arguments, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )


async def test_the_reader_is_driven_through_pipes_a_screen_a_line(path: Path) -> None:
    card = new_card(path)
    process = await start(str(path))
    assert process.stdin is not None
    assert process.stdout is not None
    shown = [await process.stdout.readline()]
    for line in ("insert", "CODE", PIN):
        process.stdin.write(f"{line}\n".encode())
        shown.append(await process.stdout.readline())
    process.stdin.close()
    assert await process.wait() == 0
    assert shown[0].decode() == f"{INSERT}\n"
    assert check_code(bank(card), IDENTIFY, digits(shown[-1].decode().strip())) == Right(atc=1)


async def test_the_reader_explains_itself_in_both_languages() -> None:
    process = await start("--help")
    shown, _ = await process.communicate()
    assert "le fichier de la carte" in shown.decode()
    assert "the card's file" in shown.decode()
