"""What a person types, and what it binds."""

import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.cap.cryptogram import terminal_values
from approvals.cap.linking import (
    account_digits,
    hashed_digits,
    payee_input,
    payment_input,
    statement_input,
)
from approvals.cap.profile import CapProfile
from approvals.cap.tables import published_profiles
from approvals.errors import AmountNotSignable, CapInputError
from approvals.model.ids import ChallengeId
from approvals.model.reader import CapMode, LinkPurpose, ReaderInput

IBAN = "FR7630006000011234567890189"
HASHED = "0420042"
SECRET = b"a server's secret of its own...."
CHALLENGE = ChallengeId("ch_01")
STATEMENT = bytes(range(32))


def test_a_payee_is_linked_by_the_digits_on_their_own_invoice(french: CapProfile) -> None:
    typed = payee_input(french, LinkPurpose.BENEFICIARY, iban=IBAN, hashed=HASHED)
    assert typed == ReaderInput(mode=CapMode.RESPOND, digits="27890189")


@pytest.mark.parametrize(
    ("iban", "digits"),
    [
        ("GB29NWBK60161331926819", "1926819"),
        ("FR1420041010050500013M02606", "1302606"),  # letters are skipped
        ("MT84MALT011000012345MTLCAST001S", "2345001"),
        ("SC18SSCB12345BCDEFGHIJKLMNOPUSD", None),  # five: the two check digits do not count
    ],
)
def test_the_linked_digits_are_the_last_seven_of_the_account_part(iban: str, digits: str | None) -> None:
    assert account_digits(iban) == digits


def test_an_account_of_too_few_digits_takes_the_hashed_form(french: CapProfile) -> None:
    typed = payee_input(french, LinkPurpose.BENEFICIARY, iban="SC18SSCB1A1ABCDEFGHIJKLMNOPUSD", hashed=HASHED)
    assert typed.digits == f"2{HASHED}"


def test_the_hashed_form_is_an_hmac_over_challenge_and_statement() -> None:
    digest = hmac.new(SECRET, b"ch_01" + STATEMENT, "sha256").hexdigest()
    assert hashed_digits(SECRET, CHALLENGE, STATEMENT) == str(int(digest, 16))[-7:]


def test_the_hashed_form_changes_with_each_of_its_parts() -> None:
    forms = {
        hashed_digits(SECRET, CHALLENGE, STATEMENT),
        hashed_digits(SECRET + b"x", CHALLENGE, STATEMENT),
        hashed_digits(SECRET, ChallengeId("ch_02"), STATEMENT),
        hashed_digits(SECRET, CHALLENGE, STATEMENT[::-1]),
    }
    assert len(forms) == 4


def test_the_hashed_form_wants_a_whole_hash() -> None:
    with pytest.raises(CapInputError):
        hashed_digits(SECRET, CHALLENGE, STATEMENT[:-1])


def test_a_card_without_amount_takes_total_and_payees_in_the_hashed_form(french: CapProfile) -> None:
    typed = payment_input(french, LinkPurpose.REMITTANCE, amount=125_000, currency="EUR", hashed=HASHED, iban=IBAN)
    assert typed == ReaderInput(mode=CapMode.RESPOND, digits=f"4{HASHED}")


def test_a_card_that_asks_the_amount_takes_amount_and_payee(tree: CapProfile) -> None:
    typed = payment_input(tree, LinkPurpose.REMITTANCE, amount=125_000, currency="EUR", hashed=HASHED, iban=IBAN)
    assert typed == ReaderInput(mode=CapMode.SIGN, digits="47890189", amount=125_000)


def test_a_card_that_asks_the_currency_is_given_it(tree: CapProfile) -> None:
    asking = replace(tree, layout=replace(tree.layout, flags=0x80))
    typed = payment_input(asking, LinkPurpose.REMITTANCE, amount=9, currency="CHF", hashed=HASHED)
    assert typed == ReaderInput(mode=CapMode.SIGN, digits=f"4{HASHED}", amount=9, currency="CHF")


def test_a_card_that_signs_transaction_data_takes_amount_then_payee(tds: CapProfile) -> None:
    typed = payment_input(tds, LinkPurpose.REMITTANCE, amount=125_000, currency="EUR", hashed=HASHED, iban=IBAN)
    assert typed == ReaderInput(mode=CapMode.TDS, fields=("125000", "47890189"))


def test_an_amount_beyond_the_reader_s_field_goes_into_the_hashed_form(tds: CapProfile) -> None:
    typed = payment_input(tds, LinkPurpose.REMITTANCE, amount=10**10, currency="EUR", hashed=HASHED)
    assert typed == ReaderInput(mode=CapMode.RESPOND, digits=f"4{HASHED}")


def test_an_amount_of_thirteen_digits_is_not_signable(french: CapProfile) -> None:
    with pytest.raises(AmountNotSignable):
        payment_input(french, LinkPurpose.REMITTANCE, amount=10**12, currency="EUR", hashed=HASHED)


def test_a_card_of_tds_alone_links_a_payee_by_it(tds: CapProfile) -> None:
    only = replace(tds, modes=frozenset({CapMode.IDENTIFY, CapMode.TDS}))
    typed = payee_input(only, LinkPurpose.BENEFICIARY, iban=IBAN, hashed=HASHED)
    assert typed == ReaderInput(mode=CapMode.TDS, fields=("27890189",))


def test_a_card_of_code_alone_links_nothing(french: CapProfile) -> None:
    only = replace(french, modes=frozenset({CapMode.IDENTIFY}))
    with pytest.raises(CapInputError):
        statement_input(only, LinkPurpose.BENEFICIARY, hashed=HASHED)


@given(
    st.sampled_from(published_profiles()),
    st.sampled_from(LinkPurpose),
    st.from_regex(r"[0-9]{7}", fullmatch=True),
    st.integers(1, 10**12 - 1),
)
def test_whatever_is_to_be_typed_the_card_can_answer_and_is_never_zero(
    profile: CapProfile, purpose: LinkPurpose, hashed: str, amount: int
) -> None:
    statement = statement_input(profile, purpose, hashed=hashed)
    payment = payment_input(profile, purpose, amount=amount, currency="EUR", hashed=hashed)
    for typed in (statement, payment):
        assert terminal_values(profile, typed)
        digits = typed.digits or typed.fields[-1]
        assert len(digits) == 8
        assert digits[0] == str(purpose.value) != "0"
