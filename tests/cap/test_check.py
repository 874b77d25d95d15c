"""One code, one counter, one comparison."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.cap.check import CheckedCard, Right, Wrong, WrongCode, check_code, resynchronise
from approvals.cap.profile import CapProfile
from approvals.cap.tables import published_profiles
from approvals.cap.token import TokenLayout
from approvals.errors import AmountNotSignable, CapInputError
from approvals.model.reader import CapMode, ReaderInput

Show = Callable[..., str]
CardOf = Callable[..., CheckedCard]

IDENTIFY = ReaderInput(mode=CapMode.IDENTIFY)
RESPOND = ReaderInput(mode=CapMode.RESPOND, digits="21234567")
SIGN = ReaderInput(mode=CapMode.SIGN, digits="21234567", amount=1_250_00)
TDS = ReaderInput(mode=CapMode.TDS, fields=("125000", "21234567"))


def wrong(reason: WrongCode) -> Wrong:
    return Wrong(reason=reason)


def all_answers() -> list[tuple[CapProfile, ReaderInput]]:
    inputs = (IDENTIFY, RESPOND, SIGN, TDS)
    return [(profile, typed) for profile in published_profiles() for typed in inputs if typed.mode in profile.modes]


def ids(value: object) -> str:
    match value:
        case CapProfile():
            return value.id
        case ReaderInput():
            return value.mode
        case _:
            return str(value)


@pytest.mark.parametrize(("profile", "typed"), all_answers(), ids=ids)
def test_the_card_s_next_code_is_right(profile: CapProfile, typed: ReaderInput, card_of: CardOf, show: Show) -> None:
    code = show(profile, typed, atc=101)
    assert check_code(card_of(profile, last_atc=100), typed, code) == Right(atc=101)


@pytest.mark.parametrize(("profile", "typed"), all_answers(), ids=ids)
def test_a_code_is_compared_once_under_one_counter(
    profile: CapProfile, typed: ReaderInput, card_of: CardOf, show: Show
) -> None:
    asked: list[int] = []

    def counting(atc: int, message: bytes) -> bytes:
        asked.append(atc)
        return card.cryptogram(atc, message)

    card = card_of(profile, last_atc=100)
    for atc in (80, 100, 101, 117, 132, 133, 400):
        check_code(replace(card, cryptogram=counting), typed, show(profile, typed, atc=atc))
        assert len(asked) <= 1
        asked.clear()


@pytest.mark.parametrize(("profile", "typed"), all_answers(), ids=ids)
@pytest.mark.parametrize("place", range(8))
def test_any_digit_changed_is_wrong(
    profile: CapProfile, typed: ReaderInput, place: int, card_of: CardOf, show: Show
) -> None:
    code = show(profile, typed, atc=101)
    changed = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
    assert isinstance(check_code(card_of(profile, last_atc=100), typed, changed), Wrong)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", WrongCode.LENGTH),
        ("1234567", WrongCode.LENGTH),
        ("123456789", WrongCode.LENGTH),
        ("12345678\n", WrongCode.LENGTH),
        ("1234567\n", WrongCode.NOT_DIGITS),
        (" 1234567", WrongCode.NOT_DIGITS),
        ("1234 567", WrongCode.NOT_DIGITS),
        ("+1234567", WrongCode.NOT_DIGITS),
        ("-1234567", WrongCode.NOT_DIGITS),
        ("1_234567", WrongCode.NOT_DIGITS),
        ("0x123456", WrongCode.NOT_DIGITS),
        ("\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", WrongCode.NOT_DIGITS),
        ("١٢٣٤٥٦٧٨", WrongCode.NOT_DIGITS),
        ("1234567²", WrongCode.NOT_DIGITS),
        ("99999999", WrongCode.BEYOND_BITMAP),
    ],
)
def test_what_no_reader_shows_is_refused(code: str, reason: WrongCode, french: CapProfile, card_of: CardOf) -> None:
    assert check_code(card_of(french, last_atc=100), IDENTIFY, code) == wrong(reason)


def test_a_right_code_in_full_width_digits_is_refused(french: CapProfile, card_of: CardOf, show: Show) -> None:
    code = show(french, IDENTIFY, atc=101)
    wide = code.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    assert check_code(card_of(french, last_atc=100), IDENTIFY, wide) == wrong(WrongCode.NOT_DIGITS)


@pytest.mark.parametrize(("profile", "typed"), all_answers(), ids=ids)
def test_a_code_of_one_mode_is_wrong_in_every_other(
    profile: CapProfile, typed: ReaderInput, card_of: CardOf, show: Show
) -> None:
    code = show(profile, typed, atc=101)
    others = [other for known, other in all_answers() if known == profile and other != typed]
    assert others
    for other in others:
        outcome = check_code(card_of(profile, last_atc=100), other, code)
        assert outcome == wrong(WrongCode.CRYPTOGRAM_MISMATCH)


def test_a_code_for_one_amount_is_wrong_for_another(tree: CapProfile, card_of: CardOf, show: Show) -> None:
    code = show(tree, SIGN, atc=101)
    for changed in (replace(SIGN, amount=1_250_01), replace(SIGN, digits="31234567")):
        assert isinstance(check_code(card_of(tree, last_atc=100), changed, code), Wrong)


def test_a_code_for_one_currency_is_wrong_for_another(tree: CapProfile, card_of: CardOf, show: Show) -> None:
    asking = replace(tree, layout=replace(tree.layout, flags=0x80))
    code = show(asking, replace(SIGN, currency="EUR"), atc=101)
    card = card_of(asking, last_atc=100)
    assert check_code(card, replace(SIGN, currency="EUR"), code) == Right(atc=101)
    assert check_code(card, replace(SIGN, currency="CHF"), code) == wrong(WrongCode.CRYPTOGRAM_MISMATCH)


def test_the_window_ends_where_the_profile_says(secur_acces: CapProfile, card_of: CardOf, show: Show) -> None:
    card = card_of(secur_acces, last_atc=100)
    assert check_code(card, IDENTIFY, show(secur_acces, IDENTIFY, atc=132)) == Right(atc=132)
    beyond = check_code(card, IDENTIFY, show(secur_acces, IDENTIFY, atc=133))
    assert beyond == wrong(WrongCode.ATC_OUT_OF_WINDOW)


def test_a_card_that_also_pays_may_be_ahead_by_its_whole_range(french: CapProfile, card_of: CardOf, show: Show) -> None:
    card = card_of(french, last_atc=100)
    assert check_code(card, IDENTIFY, show(french, IDENTIFY, atc=612)) == Right(atc=612)
    beyond = check_code(card, IDENTIFY, show(french, IDENTIFY, atc=613))
    assert beyond == wrong(WrongCode.CRYPTOGRAM_MISMATCH)  # its bits name 101


def test_an_old_code_is_told_to_the_audit_as_old(secur_acces: CapProfile, card_of: CardOf, show: Show) -> None:
    card = card_of(secur_acces, last_atc=100)
    for old in (70, 99, 100):
        outcome = check_code(card, IDENTIFY, show(secur_acces, IDENTIFY, atc=old))
        assert outcome == wrong(WrongCode.ATC_REPLAYED)


def test_the_last_code_again_is_told_as_old_even_where_the_window_is_whole(
    french: CapProfile, card_of: CardOf, show: Show
) -> None:
    again = show(french, IDENTIFY, atc=100)
    assert check_code(card_of(french, last_atc=100), IDENTIFY, again) == wrong(WrongCode.ATC_REPLAYED)


@given(last=st.integers(0, 0xFFFF), ahead=st.integers(-600, 600))
def test_a_code_is_right_inside_the_window_and_nowhere_else(last: int, ahead: int) -> None:
    """On a card whose cryptogram is its counter, so that nothing but the counter's arithmetic decides."""
    profile = next(profile for profile in published_profiles() if profile.id == "secur-acces")
    card = CheckedCard(profile=profile, psn="00", last_atc=last, cryptogram=lambda atc, _: atc.to_bytes(2) + bytes(6))
    atc = last + ahead
    if not 0 <= atc <= 0xFFFF:
        return
    outcome = check_code(card, IDENTIFY, f"{1 << 25 | (atc & 0x1FF) << 16 | atc:08d}")
    assert outcome == Right(atc=atc) if 1 <= ahead <= 32 else isinstance(outcome, Wrong)


def test_the_counter_never_wraps(secur_acces: CapProfile, card_of: CardOf, show: Show) -> None:
    last = show(secur_acces, IDENTIFY, atc=0xFFFF)
    assert check_code(card_of(secur_acces, last_atc=0xFFF0), IDENTIFY, last) == Right(atc=0xFFFF)
    assert check_code(card_of(secur_acces, last_atc=0xFFFF), IDENTIFY, last) == wrong(WrongCode.ATC_REPLAYED)
    for small in (0, 1, 5):
        code = show(secur_acces, IDENTIFY, atc=small)
        assert check_code(card_of(secur_acces, last_atc=0xFFFF), IDENTIFY, code) == wrong(WrongCode.ATC_OUT_OF_WINDOW)


def test_kept_card_results_must_be_those_of_a_verified_pin(tree: CapProfile, card_of: CardOf, show: Show) -> None:
    code = show(tree, IDENTIFY, atc=101, iad=bytes.fromhex("06770A03A40000"))
    assert check_code(card_of(tree, last_atc=100), IDENTIFY, code) == wrong(WrongCode.IAD_MISMATCH)


def test_another_card_s_sequence_number_is_wrong(tree: CapProfile, card_of: CardOf, show: Show) -> None:
    bitmap = b"\x03" + tree.layout.bitmap
    twin = replace(tree, layout=TokenLayout(bitmap=bitmap, flags=0x60, code_length=9))
    code = show(twin, IDENTIFY, atc=101)
    assert check_code(card_of(twin, last_atc=100), IDENTIFY, code) == Right(atc=101)
    other = replace(card_of(twin, last_atc=100), psn="02")
    assert check_code(other, IDENTIFY, code) == wrong(WrongCode.HEADER_MISMATCH)


@pytest.mark.parametrize(
    "typed",
    [
        ReaderInput(mode=CapMode.RESPOND),
        ReaderInput(mode=CapMode.RESPOND, digits="0"),
        ReaderInput(mode=CapMode.RESPOND, digits="00000000"),
        ReaderInput(mode=CapMode.RESPOND, digits="123456789"),
        ReaderInput(mode=CapMode.RESPOND, digits="1234567\n"),
        ReaderInput(mode=CapMode.RESPOND, digits="1234", amount=1),
        ReaderInput(mode=CapMode.RESPOND, digits="1234", fields=("1",)),
        ReaderInput(mode=CapMode.IDENTIFY, digits="1234"),
        ReaderInput(mode=CapMode.IDENTIFY, currency="EUR"),
        ReaderInput(mode=CapMode.SIGN, digits="1234"),
        ReaderInput(mode=CapMode.SIGN, digits="1234", amount=0),
        ReaderInput(mode=CapMode.SIGN, digits="1234", amount=-5),
        ReaderInput(mode=CapMode.SIGN, digits="0000", amount=5),
        ReaderInput(mode=CapMode.SIGN, digits="1234", amount=5, currency="EUR"),
        ReaderInput(mode=CapMode.TDS, fields=("1",)),
    ],
    ids=repr,
)
def test_what_the_card_could_not_be_asked_is_an_error_of_ours(
    typed: ReaderInput, tree: CapProfile, card_of: CardOf
) -> None:
    with pytest.raises(CapInputError):
        check_code(card_of(tree, last_atc=100), typed, "12345678")


def test_a_currency_the_card_asks_for_must_be_one_that_can_be_typed(tree: CapProfile, card_of: CardOf) -> None:
    card = card_of(replace(tree, layout=replace(tree.layout, flags=0x80)), last_atc=100)
    for currency in (None, "eur", "ZZZ"):
        with pytest.raises(CapInputError):
            check_code(card, replace(SIGN, currency=currency), "12345678")


def test_an_amount_of_thirteen_digits_is_not_signable(tree: CapProfile, card_of: CardOf) -> None:
    with pytest.raises(AmountNotSignable):
        check_code(card_of(tree, last_atc=100), replace(SIGN, amount=10**12), "12345678")


class TestResynchronising:
    """Two codes in a row bring the counter back, far ahead."""

    def pair(self, show: Show, profile: CapProfile, atc: int) -> tuple[str, str]:
        return show(profile, IDENTIFY, atc=atc), show(profile, IDENTIFY, atc=atc + 1)

    @pytest.mark.parametrize("name", ["visa-dpa-fr", "secur-acces", "mastercard-cap-tree", "mastercard-cap-tds"])
    def test_two_codes_in_a_row_are_found_as_far_as_the_profile_allows(
        self, name: str, card_of: CardOf, show: Show
    ) -> None:
        profile = next(profile for profile in published_profiles() if profile.id == name)
        for atc in (101, 140, 777, 1099):
            first, second = self.pair(show, profile, atc)
            assert resynchronise(card_of(profile, last_atc=100), first, second) == Right(atc=atc + 1)
        first, second = self.pair(show, profile, 1100)
        assert isinstance(resynchronise(card_of(profile, last_atc=100), first, second), Wrong)

    def test_it_never_goes_back(self, secur_acces: CapProfile, card_of: CardOf, show: Show) -> None:
        first, second = self.pair(show, secur_acces, 99)
        assert isinstance(resynchronise(card_of(secur_acces, last_atc=100), first, second), Wrong)

    def test_it_never_passes_the_counter_s_end(self, secur_acces: CapProfile, card_of: CardOf, show: Show) -> None:
        first, second = self.pair(show, secur_acces, 0xFFFE)
        assert resynchronise(card_of(secur_acces, last_atc=0xFF00), first, second) == Right(atc=0xFFFF)
        assert isinstance(resynchronise(card_of(secur_acces, last_atc=0xFFFE), first, second), Wrong)

    def test_codes_not_in_a_row_are_wrong(self, secur_acces: CapProfile, card_of: CardOf, show: Show) -> None:
        card = card_of(secur_acces, last_atc=100)
        first, second = self.pair(show, secur_acces, 300)
        third = show(secur_acces, IDENTIFY, atc=302)
        for pair in ((first, first), (second, first), (first, third)):
            assert resynchronise(card, *pair) == wrong(WrongCode.NOT_CONSECUTIVE)

    def test_both_codes_must_be_right_and_of_the_code_key(
        self, secur_acces: CapProfile, card_of: CardOf, show: Show
    ) -> None:
        card = card_of(secur_acces, last_atc=100)
        first, second = self.pair(show, secur_acces, 300)
        linked = show(secur_acces, RESPOND, atc=300), show(secur_acces, RESPOND, atc=301)
        for pair in ((first, linked[1]), (linked[0], second), linked):
            assert resynchronise(card, *pair) == wrong(WrongCode.CRYPTOGRAM_MISMATCH)

    def test_what_no_reader_shows_is_refused(self, secur_acces: CapProfile, card_of: CardOf, show: Show) -> None:
        card = card_of(secur_acces, last_atc=100)
        first, second = self.pair(show, secur_acces, 300)
        assert resynchronise(card, first[:-1], second) == wrong(WrongCode.LENGTH)
        assert resynchronise(card, first, "1234567x") == wrong(WrongCode.NOT_DIGITS)
