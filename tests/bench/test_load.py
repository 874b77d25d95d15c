import pytest

from tests.bench.jobs import JobFailed
from tests.bench.load import Reading, result_of, spread
from tests.bench.signer import Approval

BEFORE = Reading(at=100.0, server=1000.0, database=500.0, generator=0.0)
AFTER = Reading(at=110.0, server=1100.0, database=540.0, generator=60.0)


def test_percentiles_are_values_that_were_measured_by_nearest_rank() -> None:
    found = spread([number / 1000 for number in range(200, 0, -1)])
    assert (found.p50, found.p95, found.p99) == pytest.approx((100, 190, 198))


def test_one_value_is_every_percentile() -> None:
    found = spread([0.25])
    assert (found.p50, found.p95, found.p99) == (250, 250, 250)


def test_two_values_share_the_percentiles() -> None:
    found = spread([0.003, 0.001])
    assert (found.p50, found.p99) == pytest.approx((1, 3))


async def test_cost_and_rate_count_only_what_ended_while_it_was_measured() -> None:
    ended = [ended_at(shown) for shown in (99.9, 100.0, 105.0, 109.9, 110.0)]
    result = result_of(BEFORE, AFTER, ended, given_up=2)
    assert (result.approvals, result.given_up) == (3, 2)
    assert result.per_second == pytest.approx(0.3)
    assert (result.server, result.database, result.generator) == pytest.approx((100 / 3, 40 / 3, 20))


async def test_times_run_from_the_opening_and_from_the_answer() -> None:
    result = result_of(BEFORE, AFTER, [ended_at(105.0)], given_up=0)
    p99 = (result.open_to_told.p99, result.answer_to_released.p99, result.answer_to_shown.p99)
    assert p99 == pytest.approx((10, 30, 50))


async def test_what_was_asked_again_is_told_an_approval() -> None:
    once, never = ended_at(105.0), ended_at(105.0)
    once.asked_again = 1
    assert result_of(BEFORE, AFTER, [once, never], given_up=0).asked_again == 0.5


async def test_a_run_in_which_nothing_ended_is_no_figure() -> None:
    with pytest.raises(JobFailed, match="no approval ended"):
        result_of(BEFORE, AFTER, [ended_at(99.0), ended_at(120.0)], given_up=0)


def ended_at(shown: float) -> Approval:
    """Told 10 ms after it was opened; released 30 ms, shown 50 ms after the answer."""
    approval = Approval(began=shown - 0.1)
    approval.told = approval.began + 0.01
    approval.answered = shown - 0.05
    approval.released = approval.answered + 0.03
    approval.shown = shown
    return approval
