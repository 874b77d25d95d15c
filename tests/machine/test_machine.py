"""The life cycle, rule by rule (RULES 1 to 4)."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import ActionClosed, ApprovalError, ChallengeClosed, ChallengeWaiting, NoAttemptLeft
from approvals.machine import (
    CheckAbandoned,
    Effect,
    Event,
    ProofOffered,
    TimeRanOut,
    UserRefused,
    VerdictReached,
    conclude,
    recognise,
    settle,
    step,
    withdraw,
)
from approvals.model.action import Action, ActionStatus
from approvals.model.challenge import Challenge, ChallengeStatus, RefusalReason
from approvals.model.policy import Policy, Refusal, Signatures
from approvals.model.proof import Answer
from tests.machine.cases import ALONE, ANNE, BRUNO, DEADLINE, IN_TURN, LATE, NOW, TOGETHER, action, challenge
from tests.machine.diagram import EVENTS, PAGE, TIMES, page

SATISFIED, OPEN, WAITING = ChallengeStatus.SATISFIED, ChallengeStatus.OPEN, ChallengeStatus.WAITING
FINAL = [status for status in ChallengeStatus if status.is_final]


def test_the_page_in_the_docs_is_what_the_machine_does() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.machine.diagram"


# --- one challenge ----------------------------------------------------------------------------------------


def test_an_offer_spends_an_attempt_before_anything_is_checked() -> None:
    offered = step(challenge(attempts_left=3), ProofOffered(), NOW)
    assert (offered.challenge.attempts_left, offered.challenge.checking) == (2, 1)
    assert offered.effects == (Effect.CHECK_PROOF,)


def test_no_offer_is_taken_while_every_attempt_is_under_check() -> None:
    with pytest.raises(NoAttemptLeft):
        step(challenge(attempts_left=0, checking=3), ProofOffered(), NOW)


def test_nobody_signs_before_their_turn() -> None:
    with pytest.raises(ChallengeWaiting):
        step(challenge(WAITING), ProofOffered(), NOW)


def test_a_right_code_in_time_satisfies_and_is_consumed() -> None:
    judged = step(challenge(attempts_left=2, checking=1), VerdictReached(right=True), NOW)
    assert judged.challenge.status is SATISFIED
    assert judged.effects == (Effect.CONSUME_PROOF,)
    assert judged.answer is Answer.ACCEPTED


def test_a_right_code_judged_at_the_deadline_is_too_late_and_consumed_all_the_same() -> None:
    judged = step(challenge(checking=1), VerdictReached(right=True), LATE)
    assert judged.challenge.status is ChallengeStatus.EXPIRED
    assert judged.effects == (Effect.CONSUME_PROOF,)
    assert judged.answer is Answer.TOO_LATE


def test_a_microsecond_before_the_deadline_is_in_time() -> None:
    judged = step(challenge(checking=1), VerdictReached(right=True), DEADLINE - timedelta(microseconds=1))
    assert judged.challenge.status is SATISFIED


@pytest.mark.parametrize("status", FINAL)
def test_a_right_code_judged_after_the_end_is_consumed_and_changes_no_status(status: ChallengeStatus) -> None:
    judged = step(challenge(status, checking=1), VerdictReached(right=True), NOW)
    assert (judged.challenge.status, judged.answer) == (status, Answer.TOO_LATE)
    assert judged.effects == (Effect.CONSUME_PROOF,)


def test_the_last_wrong_verdict_exhausts_and_not_the_ones_before() -> None:
    two_under_check = challenge(attempts_left=0, checking=2)
    first = step(two_under_check, VerdictReached(right=False), NOW).challenge
    assert first.status is OPEN
    assert step(first, VerdictReached(right=False), NOW).challenge.status is ChallengeStatus.EXHAUSTED


def test_the_right_one_of_several_under_check_still_wins() -> None:
    first = step(challenge(attempts_left=0, checking=2), VerdictReached(right=False), NOW).challenge
    assert step(first, VerdictReached(right=True), NOW).challenge.status is SATISFIED


def test_an_abandoned_check_gives_the_attempt_back() -> None:
    returned = step(challenge(attempts_left=2, checking=1), CheckAbandoned(), NOW)
    assert (returned.challenge.attempts_left, returned.challenge.checking) == (3, 0)
    assert returned.effects == (Effect.RETURN_ATTEMPT,)


def test_an_offer_past_the_time_is_not_checked_even_before_the_sweeper_came() -> None:
    with pytest.raises(ChallengeClosed) as refused:
        step(challenge(), ProofOffered(), LATE)
    assert refused.value.status == "expired"


@pytest.mark.parametrize(("status", "event"), list(product(FINAL, (ProofOffered(), UserRefused(RefusalReason.OTHER)))))
def test_final_is_final(status: ChallengeStatus, event: Event) -> None:
    with pytest.raises(ChallengeClosed) as refused:
        step(challenge(status), event, NOW)
    assert refused.value.status == status


def test_time_does_not_run_out_early() -> None:
    assert step(challenge(), TimeRanOut(), NOW).challenge.status is OPEN


@given(st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.sampled_from(sorted(TIMES))), max_size=30))
def test_whatever_happens_no_more_is_checked_than_there_were_attempts(history: list[tuple[str, str]]) -> None:
    current, checks, returned, satisfied_late = challenge(), 0, 0, False
    for event, when in history:
        if event in {"right verdict", "wrong verdict", "check abandoned"} and not current.checking:
            continue  # no proof is under check, so no verdict can come
        try:
            after = step(current, EVENTS[event], TIMES[when])
        except ApprovalError:
            continue
        checks += Effect.CHECK_PROOF in after.effects
        returned += Effect.RETURN_ATTEMPT in after.effects
        satisfied_late |= after.challenge.status is SATISFIED is not current.status and when == "late"
        assert not current.status.is_final or after.challenge.status is current.status
        current = after.challenge
    assert checks <= 3 + returned
    assert current.attempts_left >= 0
    assert not satisfied_late


# --- the action -------------------------------------------------------------------------------------------


def both(first: ChallengeStatus, second: ChallengeStatus) -> tuple[Challenge, Challenge]:
    return challenge(first, signer=ANNE, group="A"), challenge(second, signer=BRUNO, group="B")


def test_one_signature_of_two_releases_nothing() -> None:
    settled = settle(action(TOGETHER), both(SATISFIED, OPEN), {ANNE}, NOW)
    assert settled.action.status is ActionStatus.PENDING
    assert settled.effects == ()


def test_the_last_signature_approves_and_writes_the_release() -> None:
    settled = settle(action(TOGETHER), both(SATISFIED, SATISFIED), {ANNE, BRUNO}, NOW)
    assert settled.action.status is ActionStatus.APPROVED
    assert settled.effects == (Effect.WRITE_RELEASE,)


def test_a_signature_of_somebody_no_longer_entitled_does_not_count() -> None:
    settled = settle(action(TOGETHER), both(SATISFIED, SATISFIED), {BRUNO}, NOW)
    assert settled.action.status is ActionStatus.FAILED


def test_two_signatures_of_one_group_do_not_make_two_groups() -> None:
    pair = (challenge(SATISFIED, signer=ANNE, group="A"), challenge(SATISFIED, signer=BRUNO, group="A"))
    settled = settle(action(TOGETHER), (*pair, challenge(OPEN, group="B")), {ANNE, BRUNO}, NOW)
    assert settled.action.status is ActionStatus.PENDING


def test_the_approval_closes_who_did_not_sign() -> None:
    settled = settle(action(ALONE), both(SATISFIED, OPEN), {ANNE}, NOW)
    assert [each.status for each in settled.challenges] == [SATISFIED, ChallengeStatus.CLOSED]


def test_the_second_signer_opens_when_the_first_has_signed() -> None:
    settled = settle(action(IN_TURN), both(SATISFIED, WAITING), {ANNE}, NOW)
    assert settled.challenges[1].status is OPEN


def test_the_second_signer_waits_while_the_first_has_not_signed() -> None:
    assert settle(action(IN_TURN), both(OPEN, WAITING), (), NOW).challenges[1].status is WAITING


def test_one_refusal_rejects_the_action() -> None:
    settled = settle(action(TOGETHER), both(ChallengeStatus.REFUSED, OPEN), (), NOW)
    assert settled.action.status is ActionStatus.REJECTED
    assert settled.challenges[1].status is ChallengeStatus.CLOSED


def test_a_refusal_drops_only_the_signer_where_the_policy_says_so() -> None:
    policy = Policy(clauses=(Signatures(count=1),), refusal=Refusal.SIGNER_ONLY)
    settled = settle(action(policy), both(ChallengeStatus.REFUSED, OPEN), (), NOW)
    assert settled.action.status is ActionStatus.PENDING


def test_a_refusal_beats_a_signature_of_the_same_moment() -> None:
    settled = settle(action(ALONE), both(SATISFIED, ChallengeStatus.REFUSED), {ANNE}, NOW)
    assert settled.action.status is ActionStatus.REJECTED


def test_an_exhausted_signer_who_was_needed_fails_the_action_at_once() -> None:
    settled = settle(action(TOGETHER), both(SATISFIED, ChallengeStatus.EXHAUSTED), {ANNE}, NOW)
    assert settled.action.status is ActionStatus.FAILED
    assert settled.action.reason == "nobody_left_to_sign"


def test_time_beats_signatures() -> None:
    settled = settle(action(ALONE), (challenge(SATISFIED),), {ANNE}, LATE)
    assert settled.action.status is ActionStatus.EXPIRED
    assert settled.effects == ()


def test_a_policy_without_clauses_is_never_satisfied() -> None:
    settled = settle(action(Policy(clauses=())), (challenge(SATISFIED),), {ANNE}, NOW)
    assert settled.action.status is ActionStatus.FAILED


@pytest.mark.parametrize("status", [status for status in ActionStatus if status is not ActionStatus.PENDING])
def test_an_action_past_its_decision_is_settled_no_more(status: ActionStatus) -> None:
    settled = settle(action(status=status), (challenge(SATISFIED),), {ANNE}, NOW)
    assert settled.action.status is status
    assert settled.effects == ()


def test_withdrawing_twice_is_withdrawing_once() -> None:
    once = withdraw(action(), (challenge(),), NOW)
    assert once.action.status is ActionStatus.WITHDRAWN
    assert withdraw(once.action, once.challenges, NOW).action is once.action


@pytest.mark.parametrize(
    "status",
    [status for status in ActionStatus if status not in {ActionStatus.PENDING, ActionStatus.WITHDRAWN}],
)
def test_what_has_ended_or_is_approved_cannot_be_withdrawn(status: ActionStatus) -> None:
    with pytest.raises(ActionClosed) as refused:
        withdraw(action(status=status), (), NOW)
    assert refused.value.status == status


def test_what_is_past_its_time_cannot_be_withdrawn() -> None:
    with pytest.raises(ActionClosed) as refused:
        withdraw(action(), (challenge(),), LATE)
    assert refused.value.status == "expired"


def test_the_core_concludes_only_what_is_approved() -> None:
    approved = action(status=ActionStatus.APPROVED)
    assert conclude(approved, refusal_code=None, now=NOW).status is ActionStatus.RELEASED
    assert conclude(approved, refusal_code="account_closed", now=NOW).reason == "core:account_closed"
    rejected = action(status=ActionStatus.REJECTED)
    assert conclude(rejected, refusal_code=None, now=NOW) is rejected


POLICIES = (ALONE, TOGETHER, IN_TURN, replace(TOGETHER, refusal=Refusal.SIGNER_ONLY))


@given(
    st.sampled_from(POLICIES),
    st.lists(
        st.tuples(st.sampled_from((ANNE, BRUNO)), st.sampled_from(sorted(EVENTS)), st.sampled_from(sorted(TIMES))),
        max_size=40,
    ),
)
def test_whatever_the_order_an_action_is_released_at_most_once_never_late_and_only_as_its_policy_says(
    policy: Policy, history: list[tuple[str, str, str]]
) -> None:
    current: Action = action(policy)
    challenges = both(OPEN, WAITING if policy.ordered else OPEN)
    everybody, releases = {ANNE, BRUNO}, 0
    for signer, event, when in history:
        old = next(each for each in challenges if each.user_id == signer)
        if event in {"turn came", "action ended"} or ("verdict" in event and not old.checking):
            continue  # the machine's own events, and verdicts on nothing
        try:
            new = step(old, EVENTS[event], TIMES[when]).challenge
        except ApprovalError:
            continue
        touched = tuple(new if each.user_id == signer else each for each in challenges)
        settled = settle(current, touched, everybody, TIMES[when])
        if Effect.WRITE_RELEASE in settled.effects:
            releases += 1
            signed = {each.group for each in settled.challenges if each.status is SATISFIED}
            assert signed >= {"A", "B"} or (policy is ALONE and signed)
            assert when == "in time"
        current, challenges = settled.action, (settled.challenges[0], settled.challenges[1])
    assert releases <= 1
    assert (releases == 1) is (current.status is ActionStatus.APPROVED)


# --- after a restore --------------------------------------------------------------------------------------


def test_what_the_core_carried_out_is_released_whoever_had_not_signed() -> None:
    found = recognise(action(TOGETHER), [challenge(SATISFIED), challenge(signer=BRUNO)], LATE)
    assert (found.action.status, found.action.reason) == (ActionStatus.RELEASED, "found_at_core")
    assert [each.status for each in found.challenges] == [SATISFIED, ChallengeStatus.CLOSED]
    assert found.effects == ()


@pytest.mark.parametrize("status", [status for status in ActionStatus if status.is_final])
def test_an_end_reached_before_the_backup_stands(status: ActionStatus) -> None:
    ended = replace(action(ALONE), status=status)
    assert recognise(ended, [challenge()], NOW).action == ended
