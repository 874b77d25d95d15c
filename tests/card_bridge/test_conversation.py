from collections.abc import Callable
from pathlib import Path

import pytest
from typing_extensions import override

from approvals.cap.check import CheckedCard, Right, Wrong, check_code
from approvals.cap.cryptogram import cryptogram_for
from approvals.cap.keys import CardKeyOption, derive_card_key
from approvals.cap.profile import profile_for
from approvals.cap.tables import published_profiles
from approvals.model.reader import CODE_KEY, CapMode, ReaderInput
from card_bridge.conversation import INSISTING, conversation
from card_bridge.emv import cap
from card_bridge.emv.apdu import Transport
from card_bridge.emv.refusals import (
    ApplicationMissing,
    CardDeclined,
    CardNotBinding,
    ListMalformed,
    ObjectMissing,
    RecordNotFound,
    ResponseEndless,
    StatusRefused,
)
from card_bridge.readers.base import carry
from card_bridge.refusals import (
    BridgeRefusal,
    CardBlocked,
    InputRefused,
    LastTryLeft,
    OtherCard,
    PinEntryCancelled,
    PinEntryTimeout,
    PinWrongLength,
)
from deploy.demo.card import Card, read_card
from deploy.demo.virtual_card.chip import Chip
from deploy.demo.virtual_card.replay import Replay
from deploy.demo.virtual_card.tlv import tlv
from deploy.demo.virtual_card.transport import T0, T1
from tests.card_bridge.talking import (
    FRENCH,
    ISSUER_KEY,
    PIN,
    TDS,
    TREE,
    Fingers,
    Heard,
    Slot,
    code_from,
    heard,
    new_card,
)

RESPOND = ReaderInput(mode=CapMode.RESPOND, digits="27890189")
SIGN = ReaderInput(mode=CapMode.SIGN, digits="37890189", amount=125_050)
DATA = ReaderInput(mode=CapMode.TDS, fields=("125000", "37890189"))
FRENCH_CARD = heard()[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "card.json"


def bank(card: Card, pan: str) -> CheckedCard:
    key = derive_card_key(CardKeyOption.A, ISSUER_KEY, pan, "01")

    def cryptogram(atc: int, message: bytes) -> bytes:
        return cryptogram_for(card.profile, key, atc=atc, message=message)

    return CheckedCard(profile=card.profile, psn="01", last_atc=0, cryptogram=cryptogram)


@pytest.mark.parametrize("vector", heard(), ids=lambda vector: vector.id)
def test_the_talk_with_a_real_card_is_had_again_byte_for_byte(vector: Heard) -> None:
    card = Replay(vector.transcript)
    assert code_from(conversation(vector.typed), card) == vector.expect.zfill(8)
    said = [command for command in card.heard if command[1] != 0xCA]
    known = {bytes.fromhex(asked) for asked in vector.transcript if asked != "atr"}
    not_known = {command.hex() for command in said if command not in known}
    assert not_known <= {"00a4040007a0000000048002"}  # CAP is looked for first, on a card of Visa's too


@pytest.mark.parametrize("transport", [(T0, Transport.T0), (T1, Transport.T1)], ids=["T=0", "T=1"])
@pytest.mark.parametrize(
    ("pan", "typed"),
    [(FRENCH, CODE_KEY), (FRENCH, RESPOND), (TREE, CODE_KEY), (TREE, RESPOND), (TREE, SIGN), (TDS, DATA)],
)
def test_the_bank_accepts_the_code_of_each_mode_and_kind_of_card(
    path: Path, pan: str, typed: ReaderInput, transport: tuple[Callable[[Chip], T0 | T1], Transport]
) -> None:
    card = new_card(path, pan)
    code = code_from(conversation(typed), transport[0](Chip(card)), transport=transport[1])
    assert check_code(bank(card, pan), typed, code) == Right(atc=1)
    other = RESPOND if typed is CODE_KEY else CODE_KEY
    assert isinstance(check_code(bank(card, pan), other, code), Wrong)


@pytest.mark.parametrize(
    ("pan", "typed"),
    [
        (FRENCH, SIGN),  # this card asks no amount
        (TREE, ReaderInput(mode=CapMode.SIGN, digits="37890189")),
        (TREE, ReaderInput(mode=CapMode.SIGN, amount=100)),
        (TREE, ReaderInput(mode=CapMode.SIGN, digits="1", amount=0)),
        (TREE, ReaderInput(mode=CapMode.SIGN, digits="1", amount=10**12)),
        (TREE, ReaderInput(mode=CapMode.SIGN, digits="1", amount=1, currency="EUR")),
        (FRENCH, ReaderInput(mode=CapMode.RESPOND)),
        (FRENCH, ReaderInput(mode=CapMode.RESPOND, digits="0000")),
        (FRENCH, ReaderInput(mode=CapMode.RESPOND, digits="123456789")),
        (FRENCH, ReaderInput(mode=CapMode.RESPOND, digits="12a4")),
        (FRENCH, ReaderInput(mode=CapMode.RESPOND, digits="1", amount=5)),
        (FRENCH, ReaderInput(mode=CapMode.IDENTIFY, digits="1")),
        (FRENCH, ReaderInput(mode=CapMode.IDENTIFY, fields=("1",))),
        (TDS, ReaderInput(mode=CapMode.TDS)),
        (TDS, ReaderInput(mode=CapMode.TDS, fields=("12345678901",))),
        (TDS, ReaderInput(mode=CapMode.TDS, fields=("1",) * 11)),
    ],
)
def test_what_a_card_does_not_answer_is_refused_before_the_pin_is_asked(
    path: Path, pan: str, typed: ReaderInput
) -> None:
    fingers = Fingers([PIN])
    with pytest.raises(InputRefused):
        carry(conversation(typed), Slot(T0(Chip(new_card(path, pan)))), fingers)
    assert fingers.shown == []


def test_another_card_than_the_one_asked_is_told_before_the_pin_is_asked(path: Path) -> None:
    fingers, slot = Fingers([PIN]), Slot(T0(Chip(new_card(path), FRENCH)))
    with pytest.raises(OtherCard):
        carry(conversation(CODE_KEY, last4="9999"), slot, fingers)
    assert fingers.shown == []
    assert carry(conversation(CODE_KEY, last4=FRENCH[-4:]), slot, fingers).digits.isdigit()


def test_a_card_that_tells_no_number_is_taken_as_the_one_asked(path: Path) -> None:
    talk = conversation(CODE_KEY, last4="9999")
    assert carry(talk, Slot(T0(Chip(new_card(path)))), Fingers([PIN])).digits.isdigit()


@pytest.mark.parametrize(
    ("told", "last4"),
    [
        (tlv(0x5A, bytes.fromhex("4761739001010010")), "0010"),
        (tlv(0x5A, bytes.fromhex("476173900101002F")), "1002"),
        (tlv(0x57, bytes.fromhex("4761739001010027D2512201F0")), "0027"),
        (b"", None),
    ],
)
def test_of_the_number_the_last_four_digits_are_kept(told: bytes, last4: str | None) -> None:
    card = telling(told)
    assert card.last4 == last4
    assert "4761" not in repr(card)


@pytest.mark.parametrize("told", ["5A00", "5A08476173900101001A", "5A03476173", "5704D2512201", "570147"])
def test_a_number_of_another_shape_is_refused(told: str) -> None:
    with pytest.raises(ObjectMissing):
        telling(bytes.fromhex(told))


def telling(told: bytes) -> cap.CodeCard:
    """A card whose record holds this besides what a code needs."""
    bitmap = profile_for(FRENCH, published_profiles()).layout.bitmap
    return cap.code_card(cap.Application.CAP, [tlv(0x70, tlv(0x9F56, bitmap), tlv(0x8C), told)])


def test_a_blocked_card_says_which_it_is(path: Path) -> None:
    talk, slot = conversation(CODE_KEY, fewest_tries=INSISTING), Slot(T0(Chip(new_card(path), FRENCH)))
    with pytest.raises(CardBlocked) as blocked:
        carry(talk, slot, Fingers(["0000"] * 3))
    assert blocked.value.last4 == FRENCH[-4:]


def test_a_wrong_pin_is_asked_again_with_the_tries_left_and_stops_at_the_last(path: Path) -> None:
    card = new_card(path)
    fingers = Fingers(["0000", "1111", "2222"])
    with pytest.raises(LastTryLeft):
        carry(conversation(CODE_KEY), Slot(T0(Chip(card))), fingers)
    assert fingers.shown == [3, 2]
    assert read_card(path).tries_left == 1
    with pytest.raises(LastTryLeft):
        code_from(conversation(CODE_KEY), T0(Chip(read_card(path))))
    assert code_from(conversation(CODE_KEY, fewest_tries=INSISTING), T0(Chip(read_card(path)))).isdigit()


def test_three_wrong_pins_block_the_card_and_a_blocked_card_asks_none(path: Path) -> None:
    fingers = Fingers(["0000", "1111", "2222"])
    with pytest.raises(CardBlocked):
        carry(conversation(CODE_KEY, fewest_tries=INSISTING), Slot(T0(Chip(new_card(path)))), fingers)
    assert fingers.shown == [3, 2, 1]
    with pytest.raises(CardBlocked):
        carry(conversation(CODE_KEY), Slot(T0(Chip(read_card(path)))), fingers)
    assert len(fingers.shown) == 3


def test_the_pin_is_wiped_whether_it_was_right_or_not(path: Path) -> None:
    fingers = Fingers(["0000", PIN])
    carry(conversation(CODE_KEY), Slot(T0(Chip(new_card(path)))), fingers)
    assert [bytes(each) for each in fingers.buffers] == [bytes(4), bytes(len(PIN))]


def test_what_is_no_pin_is_wiped_too_and_costs_no_try(path: Path) -> None:
    fingers, slot = Fingers(["12a4"]), Slot(T0(Chip(new_card(path))))
    with pytest.raises(PinWrongLength):
        carry(conversation(CODE_KEY), slot, fingers)
    assert bytes(fingers.buffers[0]) == bytes(4)
    assert read_card(path).tries_left == 3


class Pad(Slot):
    """The same reader with a pad that answers one status word."""

    def __init__(self, behind: Replay, answer: str) -> None:
        super().__init__(behind, has_pad=True)
        self.answer = bytes.fromhex(answer)

    @override
    def verify_on_pad(self) -> bytes:
        return self.answer


def test_a_pin_typed_on_the_reader_never_reaches_the_pc() -> None:
    pad, fingers = Pad(Replay(FRENCH_CARD.transcript), "9000"), Fingers([])
    assert carry(conversation(CODE_KEY), pad, fingers).digits == FRENCH_CARD.expect
    assert fingers.buffers == []
    assert not any(command[1] == 0x20 for command in pad.sent)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ("6400", PinEntryTimeout),
        ("6401", PinEntryCancelled),
        ("6403", PinWrongLength),
        ("6983", CardBlocked),
        ("6984", CardBlocked),
        ("63C0", CardBlocked),
        ("63C1", LastTryLeft),
        ("6F00", StatusRefused),
    ],
)
def test_each_answer_to_a_verify_is_told_apart(answer: str, refusal: type[BridgeRefusal]) -> None:
    with pytest.raises(refusal):
        carry(conversation(CODE_KEY), Pad(Replay(FRENCH_CARD.transcript), answer), Fingers([]))


def changed(asked: str, said: str) -> Replay:
    """The French card, answering one command differently."""
    transcript = dict(FRENCH_CARD.transcript)
    (found,) = [command for command in transcript if command.startswith(asked)]
    return Replay({**transcript, found: said})


RECORD = FRENCH_CARD.transcript["00B2010C00"]
CLOSING = next(said for asked, said in FRENCH_CARD.transcript.items() if asked.startswith("80AE00"))


@pytest.mark.parametrize(
    ("asked", "said", "refusal"),
    [
        ("00A404", "6A82", ApplicationMissing),
        ("00A404", "6A81", ApplicationMissing),
        ("00A404", "9000", ObjectMissing),
        ("80A8", "80061000080201009000", ListMalformed),
        ("80A8", "80061000080100009000", ListMalformed),
        ("80A8", "80061000090101009000", ListMalformed),
        ("80A8", "8006100008017F009000", ListMalformed),
        ("80A8", "800510000801019000", ListMalformed),
        ("80A8", "800210009000", ListMalformed),
        ("80A8", "770482021000 9000".replace(" ", ""), ObjectMissing),
        ("00B2", "6A83", RecordNotFound),
        ("00B2", RECORD.replace("9F5611", "9F5711"), ObjectMissing),
        ("00B2", RECORD.replace("8C15", "8B15"), ObjectMissing),
        ("00B2", RECORD.replace("5F340100", "5F3401AA"), ObjectMissing),
        ("80AE80", RECORD, ObjectMissing),
        ("80AE80", "9000", ObjectMissing),
        ("80AE80", CLOSING, CardDeclined),
    ],
)
def test_each_wrong_answer_has_its_own_refusal(asked: str, said: str, refusal: type[BridgeRefusal]) -> None:
    with pytest.raises(refusal):
        code_from(conversation(CODE_KEY), changed(asked, said))


def test_a_card_that_leaves_the_challenge_out_is_refused_before_the_pin_is_asked() -> None:
    fingers = Fingers([PIN])
    card = changed("00B2", RECORD.replace("9F37048D17", "9F38048D17"))
    with pytest.raises(CardNotBinding):
        carry(conversation(RESPOND), Slot(card), fingers)
    assert fingers.shown == []


@pytest.mark.parametrize("status", [0x6C05, 0x6101])
def test_a_card_that_never_comes_to_its_answer_is_left(status: int) -> None:
    talk = conversation(CODE_KEY)
    with pytest.raises(ResponseEndless):
        carry(talk, Slot(Same(status)), Fingers([]))


class Same:
    """Selects, then answers one status word for ever."""

    def __init__(self, status: int) -> None:
        self._status = status

    def reset(self) -> None: ...

    def answer(self, command: bytes) -> bytes:
        if command[1] == 0xA4:
            return bytes.fromhex("6F009000")
        if command[1] == 0xA8:
            return bytes.fromhex("80061000080101009000")
        return self._status.to_bytes(2)
