"""Account numbers and amounts, against libraries and by arithmetic."""

from decimal import Decimal

import pytest
import schwifty
from hypothesis import given
from hypothesis import strategies as st
from pycountry import currencies
from schwifty.registry import get_iban_spec

from approvals.model.iban import LENGTHS, is_iban
from approvals.model.money import DECIMALS, in_main_unit, in_minor_units
from deploy.demo.make_remittance import french_iban

REGISTRY_EXAMPLES = [
    "FR1420041010050500013M02606",
    "DE89370400440532013000",
    "MT84MALT011000012345MTLCAST001S",
    "NO9386011117947",
    "LC55HEMM000100010012001200023015",
]


@pytest.mark.parametrize("iban", REGISTRY_EXAMPLES)
def test_the_registrys_own_examples_are_ibans(iban: str) -> None:
    assert is_iban(iban)


def test_check_digits_outside_02_to_98_are_wrong_even_when_the_remainder_is_right() -> None:
    account = next(french_iban(n)[4:] for n in range(1, 999) if french_iban(n).startswith("FR02"))
    assert is_iban("FR02" + account)
    assert not is_iban("FR99" + account)  # 99 and 02 leave the same remainder modulo 97


@pytest.mark.parametrize("country", sorted(LENGTHS))
def test_every_countrys_length_is_the_registrys(country: str) -> None:
    assert LENGTHS[country] == get_iban_spec(country).iban_length


@given(n=st.integers(0, 10**11 - 1), place=st.integers(0, 26), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_caught(n: int, place: int, digit: str) -> None:
    right = french_iban(n)
    changed = right[:place] + digit + right[place + 1 :]
    assert is_iban(right)
    assert is_iban(changed) == (changed == right)


@given(text=st.one_of(st.text(), st.from_regex(r"FR[0-9]{25}", fullmatch=True)))
def test_what_we_take_for_an_iban_another_library_takes_too(text: str) -> None:
    if is_iban(text):
        schwifty.IBAN(text)
    assert not is_iban(text.lower() + "a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FR",
        "FR76",
        "fr7630006000011234567890189",
        "FR76 3000 6000 0112 3456 7890 189",
        "FR7630006000011234567890189\n",
        "FR\uff17630006000011234567890189",
    ],
)
def test_what_only_looks_like_an_iban_is_none(text: str) -> None:
    assert not is_iban(text)


def test_every_currency_has_its_decimals_and_the_euro_two() -> None:
    without_unit = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"}
    current = {currency.alpha_3 for currency in currencies}
    assert current - without_unit <= set(DECIMALS) | {"BGN"}  # Bulgaria has had the euro since January 2026
    assert (DECIMALS["EUR"], DECIMALS["JPY"], DECIMALS["TND"], DECIMALS["CLF"]) == (2, 0, 3, 4)


@pytest.mark.parametrize(
    ("text", "decimals", "minor"),
    [("12.34", 2, 1234), ("12.3", 2, 1230), ("12", 2, 1200), ("12.", 2, 1200), (".5", 2, 50), ("+1.05", 2, 105),
     ("12.345", 2, None), ("12.300", 2, None), ("12.0", 0, None), ("007", 0, 7), ("1.234", 3, 1234)],
)  # fmt: skip
def test_a_decimal_text_becomes_whole_minor_units(text: str, decimals: int, minor: int | None) -> None:
    assert in_minor_units(text, decimals) == minor


@given(minor=st.integers(-(10**18), 10**18), decimals=st.integers(0, 4))
def test_minor_units_come_back_as_the_same_amount(minor: int, decimals: int) -> None:
    amount = in_main_unit(minor, decimals)
    assert amount * 10**decimals == minor
    assert amount == Decimal(str(amount))
    assert minor < 0 or in_minor_units(str(amount), decimals) == minor
