"""A profile is right when it is built, or is not built."""

from dataclasses import replace
from importlib.resources import files

import msgspec
import pytest

from approvals.cap.keys import CardKeyOption, SessionKey, derive_card_key, derive_session_key
from approvals.cap.profile import CapProfile, profile_for
from approvals.cap.tables import TreeTable, profile_of, published_profiles, read_profiles, table_of
from approvals.cap.token import TokenLayout
from approvals.errors import CapKeyError, CapProfileError, CapProfileUnknown
from approvals.model.reader import CapMode

PUBLISHED = files("approvals.cap").joinpath("profiles.toml").read_text(encoding="utf-8")


def layout(bitmap: str, *, flags: int = 0, code_length: int = 8) -> TokenLayout:
    return TokenLayout(bitmap=bytes.fromhex(bitmap), flags=flags, code_length=code_length)


def test_the_french_profile_is_the_one_of_the_transcript(french: CapProfile) -> None:
    assert (french.atc_bits, french.cryptogram_bits, french.layout.code_length) == (9, 16, 8)
    assert french.session_key is SessionKey.CARD_KEY
    assert not french.is_amount_asked
    assert french.effective_window == 512


def test_the_window_never_passes_what_the_atc_bits_tell_apart(tree: CapProfile, secur_acces: CapProfile) -> None:
    assert replace(tree, atc_window=500).effective_window == 32
    assert replace(secur_acces, atc_window=500).effective_window == 500
    assert replace(secur_acces, atc_window=9999).effective_window == 512


@pytest.mark.parametrize(
    ("bitmap", "complaint"),
    [
        ("8000000000000FFFFF0000", "no bit of the ATC"),
        ("8001F0FFFF000000000000", "other bits of the ATC"),
        ("8001FF7FFF000000000000", "fewer than 16 bits"),
        ("80FFFFFFFF000000000000", "does not fit its digits"),
        ("0001FFFFFF0000000000000000000000000001", "more than the issuer application data"),
    ],
)
def test_a_bitmap_that_no_code_could_be_checked_under_is_refused(
    bitmap: str, complaint: str, french: CapProfile
) -> None:
    with pytest.raises(CapProfileError, match=complaint):
        replace(french, layout=layout(bitmap))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"bins": []}, "BIN"),
        ({"bins": ["47x"]}, "BIN"),
        ({"aip": "100000"}, "AIP"),
        ({"atc_window": 0}, "window"),
        ({"max_resync_distance": 1001}, "1000"),
        ({"max_resync_distance": 1}, "1000"),
        ({"session_key": "emv2000-tree", "tree": TreeTable(branches=2, height=6)}, "fewer leaves"),
        ({"session_key": "emv2000-tree", "tree": TreeTable(branches=1, height=9)}, "fewer leaves"),
        ({"modes": frozenset({CapMode.RESPOND})}, "CODE"),
        ({"modes": frozenset({CapMode.IDENTIFY, CapMode.SIGN})}, "SIGN is of cards"),
        ({"modes": frozenset({CapMode.IDENTIFY, CapMode.SIGN}), "flags": "20", "cdol1": "9F3704"}, "SIGN needs"),
        ({"flags": "80", "cdol1": "9F02069F3704"}, "currency"),
        ({"cdol1": "9F0206"}, "unpredictable number"),
        ({"cdol1": "9F37049F3704"}, "twice"),
        ({"cdol1": "9F3708"}, "length"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else value,  # a set has no order of its own
)
def test_a_profile_that_contradicts_itself_is_refused(
    changes: dict[str, object], complaint: str, french: CapProfile
) -> None:
    with pytest.raises(CapProfileError, match=complaint):
        profile_of(msgspec.structs.replace(table_of(french), **changes))


def test_the_longest_bin_wins(french: CapProfile, tree: CapProfile) -> None:
    narrow = replace(tree, bins=("4761739",))
    assert profile_for("4761739001010010", (french, narrow)) == narrow
    assert profile_for("4761738001010010", (narrow, french)) == french


def test_a_card_of_no_profile_is_refused_without_naming_its_number(french: CapProfile) -> None:
    with pytest.raises(CapProfileUnknown) as refusal:
        profile_for("5555444433331111", (french,))
    assert "5555" not in str(refusal.value)


def test_a_table_gives_its_profile_back() -> None:
    assert [profile_of(table_of(profile)) for profile in published_profiles()] == list(published_profiles())


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("atc_window = 32", "atc_windows = 32", "atc_windows"),
        ("padding = 1", "padding = 3", "padding"),
        ('aip = "1000"', 'aip = "10 0x"', "visa-dpa-fr"),
        ('flags = "00"', 'flags = "zz"', "visa-dpa-fr"),
        ('id = "secur-acces"', 'id = "visa-dpa-fr"', "id"),
        ('bins = ["9250999"]', 'bins = ["476173"]', "BIN"),
        ("tree = { branches = 4, height = 8 }", "", "tree"),
        ('session_key = "none"', 'session_key = "emv2000-tree"', "tree"),
        ("9F02069F03", "9F66049F03", "9f66"),
        ("9F3704", "9F37", "cut short"),
        ("[[profile]]", "[profile", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(old: str, new: str, complaint: str) -> None:
    assert old in PUBLISHED
    with pytest.raises(CapProfileError, match=complaint):
        read_profiles(PUBLISHED.replace(old, new).encode())


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(CapProfileError):
        read_profiles(b"\xff\xfe")


@pytest.mark.parametrize(
    ("pan", "psn"),
    [("47617390010", "01"), ("4" * 20, "01"), ("476173900101x010", "01"), ("4761739001010010", "1")],
)
def test_a_key_is_derived_from_a_whole_card_number_and_never_shows_it(pan: str, psn: str) -> None:
    with pytest.raises(CapKeyError) as refusal:
        derive_card_key(CardKeyOption.A, bytes(16), pan, psn)
    assert pan not in str(refusal.value)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(CapKeyError):
        derive_card_key(CardKeyOption.A, bytes(24), "4761739001010010", "01")
    with pytest.raises(CapKeyError):
        derive_session_key(SessionKey.CARD_KEY, bytes(8), atc=1, unpredictable_number=bytes(4))
