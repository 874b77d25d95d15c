"""Bridge, pyscard, pcscd, vpcd, card: all real; and the bank that checks the code."""

import socket
import time
from pathlib import Path
from threading import Event

import pytest
from smartcard import scard
from typing_extensions import override

from approvals.desk.answered import Answered
from approvals.model.action import ActionStatus
from approvals.model.proof import Answer, CapProof
from approvals.model.reader import CODE_KEY, ReaderInput
from approvals.store.book import SqlBook
from card_bridge.conversation import conversation
from card_bridge.readers.base import carry
from card_bridge.readers.pcsc import held_card, readers
from card_bridge.readers.refusals import CardAbsent, CardRemoved, CardSilent, ReaderShared, ReaderUnknown
from card_bridge.readers.time_limit import within
from deploy.demo.virtual_card.chip import Chip
from deploy.demo.virtual_card.replay import Replay
from deploy.demo.virtual_card.transport import T0, T1
from tests import house as bank
from tests.card_bridge.talking import PIN, Fingers, Heard, heard, new_card
from tests.house import House, mine, release_of
from tests.joined_desks import Parts
from tests.log_watch import never_log
from tests.pcsc import Pcscd, pull_out


@pytest.fixture
def house(book: SqlBook, tmp_path: Path) -> House:
    return House(Parts(book=book, folder=tmp_path))


def code_in_the_reader(typed: ReaderInput, pin: str = PIN) -> str:
    with held_card(patience=5) as card:
        digits = carry(conversation(typed), card, Fingers([pin])).digits
    never_log(digits)
    return digits


@pytest.mark.parametrize("transport", [T0, T1])
def test_a_card_in_a_real_reader_gives_a_code(pcscd: Pcscd, tmp_path: Path, transport: type[T0 | T1]) -> None:
    with pcscd.card_in(transport(Chip(new_card(tmp_path / "card.json")))):
        assert len(code_in_the_reader(CODE_KEY)) == 8


async def test_the_bank_releases_on_the_code_of_the_card_in_the_reader(pcscd: Pcscd, house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("beneficiary"), await house.sign_in(anne)
    challenge = mine(sheet, anne)
    assert challenge.reader_input is not None
    with pcscd.card_in(T0(Chip(anne.chip))):
        code = code_in_the_reader(challenge.reader_input, bank.PIN)
    answered = await house.answers.answer(here.login.id, challenge.id, CapProof(code=code))
    assert answered == Answered(answer=Answer.ACCEPTED, attempts_left=3)
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED
    assert await release_of(house, sheet) is not None


@pytest.mark.parametrize(
    "vector", [each for each in heard() if len(each.transcript["atr"]) > 2], ids=lambda each: each.id
)
def test_public_transcripts_pass_the_real_stack(pcscd: Pcscd, vector: Heard) -> None:
    with pcscd.card_in(Recorded(vector)):
        assert code_in_the_reader(vector.typed) == vector.expect.zfill(8)


class Recorded(Replay):
    """A card of the vectors, with its own answer to reset."""

    def __init__(self, vector: Heard) -> None:
        super().__init__(vector.transcript)
        self.atr = bytes.fromhex(vector.transcript["atr"])


def test_readers_and_cards_come_and_go(pcscd: Pcscd, tmp_path: Path) -> None:
    assert not any(reader.has_card for reader in readers())
    with pytest.raises(CardAbsent), held_card():
        pass
    with pytest.raises(ReaderUnknown), held_card(reader="another"):
        pass
    with pcscd.card_in(T0(Chip(new_card(tmp_path / "card.json")))):
        assert [reader.has_card for reader in readers()] == [True, False]


def test_a_card_pulled_out_midway_is_told(pcscd: Pcscd, tmp_path: Path) -> None:
    card = T0(Chip(new_card(tmp_path / "card.json")))
    with pcscd.card_in(card) as slot, held_card() as held, pytest.raises(CardRemoved):
        carry(conversation(CODE_KEY), held, Clumsy(slot))


class Clumsy(Fingers):
    """Takes the card out in place of typing the PIN's last digit."""

    def __init__(self, slot: socket.socket) -> None:
        super().__init__([PIN])
        self._slot = slot

    @override
    def type_pin(self, tries_left: int | None) -> bytearray:
        pull_out(self._slot)
        return super().type_pin(tries_left)


def test_a_card_another_program_uses_is_told_at_once(pcscd: Pcscd, tmp_path: Path) -> None:
    with pcscd.card_in(T0(Chip(new_card(tmp_path / "card.json")))):
        _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        name = readers()[0].name
        result, *_ = scard.SCardConnect(context, name, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0)
        assert result == scard.SCARD_S_SUCCESS
        with pytest.raises(ReaderShared), held_card():
            pass
        scard.SCardReleaseContext(context)


def test_two_bridges_cannot_hold_one_card(pcscd: Pcscd, tmp_path: Path) -> None:
    card = T0(Chip(new_card(tmp_path / "card.json")))
    with pcscd.card_in(card), held_card(), pytest.raises(ReaderShared), held_card():
        pass


def test_a_call_that_never_comes_back_is_left_to_itself() -> None:
    never = Event()
    began = time.monotonic()
    with pytest.raises(CardSilent):
        within(0.05, lambda: never.wait(60))
    assert time.monotonic() - began < 5
    never.set()
