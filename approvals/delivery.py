"""Delivering to a neighbour: what its reply means, and when to try again. Pure (RULES 2).

A neighbour is the bank's core, sent releases, or a maker of cards, sent orders. Sending is `server.outside`'s; the
transactions that record what came of it are `desk.deliveries`' and `desk.cards.messages`'.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, TypeAlias, TypeVar

import msgspec

from approvals.model.card_order import CardMessage
from approvals.model.ids import ActionId
from approvals.model.release import DeliveryStatus, Release

PROBLEM_TYPE: Final = "application/problem+json"
Sent = TypeVar("Sent", Release, CardMessage)
_REFUSAL_CODE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the neighbour answered; `body` may be cut short."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivered:
    """They have it: 2xx, now or for an id it had applied before."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Their definite business refusal, by its own code."""

    code: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nobody knows whether they have it, so it is sent again; `error` is a stable word, never their text."""

    error: str


Outcome: TypeAlias = Delivered | Refused | Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How a delivery is tried again. With the defaults it is given up after about a day.

    The n-th pause is a random part of `first_pause` x 2^(n-1), at most of `longest_pause`: full jitter, so that what
    failed together does not come back together.
    """

    first_pause: timedelta = timedelta(seconds=1)
    longest_pause: timedelta = timedelta(hours=1)
    most_attempts: int = 60


def read_reply(reply: Reply) -> Outcome:
    """Say what the reply means: 2xx is done, 422 with problem+json and a `code` refused, all else undecided."""
    if 200 <= reply.status < 300:
        return Delivered()
    code = _refusal_code(reply) if reply.status == 422 else None
    return Refused(code) if code else Undecided(f"http_{reply.status}")


def record(sent: Sent, outcome: Outcome, patience: Patience, jitter: float, now: datetime) -> Sent:
    """Return the delivery after one more attempt. `jitter` is in [0, 1), drawn by the caller."""
    tried = replace(sent, attempts=sent.attempts + 1)
    match outcome:
        case Delivered():
            return replace(tried, status=DeliveryStatus.DELIVERED, last_error=None, settled_at=now)
        case Refused(code):
            return replace(tried, status=DeliveryStatus.REFUSED, last_error=f"refused:{code}", settled_at=now)
        case Undecided(error) if tried.attempts >= patience.most_attempts:
            return replace(tried, status=DeliveryStatus.GIVEN_UP, last_error=error, settled_at=now)
        case Undecided(error):
            return replace(tried, last_error=error, next_at=now + _pause(tried.attempts, patience, jitter))


def revive(sent: Sent, now: datetime) -> Sent:
    """Return a given-up delivery due again at once, with all its attempts and the same bytes; others unchanged."""
    if sent.status is not DeliveryStatus.GIVEN_UP:
        return sent
    return replace(sent, status=DeliveryStatus.DUE, attempts=0, next_at=now, settled_at=None)


def _pause(attempts: int, patience: Patience, jitter: float) -> timedelta:
    doublings = min(attempts - 1, 32)  # far beyond any longest pause, and no overflow
    return min(patience.first_pause * (1 << doublings), patience.longest_pause) * jitter


class _Problem(msgspec.Struct):
    """The one member of the problem document that decides."""

    code: str


def _refusal_code(reply: Reply) -> str | None:
    if reply.content_type.partition(";")[0].strip().lower() != PROBLEM_TYPE:
        return None
    try:
        code = msgspec.json.decode(reply.body, type=_Problem).code
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return code if _REFUSAL_CODE.fullmatch(code) else None


# --- after a restore ---------------------------------------------------------------------------------------

UNKNOWN_ACTION: Final = "action_unknown"
"""The code by which the core says, with 404 and problem+json, that it never carried an action out."""


class Recollection(Enum):
    """What the core says of an action a backup still has open (RULES 30)."""

    CARRIED_OUT = auto()
    NEVER_SEEN = auto()
    NO_ANSWER = auto()  # a person has to look


def read_recollection(reply: Reply, action_id: ActionId) -> Recollection:
    """Say what the reply means: 200 naming the action, or 404 with the code `action_unknown`; all else is no answer.

    A bare 200 or 404 is what a proxy says too, and money hangs on it.
    """
    if reply.status == 200 and _named_action(reply.body) == action_id:
        return Recollection.CARRIED_OUT
    if reply.status == 404 and _refusal_code(reply) == UNKNOWN_ACTION:
        return Recollection.NEVER_SEEN
    return Recollection.NO_ANSWER


class _Remembered(msgspec.Struct):
    """The one member of the core's answer that counts."""

    action: str


def _named_action(body: bytes) -> str | None:
    try:
        return msgspec.json.decode(body, type=_Remembered).action
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
