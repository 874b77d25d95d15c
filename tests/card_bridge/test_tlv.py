import pytest

from card_bridge.emv.refusals import (
    CardMalformed,
    ObjectMissing,
    ObjectRepeated,
    TagTooLong,
    TlvIndefinite,
    TlvTooDeep,
    TlvTooLong,
    TlvTruncated,
)
from card_bridge.emv.tlv import by_tag, one_object, read_objects


def test_templates_hold_objects_and_zeros_between_them_mean_nothing() -> None:
    (template,) = read_objects(bytes.fromhex("0070 08 00 9F5501A0 00 5A00".replace(" ", "")))
    assert template.tag == 0x70
    assert by_tag([template]) == {0x9F55: b"\xa0", 0x5A: b""}


def test_long_lengths_are_read() -> None:
    (found,) = read_objects(bytes.fromhex("5A8180") + bytes(128))
    assert len(found.value) == 128
    assert read_objects(bytes.fromhex("5A820002ABCD"))[0].value == b"\xab\xcd"


@pytest.mark.parametrize(
    ("encoded", "refusal"),
    [
        ("5A", TlvTruncated),
        ("9F", TlvTruncated),
        ("5A05ABCD", TlvTruncated),
        ("5A81", TlvTruncated),
        ("5A8201", TlvTruncated),
        ("7004 5A05ABCD", TlvTruncated),
        ("7080 5A00 0000", TlvIndefinite),
        ("5A83000001AB", TlvTooLong),
        ("5AFF", TlvTooLong),
        ("5A820101" + "00" * 257, TlvTooLong),
        ("9F8101 01AB", TagTooLong),
        ("700C 700A 7008 7006 7004 7002 7000", TlvTooDeep),
    ],
)
def test_each_malformed_object_has_its_own_refusal(encoded: str, refusal: type[CardMalformed]) -> None:
    with pytest.raises(refusal):
        read_objects(bytes.fromhex(encoded.replace(" ", "")))


def test_an_object_that_stands_twice_is_refused() -> None:
    with pytest.raises(ObjectRepeated):
        by_tag(read_objects(bytes.fromhex("70069F5501A05A0070049F550120".replace(" ", ""))))


@pytest.mark.parametrize("encoded", ["", "5A00", "70007000"])
def test_an_answer_is_one_object_under_an_awaited_tag(encoded: str) -> None:
    with pytest.raises(ObjectMissing):
        one_object(bytes.fromhex(encoded), 0x70)
