"""The life of a hand-over to a card bridge (RULES 24): two digits typed at the bridge, once; then one bridge answers.

Of two bridges, the first to give the right digits has it. What it answers is judged like any answer of the screen's.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from approvals.credentials.refusals import HandoverClosed, HandoverTaken
from approvals.model.handover import Handover, HandoverStatus
from approvals.model.ids import DeviceId, HandoverId
from approvals.model.proof import Answer

TAKE_WITHIN: Final = timedelta(minutes=2)
ANSWER_WITHIN: Final = timedelta(minutes=2)


class Act(StrEnum):
    """What a bridge does with a hand-over; each is signed for by itself."""

    TAKE = "take"
    ANSWER = "answer"
    GIVE_BACK = "give-back"


def purpose(act: Act, handover_id: HandoverId) -> str:
    """Return what the bridge's signature is for (`device.signed_bytes`): one act on one hand-over."""
    return f"handover {act} {handover_id}"


def take(handover: Handover, device_id: DeviceId, digits: str, now: datetime) -> Handover:
    """Return it taken by this bridge, or closed by other digits; the same right digits again change nothing.

    Raises HandoverTaken when another bridge was first, HandoverClosed when it waits no more.
    """
    is_right = digits == handover.digits
    match stands(handover, now):
        case HandoverStatus.WAITING:
            status = HandoverStatus.TAKEN if is_right else HandoverStatus.CLOSED
            return replace(handover, status=status, device_id=device_id, expires_at=now + ANSWER_WITHIN)
        case HandoverStatus.TAKEN if handover.device_id != device_id:
            raise HandoverTaken("another card bridge of yours has it")
        case HandoverStatus.TAKEN if is_right:
            return handover
        case HandoverStatus.TAKEN | HandoverStatus.CLOSED | HandoverStatus.DONE:
            raise HandoverClosed("the screen waits no more: begin again there")


def require_held(handover: Handover, device_id: DeviceId, now: datetime) -> None:
    """Raise HandoverTaken, HandoverClosed unless this bridge may answer now."""
    if handover.device_id not in {None, device_id}:
        raise HandoverTaken("another card bridge of yours has it")
    if stands(handover, now) is not HandoverStatus.TAKEN:
        raise HandoverClosed("the screen waits no more: begin again there")


def give_back(handover: Handover, device_id: DeviceId, now: datetime) -> Handover:
    """Return it closed: no bridge will answer. Raises HandoverTaken, HandoverClosed."""
    if stands(handover, now) is not HandoverStatus.WAITING:
        require_held(handover, device_id, now)
    return replace(handover, status=HandoverStatus.CLOSED, device_id=device_id)


def answered(handover: Handover, answer: Answer) -> Handover:
    """Return it with a verdict: a wrong code may be followed by another, as far as attempts and time reach."""
    is_over = answer is not Answer.PROOF_REFUSED
    return replace(handover, answer=answer, status=HandoverStatus.DONE if is_over else handover.status)


def stands(handover: Handover, now: datetime) -> HandoverStatus:
    """Return where it stands now: what is past its time is closed."""
    is_under_way = handover.status in {HandoverStatus.WAITING, HandoverStatus.TAKEN}
    return HandoverStatus.CLOSED if is_under_way and now >= handover.expires_at else handover.status
