"""Rules of ours that an auditor asks for first, beside those the regulation names."""

from typing import Final

from tests.rts.row import Mutation, Row

OWN_RULES: Final = (
    Row(
        article="RULES 1",
        asks="Two who sign at once conflict: one release.",
        rule="Every write that touches an action compares and raises its version.",
        code="SqlActions.save",
        test="tests/store/test_actions.py::test_saving_raises_the_version_and_an_old_one_is_refused",
        mutation=Mutation(
            "approvals/store/actions.py",
            "WHERE id = $1 AND version = $2 AND NOT EXISTS",
            "WHERE id = $1 AND version <= $2 + 1 AND NOT EXISTS",
        ),
    ),
    Row(
        article="RULES 2",
        asks="Who lost the right before the release has not signed.",
        rule="Every earlier signer is read again in the transaction that releases.",
        code="settle",
        test="tests/machine/test_machine.py::test_a_signature_of_somebody_no_longer_entitled_does_not_count",
        mutation=Mutation(
            "approvals/machine.py",
            "if challenge.status is ChallengeStatus.SATISFIED and challenge.user_id in entitled",
            "if challenge.status is ChallengeStatus.SATISFIED",
        ),
    ),
    Row(
        article="RULES 2",
        asks="A rule that says nothing releases nothing.",
        rule="A policy without clauses is never satisfied.",
        code="is_satisfied",
        test="tests/machine/test_machine.py::test_a_policy_without_clauses_is_never_satisfied",
        mutation=Mutation("approvals/policy.py", "return bool(policy.clauses) and all(", "return all("),
    ),
    Row(
        article="RULES 4",
        asks="Late is late, to the microsecond.",
        rule="A verdict counts while now is before the deadline.",
        code="_expire_if_late",
        test="tests/machine/test_machine.py"
        "::test_a_right_code_judged_at_the_deadline_is_too_late_and_consumed_all_the_same",
        mutation=Mutation("approvals/machine.py", "or now < challenge.expires_at:", "or now <= challenge.expires_at:"),
    ),
    Row(
        article="RULES 18",
        asks="A day's ceiling holds whoever signs at once.",
        rule="One row a person, account and day, moved by compare-and-set; never a sum.",
        code="SqlRights.use",
        test="tests/store/test_rights.py::test_a_sum_moves_up_to_its_limit_and_no_further_and_each_day_has_its_own",
        mutation=Mutation("approvals/store/rights.py", "AND used + $5 <= $6 RETURNING", "AND used <= $6 RETURNING"),
    ),
    Row(
        article="RULES 26",
        asks="An adviser's one-time code serves once.",
        rule="The last used step is kept; that step and those before it are replays.",
        code="check_totp",
        test="tests/credentials/test_totp.py::test_a_step_used_up_or_passed_over_is_a_replay",
        mutation=Mutation("approvals/credentials/totp.py", "if step > last_step]", "if step >= last_step]"),
    ),
    Row(
        article="RULES 26",
        asks="Who asks for access does not approve it.",
        rule="The initiator is not among the signers, nor is a substitute of theirs.",
        code="wanted",
        test="tests/desk/test_adviser_acts.py::test_whoever_asks_never_approves",
        mutation=Mutation(
            "approvals/policy.py", "initiator not in {user, seat.in_place_of}", "initiator != seat.in_place_of"
        ),
    ),
)
