"""Bits to digits and back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.cap.token import CardResponse, TokenLayout, code_of, sign_transaction_data, split_code
from approvals.errors import CapInputError, CapProfileError

BITMAPS = st.binary(min_size=18, max_size=18)
RESPONSES = st.builds(
    CardResponse,
    psn=st.from_regex(r"[0-9]{2}", fullmatch=True),
    cid=st.integers(0, 0xFF),
    atc=st.integers(0, 0xFFFF),
    cryptogram=st.binary(min_size=8, max_size=8),
    iad=st.binary(min_size=7, max_size=7),
)
FRENCH = TokenLayout(bitmap=bytes.fromhex("8001FFFFFF000000000000000000000000"), flags=0, code_length=8)
ANSWER = CardResponse(psn="00", cid=0x80, atc=0x10, cryptogram=bytes.fromhex("CF17CD2F3F369044"), iad=bytes(7))


def kept(value: int, mask: int) -> int:
    """The bits of a value under a mask, pushed together: one at a time, another way than the code's own."""
    bits = [value >> place & 1 for place in range(mask.bit_length()) if mask >> place & 1]
    return sum(bit << place for place, bit in enumerate(bits))


@given(BITMAPS, RESPONSES)
def test_a_code_split_gives_back_every_kept_bit(bitmap: bytes, response: CardResponse) -> None:
    layout = TokenLayout(bitmap=bitmap, flags=0, code_length=16)
    parts = split_code(layout, code_of(layout, response))
    assert parts is not None
    assert parts.psn == 0
    assert parts.cid == kept(response.cid, bitmap[0])
    assert parts.atc == kept(response.atc, int.from_bytes(bitmap[1:3]))
    assert parts.cryptogram == kept(int.from_bytes(response.cryptogram), int.from_bytes(bitmap[3:11]))
    assert parts.iad == kept(int.from_bytes(response.iad), int.from_bytes(bitmap[11:]))


@given(BITMAPS, RESPONSES)
def test_the_sequence_number_goes_in_front_where_the_card_says_so(bitmap: bytes, response: CardResponse) -> None:
    layout = TokenLayout(bitmap=bitmap, flags=0x40, code_length=16)
    parts = split_code(layout, code_of(layout, response))
    assert parts is not None
    assert parts.psn == kept(int(response.psn, 16), bitmap[0])
    assert parts.cid == kept(response.cid, bitmap[1])


@given(BITMAPS, RESPONSES, st.integers(1, 16))
def test_a_code_is_padded_and_never_cut(bitmap: bytes, response: CardResponse, length: int) -> None:
    whole = code_of(TokenLayout(bitmap=bitmap, flags=0, code_length=1), response)
    code = code_of(TokenLayout(bitmap=bitmap, flags=0, code_length=length), response)
    assert code == whole.rjust(length, "0")


def test_a_bitmap_of_33_bits_shows_ten_digits() -> None:
    layout = TokenLayout(bitmap=bytes.fromhex("80FFFFFFFF000000000000"), flags=0, code_length=8)
    assert code_of(layout, replace(ANSWER, atc=0xFFFF, cryptogram=b"\xff" * 8)) == str(2**33 - 1)


def test_a_number_beyond_the_kept_bits_is_no_code() -> None:
    assert split_code(FRENCH, str(2**26 - 1)) is not None
    assert split_code(FRENCH, str(2**26)) is None


def test_an_answer_shorter_than_its_bitmap_is_refused() -> None:
    layout = TokenLayout(bitmap=bytes.fromhex("00001F00000000000FFFFF00000000008000"), flags=0, code_length=8)
    with pytest.raises(CapInputError):
        code_of(layout, replace(ANSWER, iad=bytes(5)))
    with pytest.raises(CapInputError):
        code_of(layout, replace(ANSWER, cryptogram=bytes(7)))


@pytest.mark.parametrize(
    ("bitmap", "flags", "code_length"),
    [(bytes(10), 0, 8), (bytes(11), 0x40, 8), (bytes(18), 0, 0), (bytes(18), 0, 17), (bytes(18), 256, 8)],
)
def test_a_layout_that_makes_no_code_is_refused(bitmap: bytes, flags: int, code_length: int) -> None:
    with pytest.raises(CapProfileError):
        TokenLayout(bitmap=bitmap, flags=flags, code_length=code_length)


def test_the_glass_s_cryptogram_is_not_shown_by_repr() -> None:
    assert ANSWER.cryptogram.hex() not in repr(ANSWER)
    assert repr(ANSWER.cryptogram) not in repr(ANSWER)


FIELD = st.text("0123456789", min_size=1, max_size=10)


@given(st.lists(FIELD, min_size=2, max_size=10))
def test_moving_a_digit_between_two_fields_changes_what_is_signed(fields: list[str]) -> None:
    key = bytes.fromhex("513C1201B7DB02A0")
    joined = [fields[0] + fields[1], *fields[2:]]
    if len(joined[0]) <= 10:
        assert sign_transaction_data(key, joined) != sign_transaction_data(key, fields)
    assert sign_transaction_data(key, fields[:-1]) != sign_transaction_data(key, fields)


@pytest.mark.parametrize("fields", [[], [""], ["1" * 11], ["12", "x"], ["\uff11\uff12"], ["1\n"], ["1"] * 11], ids=repr)
def test_transaction_data_is_one_to_ten_numbers_of_one_to_ten_digits(fields: list[str]) -> None:
    with pytest.raises(CapInputError):
        sign_transaction_data(bytes(8), fields)
