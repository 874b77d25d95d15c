"""Draws docs/life-cycle.md by running the machines themselves on every status and event.

`python -m tests.machine.diagram` writes the page; a test fails while the page says something else than the machine.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

from approvals.credentials import card as life
from approvals.credentials.card import CardEvent
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
from approvals.model.card import Card, CardStatus, Trouble
from approvals.model.challenge import Challenge, ChallengeStatus, RefusalReason
from approvals.model.policy import Seat
from tests.builders import make_card
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

CARDS = """
## A card

`approvals/credentials/card.py`, run the same way. A card begins once its manufacturer reports it made; before that it
is an order, which two advisers approve and which goes to manufacturer and PIN printer by two outboxes. *Lost or
stolen* and *the day after its last one* lead to an end from everywhere and are left out of the drawing.
"""
CARD_EVENTS: dict[str, life.Event] = {
    "maker sent it": CardEvent.SENT,
    "letter came back": CardEvent.RETURNED,
    "right code": CardEvent.RIGHT_CODE,
    "attempts spent": CardEvent.ATTEMPTS_SPENT,
    "two advisers unlock": CardEvent.UNLOCKED,
    "holder says broken": Trouble.BROKEN,
    "three wrong PINs": Trouble.BLOCKED,
    "lost or stolen": Trouble.LOST,
    "new card activated": CardEvent.SUCCESSOR_ACTIVATED,
}


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
            CARDS,
            *_diagram(sorted(set(_card_arrows()))),
            "\nEvery state and event of a card:\n",
            "| state | event | becomes |",
            "|---|---|---|",
            *_card_rows(),
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


def _cards() -> Iterator[tuple[str, Card]]:
    """Return every state of a card; a locked one that was activated before, and one that was not."""
    for status in CardStatus:
        if status is not CardStatus.ORDERED:
            yield status.value, replace(make_card("usr_anne"), status=status)
    yield "locked, never active", replace(make_card("usr_anne"), status=CardStatus.LOCKED, activated=False)


def _card_rows() -> Iterator[str]:
    for (name, before), (label, event) in product(_cards(), CARD_EVENTS.items()):
        try:
            after = life.step(before, event).status.value
        except ApprovalError as error:
            after = f"refused: `{error.code}`"
        yield f"| {name} | {label} | {after} |"
    yield from (f"| {name} | day after its last | {_past(before).status.value} |" for name, before in _cards())


def _card_arrows() -> Iterator[tuple[str, str, str]]:
    for (_, before), (label, event) in product(_cards(), CARD_EVENTS.items()):
        if event is Trouble.LOST:
            continue
        with suppress(ApprovalError):  # no arrow where it is refused
            after = life.step(before, event)
            if after.status is not before.status:
                yield before.status.value, after.status.value, label


def _past(before: Card) -> Card:
    day = NOW.date()
    return life.age(replace(before, expires_on=day, due_on=day), day + timedelta(days=1)).card


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
