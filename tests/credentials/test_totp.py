"""RFC 6238, appendix B: its SHA-1 seed and times, cut to the six digits authenticators show."""

from datetime import UTC, datetime, timedelta

import pytest

from approvals.credentials.totp import Refusal, RightStep, check_totp, code_at, provisioning_uri, shown_seed, step_at

SEED = b"12345678901234567890"
NOW = datetime(2026, 11, 23, 9, 0, 10, tzinfo=UTC)
STEP = step_at(NOW)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_published_codes_are_right(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert check_totp(SEED, code, 0, now) == RightStep(seconds // 30)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_one_step_early_or_late(steps: int) -> None:
    assert check_totp(SEED, code_at(SEED, STEP + steps), 0, NOW) == RightStep(STEP + steps)


@pytest.mark.parametrize("steps", [-2, 2])
def test_two_steps_early_or_late_is_wrong(steps: int) -> None:
    assert check_totp(SEED, code_at(SEED, STEP + steps), 0, NOW) is Refusal.WRONG


def test_the_window_moves_with_the_clock_to_the_second() -> None:
    code = code_at(SEED, STEP)
    last_moment = NOW.replace(second=0) + timedelta(seconds=59)
    assert check_totp(SEED, code, 0, last_moment) == RightStep(STEP)
    assert check_totp(SEED, code, 0, last_moment + timedelta(seconds=1)) is Refusal.WRONG


@pytest.mark.parametrize("last_step", [STEP, STEP + 1])
def test_a_step_used_up_or_passed_over_is_a_replay(last_step: int) -> None:
    assert check_totp(SEED, code_at(SEED, STEP), last_step, NOW) is Refusal.REPLAYED


@pytest.mark.parametrize("code", ["", "28708", "2870820", "٢٨٧٠٨٢", "abcdef"])
def test_anything_but_six_digits_is_wrong(code: str) -> None:
    assert check_totp(SEED, code, 0, NOW) is Refusal.WRONG


def test_an_authenticator_is_told_the_seed_in_base32_and_who_it_is_for() -> None:
    assert shown_seed(SEED) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    uri = provisioning_uri(SEED, account="00000000/A1", issuer="Banque")
    assert uri.startswith("otpauth://totp/Banque:00000000/A1?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Banque")
