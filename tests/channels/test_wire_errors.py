from collections.abc import Iterator

from approvals import errors
from approvals.credentials import card_refusals
from approvals.errors import ApprovalError
from channels.wire_errors import WIRE_ERRORS, problem_of, wire_error_of


def tree(root: type[ApprovalError] = ApprovalError) -> Iterator[type[ApprovalError]]:
    for kind in root.__subclasses__():
        if kind.__module__.startswith("approvals"):
            yield kind
            yield from tree(kind)


def test_every_error_of_the_core_has_its_own_row() -> None:
    assert set(WIRE_ERRORS) == set(tree())


def test_every_error_of_the_core_owns_a_code_nobody_else_has() -> None:
    codes = [kind.code for kind in tree()]
    assert sorted(codes) == sorted(set(codes))


def test_a_code_is_its_class_s_own_not_inherited() -> None:
    assert [kind for kind in tree() if "code" not in vars(kind)] == []


def test_what_may_succeed_later_says_so() -> None:
    retryable = {kind.code for kind, row in WIRE_ERRORS.items() if row.retryable}
    assert retryable == {
        "answer_in_progress",
        "card_keys_unavailable",
        "clock_off",
        "conflict",
        "demo_stamp_mismatch",
        "enrolment_waiting",
        "house_mismatch",
        "proof_not_checked",
        "restore_unfinished",
        "revocation_unavailable",
        "schema_busy",
        "schema_unknown",
        "sign_in_waiting",
        "store_unavailable",
        "timestamp_refused",
        "too_many_failures",
        "too_many_messages",
    }


def test_every_status_is_one_of_an_error() -> None:
    assert {row.status for row in WIRE_ERRORS.values()} <= {401, 403, 404, 408, 409, 413, 422, 423, 429, 500, 503}


def test_a_problem_names_the_field_at_fault() -> None:
    problem = problem_of(errors.InvalidRequest("number: a whole number is needed", field="number"))
    assert (problem.status, problem.code, problem.field) == (422, "invalid_request", "number")


def test_a_problem_tells_how_long_to_wait() -> None:
    assert problem_of(errors.TooManyFailures(12)).retry_after == 12


def test_a_problem_tells_where_the_challenge_is() -> None:
    assert problem_of(errors.ChallengeClosed("expired")).state == "expired"


def test_a_problem_tells_how_many_digits_are_expected() -> None:
    assert problem_of(errors.CodeLengthWrong(8)).expected == 8


def test_a_problem_tells_where_in_the_file() -> None:
    assert problem_of(errors.RemittanceError("wrong", path="PmtInf[1]")).path == "PmtInf[1]"


def test_a_fault_of_ours_is_told_by_its_title_alone() -> None:
    problem = problem_of(errors.KeyringError("the key file of version 3 cannot be read"))
    assert (problem.status, problem.detail) == (500, "A secret cannot be opened")


def test_an_error_made_later_is_told_as_the_one_above_it() -> None:
    class CardExpired(card_refusals.CardNotUsable):
        """Not in the table."""

    assert wire_error_of(CardExpired()).status == 409
