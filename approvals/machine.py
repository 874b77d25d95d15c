"""The life cycle of an approval: `step` moves one challenge, `settle` decides the action. Nothing else does.

Pure: event and time come in, new values and effects go out. The caller runs both inside one transaction that
raises the action's version (RULES 1), carries out the effects there, and tells people after it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import TypeAlias, assert_never

from approvals import policy as rules
from approvals.errors import ActionClosed, ChallengeClosed, ChallengeWaiting, NoAttemptLeft
from approvals.model.action import Action, ActionStatus
from approvals.model.challenge import Challenge, ChallengeStatus, RefusalReason
from approvals.model.ids import UserId
from approvals.model.policy import Refusal, Seat
from approvals.model.proof import Answer

# --- one challenge ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProofOffered:
    """A proof came in: an attempt is spent before anything is checked."""


@dataclass(frozen=True, slots=True)
class VerdictReached:
    """The proof was checked."""

    right: bool


@dataclass(frozen=True, slots=True)
class CheckAbandoned:
    """The proof's time limit passed without a verdict: its attempt is given back (RULES 7)."""


@dataclass(frozen=True, slots=True)
class UserRefused:
    """The signer says no."""

    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class TurnCame:
    """The signers before this one have signed."""


@dataclass(frozen=True, slots=True)
class TimeRanOut:
    """Somebody looked at the clock."""


@dataclass(frozen=True, slots=True)
class ActionEnded:
    """The action came to its end without this signer."""


@dataclass(frozen=True, slots=True)
class SeatGiven:
    """Rights changed: this person signs now, and how; whether it is their turn is `settle`'s to say."""

    seat: Seat


@dataclass(frozen=True, slots=True)
class SeatLost:
    """Rights changed: this person no longer signs. What they signed stays; whether it counts is `settle`'s to say."""


Event: TypeAlias = (
    ProofOffered
    | VerdictReached
    | CheckAbandoned
    | UserRefused
    | TurnCame
    | TimeRanOut
    | ActionEnded
    | SeatGiven
    | SeatLost
)


class Effect(Enum):
    """What the caller must carry out in the same transaction."""

    CHECK_PROOF = auto()  # after the transaction, with no transaction held
    CONSUME_PROOF = auto()  # move the card's counter, clear the failures: a right code is used up, late or not
    RETURN_ATTEMPT = auto()  # give the card's and the person's attempt back
    WRITE_RELEASE = auto()  # the point of no return


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The challenge after one event, what is to be carried out, and what the signer is told."""

    challenge: Challenge
    effects: tuple[Effect, ...] = ()
    answer: Answer | None = None


def step(challenge: Challenge, event: Event, now: datetime) -> Step:
    """Apply one event; return the new challenge and the effects to carry out.

    Raises ChallengeClosed for an offer or a refusal that comes when it is final or past its time (RULES 4),
    ChallengeWaiting before its turn, NoAttemptLeft when every attempt is spent or under way.
    """
    match event:
        case VerdictReached():
            return _judge(challenge, event, now)
        case CheckAbandoned():
            return _give_back(challenge)
        case SeatGiven(seat):
            return Step(challenge=_seat(challenge, seat))
        case TimeRanOut() | TurnCame() | ActionEnded() | SeatLost():
            return Step(challenge=challenge if challenge.status.is_final else _move(challenge, event, now))
        case ProofOffered() | UserRefused() if challenge.status.is_final or now >= challenge.expires_at:
            raise ChallengeClosed(_expire_if_late(challenge, now).status)
        case UserRefused(reason):
            return Step(challenge=replace(_end(challenge, ChallengeStatus.REFUSED, now), refusal=reason))
        case ProofOffered():
            return _spend_attempt(challenge)
        case _:
            assert_never(event)


def _move(challenge: Challenge, event: TimeRanOut | TurnCame | ActionEnded | SeatLost, now: datetime) -> Challenge:
    match event:
        case TimeRanOut():
            return _expire_if_late(challenge, now)
        case TurnCame():
            return replace(challenge, status=ChallengeStatus.OPEN)
        case ActionEnded() | SeatLost():
            return _end(challenge, ChallengeStatus.CLOSED, now)


def _seat(challenge: Challenge, seat: Seat) -> Challenge:
    if challenge.status.is_final or challenge.seat == seat:
        return challenge
    return replace(challenge, group=seat.group, in_place_of=seat.in_place_of, status=ChallengeStatus.WAITING)


def _spend_attempt(challenge: Challenge) -> Step:
    if challenge.status is ChallengeStatus.WAITING:
        raise ChallengeWaiting("another signer comes first")
    if challenge.attempts_left <= 0:
        raise NoAttemptLeft("every attempt is spent or being checked")
    spent = replace(challenge, attempts_left=challenge.attempts_left - 1, checking=challenge.checking + 1)
    return Step(challenge=spent, effects=(Effect.CHECK_PROOF,))


def _judge(challenge: Challenge, event: VerdictReached, now: datetime) -> Step:
    judged = replace(challenge, checking=max(challenge.checking - 1, 0))
    in_time = _expire_if_late(judged, now)
    if in_time.status is ChallengeStatus.OPEN:
        return _satisfy(in_time, now) if event.right else _count_failure(in_time, now)
    if event.right:
        return Step(challenge=in_time, effects=(Effect.CONSUME_PROOF,), answer=Answer.TOO_LATE)
    return Step(challenge=in_time, answer=Answer.PROOF_REFUSED)


def _satisfy(challenge: Challenge, now: datetime) -> Step:
    satisfied = _end(challenge, ChallengeStatus.SATISFIED, now)
    return Step(challenge=satisfied, effects=(Effect.CONSUME_PROOF,), answer=Answer.ACCEPTED)


def _count_failure(challenge: Challenge, now: datetime) -> Step:
    # A proof still being checked may be right: only the last verdict exhausts.
    if challenge.attempts_left <= 0 and challenge.checking == 0:
        challenge = _end(challenge, ChallengeStatus.EXHAUSTED, now)
    return Step(challenge=challenge, answer=Answer.PROOF_REFUSED)


def _give_back(challenge: Challenge) -> Step:
    returned = replace(challenge, checking=max(challenge.checking - 1, 0))
    if not challenge.status.is_final:
        returned = replace(returned, attempts_left=returned.attempts_left + 1)
    return Step(challenge=returned, effects=(Effect.RETURN_ATTEMPT,))


def _expire_if_late(challenge: Challenge, now: datetime) -> Challenge:
    if challenge.status.is_final or now < challenge.expires_at:
        return challenge
    return _end(challenge, ChallengeStatus.EXPIRED, now)


def _end(challenge: Challenge, status: ChallengeStatus, now: datetime) -> Challenge:
    return replace(challenge, status=status, ended_at=now)


# --- the action -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The action and all its challenges as they must be saved, with the effects to carry out."""

    action: Action
    challenges: tuple[Challenge, ...]
    effects: tuple[Effect, ...] = ()


def settle(action: Action, challenges: Sequence[Challenge], entitled: Collection[UserId], now: datetime) -> Settlement:
    """Decide what the action is now; called at the end of every transaction that touched a challenge.

    `entitled` holds the signers who, as read in this transaction, still have the right to sign and whose means
    was not reported since (RULES 2). A signature of anybody else does not count. The order of the rules is the order
    of who wins: an end reached earlier, then time, then a refusal, then the signatures.
    """
    challenges = tuple(challenges)
    if action.status is not ActionStatus.PENDING:
        return Settlement(action=action, challenges=challenges)
    if now >= action.expires_at:
        return _finish(action, challenges, ActionStatus.EXPIRED, now)
    refused = any(challenge.status is ChallengeStatus.REFUSED for challenge in challenges)
    if refused and action.policy.refusal is Refusal.ACTION:
        return _finish(action, challenges, ActionStatus.REJECTED, now)
    signed = _groups(
        challenge
        for challenge in challenges
        if challenge.status is ChallengeStatus.SATISFIED and challenge.user_id in entitled
    )
    if rules.is_satisfied(action.policy, signed):
        approved = _finish(action, challenges, ActionStatus.APPROVED, now)
        return replace(approved, effects=(Effect.WRITE_RELEASE,))
    able = signed | _groups(challenge for challenge in challenges if not challenge.status.is_final)
    if not rules.is_satisfied(action.policy, able):
        return _finish(action, challenges, ActionStatus.FAILED, now)
    return Settlement(action=action, challenges=_open_turns(action, challenges, signed, now))


def obstruct(action: Action, challenges: Sequence[Challenge], reason: str, now: datetime) -> Settlement:
    """The policy held, and still the action may not go: `reason` is the stable code of why."""
    failed = _finish(action, tuple(challenges), ActionStatus.FAILED, now)
    return replace(failed, action=replace(failed.action, reason=reason))


def withdraw(action: Action, challenges: Sequence[Challenge], now: datetime) -> Settlement:
    """The opener takes the action back. A second withdrawal changes nothing; after any other end: ActionClosed."""
    if action.status is ActionStatus.WITHDRAWN:
        return Settlement(action=action, challenges=tuple(challenges))
    if action.status is not ActionStatus.PENDING:
        raise ActionClosed(action.status)
    if now >= action.expires_at:
        raise ActionClosed(ActionStatus.EXPIRED)
    return _finish(action, tuple(challenges), ActionStatus.WITHDRAWN, now)


def conclude(action: Action, *, refusal_code: str | None, now: datetime) -> Action:
    """The core answered: 2xx releases the action, a definite business refusal (its code) fails it (RULES 2)."""
    if action.status is not ActionStatus.APPROVED:
        return action
    if refusal_code is None:
        return replace(action, status=ActionStatus.RELEASED, ended_at=now, reason="released")
    return replace(action, status=ActionStatus.FAILED, ended_at=now, reason=f"core:{refusal_code}")


def recognise(action: Action, challenges: Sequence[Challenge], now: datetime) -> Settlement:
    """The store was restored, and the core carried this action out after the backup (RULES 30).

    Released, whatever the backup remembers of its signatures: asking for them again would release it twice.
    """
    if action.status.is_final:
        return Settlement(action=action, challenges=tuple(challenges))
    released = replace(action, status=ActionStatus.RELEASED, ended_at=now, reason="found_at_core")
    ended = tuple(step(challenge, ActionEnded(), now).challenge for challenge in challenges)
    return Settlement(action=released, challenges=ended)


_REASONS = {
    ActionStatus.EXPIRED: "expired",
    ActionStatus.REJECTED: "refused_by_signer",
    ActionStatus.WITHDRAWN: "withdrawn",
    ActionStatus.FAILED: "nobody_left_to_sign",
}


def _finish(action: Action, challenges: tuple[Challenge, ...], status: ActionStatus, now: datetime) -> Settlement:
    event = TimeRanOut() if status is ActionStatus.EXPIRED else ActionEnded()
    ended = replace(action, status=status, reason=_REASONS.get(status))
    if status.is_final:
        ended = replace(ended, ended_at=now)
    return Settlement(action=ended, challenges=tuple(step(challenge, event, now).challenge for challenge in challenges))


def _groups(challenges: Iterable[Challenge]) -> dict[UserId, str]:
    return {challenge.user_id: challenge.group for challenge in challenges}


def _open_turns(
    action: Action, challenges: tuple[Challenge, ...], signed: rules.Groups, now: datetime
) -> tuple[Challenge, ...]:
    return tuple(
        step(challenge, TurnCame(), now).challenge
        if challenge.status is ChallengeStatus.WAITING and rules.is_turn_of(challenge.group, action.policy, signed)
        else challenge
        for challenge in challenges
    )
