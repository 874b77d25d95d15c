"""Which confidential codes may be chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from approvals.credentials.confidential_code import CodeRule, require_allowed
from approvals.credentials.refusals import CodeNotAllowed

NUMBERS = ("40012345", "001")


def refusal(code: str, identifiers: tuple[str, ...] = NUMBERS) -> str | None:
    try:
        require_allowed(code, identifiers)
    except CodeNotAllowed as refused:
        return refused.rule
    return None


@pytest.mark.parametrize("code", ["739164", "8402716", "93028475", "950217384610"])
def test_six_to_twelve_digits_of_no_pattern_are_taken(code: str) -> None:
    assert refusal(code) is None


@pytest.mark.parametrize(
    "code", ["", "73916", "7391648205173", "73916a", "739 164", "\uff17\uff13\uff19\uff11\uff16\uff14", "739164\n"]
)
def test_anything_but_six_to_twelve_digits_is_no_code(code: str) -> None:
    assert refusal(code) == CodeRule.SHAPE


@pytest.mark.parametrize("code", ["000000", "777777777", "121212", "4747474", "123123", "83918391", "573573573573"])
def test_a_block_repeated_is_refused(code: str) -> None:
    assert refusal(code) == CodeRule.REPEATED


@pytest.mark.parametrize("code", ["123456", "987654", "890123", "321098", "456789012345"])
def test_a_run_of_neighbours_is_refused(code: str) -> None:
    assert refusal(code) == CodeRule.SEQUENCE


@pytest.mark.parametrize(
    "code", ["140789", "071489", "890714", "290296", "14071989", "19890714", "198973", "731987", "7364201984"]
)
def test_a_day_or_a_year_at_either_end_is_refused(code: str) -> None:
    assert refusal(code) == CodeRule.DATE


@pytest.mark.parametrize("code", ["400123", "40012345", "001234", "9400123457"])
def test_the_persons_own_numbers_are_refused(code: str) -> None:
    assert refusal(code) == CodeRule.IDENTIFIER


@pytest.mark.parametrize("code", ["730016", "900182"])
def test_a_short_user_number_inside_a_code_is_chance(code: str) -> None:
    assert refusal(code) is None


def test_a_code_that_is_the_user_number_with_zeros_before_it_is_refused() -> None:
    assert refusal("007394", ("40012345", "7394")) == CodeRule.IDENTIFIER


@given(some.text(alphabet="0123456789", min_size=6, max_size=12), some.text(max_size=12))
def test_every_refusal_names_a_rule_and_what_is_taken_holds_no_run(code: str, identifier: str) -> None:
    rule = refusal(code, (identifier or "x",))
    assert rule is None or rule in set(CodeRule)
    if rule is None:
        assert code not in "01234567890123456789"
        assert len(set(code)) > 1
