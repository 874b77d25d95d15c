"""Draws docs/life-cycle.md by running the machine itself on every status and event.

`python -m tests.machine.diagram` writes the page; a test fails while the page says something else than the machine.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import product
from pathlib import Path

from approvals.errors import ApprovalError
from approvals.machine import (
    ActionEnded,
    CheckAbandoned,
    Event,
    ProofOffered,
    SeatGiven,
    SeatLost,
    TimeRanOut,
    TurnCame,
    UserRefused,
    VerdictReached,
    conclude,
    settle,
    step,
    withdraw,
)
from approvals.model.action import Action, ActionStatus
from approvals.model.challenge import Challenge, ChallengeStatus, RefusalReason
from approvals.model.policy import Seat
from tests.machine.cases import ANNE, LATE, NOW, action, challenge

PAGE = Path(__file__).parents[2] / "docs" / "life-cycle.md"

EVENTS: dict[str, Event] = {
    "proof offered": ProofOffered(),
    "right verdict": VerdictReached(right=True),
    "wrong verdict": VerdictReached(right=False),
    "check abandoned": CheckAbandoned(),
    "signer refuses": UserRefused(RefusalReason.NOT_ME),
    "turn came": TurnCame(),
    "time ran out": TimeRanOut(),
    "action ended": ActionEnded(),
    "seat given": SeatGiven(Seat(group="B")),
    "seat lost": SeatLost(),
}
TIMES: dict[str, datetime] = {"in time": NOW, "late": LATE}
HEADING = """# The life cycle, as the machine runs it

This page is made by `python -m tests.machine.diagram`, which runs `approvals/machine.py` on every status and event;
the suite fails when the two differ. Final is final: no arrow leaves a final state.
"""


def page() -> str:
    return "\n".join(
        (
            HEADING,
            "## One challenge\n",
            *_diagram(sorted(set(_challenge_arrows()))),
            "\nEvery status, event and time, with what the signer is told and what the caller must carry out:\n",
            "| status | event | time | becomes | told | effects |",
            "|---|---|---|---|---|---|",
            *_challenge_rows(),
            "\n## The action\n",
            *_diagram(sorted(set(_action_arrows()))),
            "",
        )
    )


def _diagram(arrows: list[tuple[str, str, str]]) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for before, after, label in arrows:
        yield f"    {before} --> {after}: {label}"
    yield "```"


def _challenges() -> Iterator[Challenge]:
    """Return every status; an open one with attempts left, with its last one under check, and with none left."""
    for status in ChallengeStatus:
        yield challenge(status, checking=1)
    yield challenge(attempts_left=0, checking=1)
    yield challenge(attempts_left=0, checking=0)


def _name(shown: Challenge) -> str:
    if shown.attempts_left:
        return shown.status.value
    return f"{shown.status.value}, {'last attempt under check' if shown.checking else 'no attempt left'}"


def _challenge_rows() -> Iterator[str]:
    for before, (label, event), (when, now) in product(_challenges(), EVENTS.items(), TIMES.items()):
        row = f"| {_name(before)} | {label} | {when} "
        try:
            after = step(before, event, now)
        except ApprovalError as error:
            yield f"{row}| refused: `{error.code}` | | |"
            continue
        effects = ", ".join(effect.name.lower() for effect in after.effects)
        told = f"`{after.answer}`" if after.answer else ""
        yield f"{row}| {after.challenge.status.value} | {told} | {effects} |"


def _challenge_arrows() -> Iterator[tuple[str, str, str]]:
    for before, (label, event), (when, now) in product(_challenges(), EVENTS.items(), TIMES.items()):
        try:
            after = step(before, event, now).challenge
        except ApprovalError:
            continue
        if after.status is not before.status:
            yield before.status.value, after.status.value, label if when == "in time" else f"{label}, late"


def _action_arrows() -> Iterator[tuple[str, str, str]]:
    for status in ActionStatus:
        yield from _endings(action(status=status))


def _endings(before: Action) -> Iterator[tuple[str, str, str]]:
    signed = (challenge(ChallengeStatus.SATISFIED),)
    reached = {
        "policy satisfied": settle(before, signed, {ANNE}, NOW).action,
        "a signer refuses": settle(before, (challenge(ChallengeStatus.REFUSED),), (), NOW).action,
        "nobody left to sign": settle(before, (challenge(ChallengeStatus.EXHAUSTED),), (), NOW).action,
        "time ran out": settle(before, (challenge(),), (), LATE).action,
        "core answers 2xx": conclude(before, refusal_code=None, now=NOW),
        "core refuses for good": conclude(before, refusal_code="account_closed", now=NOW),
    }
    with suppress(ApprovalError):  # no arrow where it is refused
        reached["opener withdraws"] = withdraw(before, (challenge(),), NOW).action
    for label, after in reached.items():
        if after.status is not before.status:
            yield before.status.value, after.status.value, label


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
