import pytest

from tests.server.cli.conftest import Operator


def test_a_fee_set_is_shown_with_its_day(house: Operator) -> None:
    said = house.types("tariff", "set", "--reason", "blocked", "--amount", "15.00", "--from", "2027-01-01")
    assert said.refusal is None
    assert "15.00 EUR" in said.text
    (line,) = [line for line in house.types("tariff", "show").text.splitlines() if "blocked" in line]
    assert line.split() == ["secur_acces", "blocked", "15.00", "EUR", "2027-01-01"]


def test_a_later_row_stands_beside_the_earlier_one(house: Operator) -> None:
    for amount, day in (("10", "2027-01-01"), ("12.5", "2028-01-01"), ("11", "2027-01-01")):
        house.types("tariff", "set", "--reason", "lost", "--amount", amount, "--from", day)
    lines = [line.split()[2:] for line in house.types("tariff", "show").text.splitlines() if "lost" in line]
    assert lines == [["11.00", "EUR", "2027-01-01"], ["12.50", "EUR", "2028-01-01"]]


@pytest.mark.parametrize(
    ("amount", "currency"), [("-1", "EUR"), ("1.234", "EUR"), ("1.5", "JPY"), ("ten", "EUR"), ("", "EUR"), ("1", "XXX")]
)
def test_what_is_no_amount_is_no_fee(house: Operator, amount: str, currency: str) -> None:
    said = house.types("tariff", "set", "--reason", "lost", f"--amount={amount}", "--currency", currency)
    assert said.code == "invalid_request"
    assert "lost" not in house.types("tariff", "show").text
