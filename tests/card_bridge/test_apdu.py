import pytest

from card_bridge.emv import apdu
from card_bridge.emv.apdu import Response, Transport, read_response
from card_bridge.emv.refusals import CardMalformed, ResponseTooLong, ResponseTruncated, StatusRefused, refusal_of
from card_bridge.refusals import BridgeRefusal, PinWrongLength

NAMED = [
    "6283",
    "6400",
    "6581",
    "6700",
    "6881",
    "6882",
    "6982",
    "6985",
    "6986",
    "6A80",
    "6A81",
    "6A82",
    "6A83",
    "6A86",
    "6A88",
    "6B00",
    "6D00",
    "6E00",
    "6F00",
]


def test_t1_asks_for_the_answer_and_t0_does_not() -> None:
    select = apdu.select(bytes.fromhex("A0000000048002"))
    assert select.encoded(Transport.T0).hex() == "00a4040007a0000000048002"
    assert select.encoded(Transport.T1).hex() == "00a4040007a000000004800200"
    assert apdu.read_record(1, 4).encoded(Transport.T0).hex() == "00b2040c00"


@pytest.mark.parametrize(
    ("pin", "command"),
    [
        ("1234", "0020008008241234ffffffffff"),
        ("12345", "00200080082512345fffffffff"),
        ("123456789012", "00200080082c123456789012ff"),
    ],
)
def test_verify_holds_the_pin_as_emv_writes_it(pin: str, command: str) -> None:
    assert apdu.verify(bytearray(pin.encode())).hex() == command


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "12 4", "١٢٣٤"])
def test_what_is_no_pin_never_reaches_the_card(pin: str) -> None:
    with pytest.raises(PinWrongLength):
        apdu.verify(bytearray(pin.encode()))


@pytest.mark.parametrize(
    ("received", "refusal"), [(b"", ResponseTruncated), (b"\x90", ResponseTruncated), (bytes(259), ResponseTooLong)]
)
def test_an_answer_has_two_to_258_bytes(received: bytes, refusal: type[CardMalformed]) -> None:
    with pytest.raises(refusal):
        read_response(received)


@pytest.mark.parametrize("status", NAMED)
def test_each_known_status_word_is_a_refusal_of_its_own(status: str) -> None:
    refusal = refusal_of(int(status, 16))
    assert type(refusal) is not StatusRefused
    assert refusal.status == refusal.answered == int(status, 16)
    with pytest.raises(type(refusal)):
        Response(data=b"", status=int(status, 16)).required()


def test_an_unknown_status_word_is_refused_all_the_same() -> None:
    with pytest.raises(StatusRefused) as raised:
        Response(data=b"secret", status=0x9100).required()
    assert raised.value.code == "status_unknown"


def test_every_refusal_of_the_bridge_has_a_code_of_its_own_and_a_sentence_in_both_languages() -> None:
    leaves = [each for each in _tree(BridgeRefusal) if hasattr(each, "code")]
    codes = [each.code for each in leaves]
    assert len(set(codes)) == len(codes) > 40
    ends = (".", "{detail}")  # the bank's own sentence
    assert all(each.french.endswith(ends) and each.english.endswith(ends) for each in leaves)


def _tree(root: type[BridgeRefusal]) -> list[type[BridgeRefusal]]:
    return [root, *(each for child in root.__subclasses__() for each in _tree(child))]
