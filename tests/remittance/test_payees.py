"""Who is known, and who is shown first."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.model.account import Beneficiary
from approvals.model.ids import SubscriptionId
from approvals.model.payee import Payee, Standing
from approvals.remittance.payees import FirstPayees, PayeeRegister, folded
from deploy.demo.make_remittance import Batch, french_iban
from tests.remittance.files import make_file, read

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
OURS, THEIRS = french_iban(1), french_iban(2)


def _registered(name: str, iban: str, days_ago: float) -> Beneficiary:
    at = NOW - timedelta(days=days_ago)
    return Beneficiary(subscription_id=SubscriptionId("s"), iban=iban, bic=None, name=name, registered_at=at)


@pytest.mark.parametrize(
    ("name", "iban", "standing"),
    [
        ("Béton du Nord", OURS, Standing.KNOWN),
        ("  BETON  DU nord", OURS, Standing.KNOWN),
        ("Béton du Sud", OURS, Standing.CHANGED),
        ("beton du nord", french_iban(9), Standing.CHANGED),
        ("Levage Martin", THEIRS, Standing.NEW),
        ("Levage Martin", OURS, Standing.CHANGED),
        ("Personne", french_iban(9), Standing.UNKNOWN),
    ],
)
def test_a_payee_stands_by_account_and_folded_name(name: str, iban: str, standing: Standing) -> None:
    known = [_registered("Béton du Nord", OURS, 31), _registered("Levage Martin", THEIRS, 29.9)]
    assert PayeeRegister(known, NOW).standing(name, iban) is standing


def test_an_account_stops_being_new_after_thirty_days_and_the_oldest_entry_counts() -> None:
    exactly = PayeeRegister([_registered("A", OURS, 30)], NOW)
    twice = PayeeRegister([_registered("A", OURS, 1), _registered("a", OURS, 90), _registered("A", OURS, 2)], NOW)
    assert exactly.standing("A", OURS) is Standing.KNOWN
    assert twice.standing("A", OURS) is Standing.KNOWN


def test_names_fold_as_people_would_take_them_for_the_same() -> None:
    assert folded("  SOCIÉTÉ\u00a0Générale   d'Œuvres ") == "societe generale d'œuvres"
    assert folded("STRASSE") == folded("straße")
    assert folded("E\u0301lan") == folded("Élan") == "elan"
    assert folded("Dupont") != folded("Dupond")


def _payee(position: int, standing: Standing, amount: int, group: int = 0) -> Payee:
    return Payee(
        group=group,
        position=position,
        payment_information_id="B1",
        end_to_end_id=f"E{position}",
        name="A",
        iban=OURS,
        amount=amount,
        currency="EUR",
        standing=standing,
    )


def test_unknown_and_changed_come_first_then_new_then_the_largest_known() -> None:
    payees = [
        _payee(1, Standing.KNOWN, 900),
        _payee(2, Standing.NEW, 50),
        _payee(3, Standing.CHANGED, 10),
        _payee(4, Standing.KNOWN, 1_000),
        _payee(5, Standing.UNKNOWN, 20),
        _payee(6, Standing.UNKNOWN, 10),
    ]
    assert [payee.position for payee in _shown(payees)] == [5, 3, 6, 2, 4, 1]


@given(
    order=st.randoms(use_true_random=False),
    amounts=st.lists(st.tuples(st.sampled_from(Standing), st.integers(1, 30)), min_size=1, max_size=80),
)
def test_the_first_twenty_are_those_a_full_sort_would_give(order: Random, amounts: list[tuple[Standing, int]]) -> None:
    payees = [_payee(n, standing, amount) for n, (standing, amount) in enumerate(amounts, start=1)]
    rank = {Standing.UNKNOWN: 0, Standing.CHANGED: 0, Standing.NEW: 1, Standing.KNOWN: 2}
    expected = sorted(payees, key=lambda payee: (rank[payee.standing], -payee.amount, payee.position))[:20]
    order.shuffle(payees)
    assert _shown(payees) == tuple(expected)


def test_each_group_keeps_its_own_and_a_salary_batch_shows_nobody() -> None:
    orders, whole = read(
        make_file(Batch(id="B1", orders=30), Batch(id="B2", orders=2, debtor_iban=THEIRS, purpose="SALA"))
    )
    first, register = FirstPayees(), PayeeRegister([], NOW)
    for order in orders:
        first.add(register.payee(order))
    assert [payee.position for payee in first.shown(whole.groups[0])] == list(range(30, 10, -1))
    assert first.shown(whole.groups[1]) == ()


def _shown(payees: list[Payee]) -> tuple[Payee, ...]:
    first = FirstPayees()
    for payee in payees:
        first.add(payee)
    _, whole = read(make_file())
    return first.shown(whole.groups[0])
