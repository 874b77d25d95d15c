"""The outside checker is itself checked: each lie a bank could tell is put into a true story, and judging names it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias, TypeVar

import msgspec
import pytest

from tests.flows.chaos.book import (
    ActionRow,
    AuditRow,
    Book,
    CardRow,
    ChallengeRow,
    EventRow,
    InboxRow,
    ProofRow,
    ReleaseRow,
)
from tests.flows.chaos.journal import (
    Connection,
    Delivered,
    DeviceJournal,
    Heard,
    Held,
    Journal,
    Offered,
    Told,
    Withdrawn,
)
from tests.flows.chaos.judging import breaches

OPENED, SIGNED, RELEASED, EXPIRES = 1_000, 2_000, 3_000, 61_000
ONE_SIGNS, TWO_SIGN = 0, 1
"""Companies, by their policy (`town.POLICIES`)."""

Row = TypeVar("Row", bound=msgspec.Struct)
Lie: TypeAlias = Callable[[Journal, Book], Book]


def action(company: int = ONE_SIGNS, **changed: object) -> ActionRow:
    told = ActionRow(
        id="act_1",
        reference="1-sign",
        subscription_id=f"sub_{company}",
        status="released",
        reason="released",
        created_at=OPENED,
        expires_at=EXPIRES,
        ended_at=RELEASED,
        audit_lines=3,
    )
    return msgspec.structs.replace(told, **changed)


def challenge(number: str, status: str) -> ChallengeRow:
    return ChallengeRow(
        id=f"chl_{number}",
        action_id="act_1",
        user_id=f"usr_0_{number}",
        group_name="A" if number != "3" else "B",
        status=status,
        attempts_left=3,
        checking=0,
        ended_at=SIGNED,
    )


def true_book() -> Book:
    """One action of a company where one signs: signer 1 did, and the core took it."""
    codes = ("action_opened", "challenge_satisfied", "action_released")
    return Book(
        actions=[action()],
        challenges=[challenge("1", "satisfied"), challenge("2", "closed")],
        proofs=[
            ProofRow(
                id="prf_1",
                committed_at=SIGNED,
                challenge_id="chl_1",
                card_id="crd_0_1",
                status="right",
                answer="accepted",
                verdict='{"right":true,"atc":4}',
            )
        ],
        releases=[ReleaseRow(id="rel_1", action_id="act_1", status="delivered", created_at=SIGNED)],
        cards=[CardRow(id="crd_0_1", user_id="usr_0_1", status="active", last_atc=4, attempts_left=3)],
        events=[
            EventRow(user_id="usr_0_1", s=1, kind="challenge_opened", action_id="act_1"),
            EventRow(user_id="usr_0_1", s=2, kind="action_ended", action_id="act_1"),
        ],
        inboxes=[InboxRow(user_id="usr_0_1", head=2)],
        audit=[AuditRow(action_id="act_1", n=n, code=code, actor="user:usr_0_1") for n, code in enumerate(codes, 1)],
    )


def true_journal() -> Journal:
    """What everybody saw of it."""
    return Journal(
        asked={"1-sign"},
        held=[Held(at=1.0, reference="1-sign", action="act_1", is_replay=False)],
        offered=[Offered(at=2.0, request="r", challenge="chl_1", card="crd_0_1", atc=4, is_right=True)],
        told=[Told(at=2.0, request="r", challenge="chl_1", card="crd_0_1", answer="accepted", error=None)],
        delivered=[delivered()],
        devices=[DeviceJournal(device="0_1_a", user="usr_0_1", connections=[Connection(after=0, heard=heard())])],
    )


def delivered(**changed: object) -> Delivered:
    told = Delivered(
        at=3.0,
        action="act_1",
        release="rel_1",
        webhook="rel_1",
        content="digest",
        signers=("usr_0_1",),
        reply=204,
        is_applied=True,
    )
    return replace(told, **changed)  # type: ignore[arg-type]  # names and values of the tests' own


def heard() -> list[Heard]:
    kinds = (("challenge_opened", "pending"), ("action_ended", "released"))
    return [
        Heard(at=float(s), s=s, kind=kind, subject="act_1", status=status, expires=EXPIRES / 1000)
        for s, (kind, status) in enumerate(kinds, 1)
    ]


def test_a_true_story_is_believed() -> None:
    assert breaches(true_journal(), true_book()) == []


# --- the lies -----------------------------------------------------------------------------------------------


def of_people(**said: object) -> Lie:
    """People and core saw something else: a list is more of it, anything else is instead."""

    def lie(journal: Journal, book: Book) -> Book:
        for name, value in said.items():
            if isinstance(value, list):
                getattr(journal, name).extend(value)
            else:
                setattr(journal, name, value)
        return book

    return lie


def of_the_book(**rows: list[msgspec.Struct]) -> Lie:
    """The database holds these rows instead."""
    return lambda _journal, book: msgspec.structs.replace(book, **rows)


def ended(status: str, *challenges: ChallengeRow, ended_at: int = RELEASED, reason: str | None = None) -> Lie:
    """The action ended without a release, and nobody had heard of it but the audit."""

    def lie(journal: Journal, book: Book) -> Book:
        journal.delivered, journal.told, journal.devices = [], [], []
        row = action(status=status, ended_at=ended_at, reason=reason, audit_lines=1)
        line = AuditRow(action_id="act_1", n=1, code=f"action_{status}", actor="system")
        return msgspec.structs.replace(
            book, actions=[row], challenges=challenges, proofs=[], releases=[], cards=[], audit=[line]
        )

    return lie


def told(challenge_id: str, answer: str) -> Told:
    return Told(at=2.5, request=f"r-{challenge_id}", challenge=challenge_id, card="crd", answer=answer, error=None)


def seen(*events: Heard) -> list[DeviceJournal]:
    return [DeviceJournal(device="0_1_b", user="usr_0_1", connections=[Connection(after=0, heard=list(events))])]


PROOF = true_book().proofs[0]
AGAIN = msgspec.structs.replace(PROOF, id="prf_2", challenge_id=None)
LATE = msgspec.structs.replace(PROOF, committed_at=EXPIRES + 2_000)
LIES: dict[str, Lie] = {
    "was told to be held as act_9 and is not": of_people(
        held=[Held(at=1.0, reference="1-sign", action="act_9", is_replay=True)]
    ),
    "is held 2 times": of_the_book(actions=[action(), action(id="act_2", status="withdrawn", audit_lines=0)]),
    "is still pending": of_the_book(actions=[action(status="pending")]),
    "came that the book does not hold": of_people(delivered=[delivered(release="rel_2", webhook="rel_2")]),
    "came under another id": of_people(delivered=[delivered(webhook="rel_1-again", is_applied=False)]),
    "said something else": of_people(delivered=[delivered(content="another", is_applied=False)]),
    "was applied 2 times": of_people(delivered=[delivered()]),
    "is released and was applied 0 times": of_people(delivered=()),
    "1 releases came that the core could not trust": of_people(untrusted=1),
    "the core's refusal and the bank's book differ": of_people(delivered=[delivered(reply=422, is_applied=False)]),
    "names other signers than signed": of_people(delivered=[delivered(signers=("usr_0_2",), is_applied=False)]),
    "was released against its policy": of_the_book(actions=[action(TWO_SIGN)]),
    "was signed after its deadline": of_the_book(actions=[action(expires_at=SIGNED)]),
    "was refused and released": of_the_book(challenges=[challenge("1", "satisfied"), challenge("2", "refused")]),
    "is withdrawn and was refused": ended("withdrawn", challenge("1", "closed"), challenge("2", "refused")),
    "is rejected and was not refused": ended("rejected", challenge("1", "closed")),
    "is withdrawn and nobody asked for it": ended("withdrawn", challenge("1", "closed")),
    "is withdrawn and had every signature": ended("withdrawn", challenge("1", "satisfied")),
    "is expired and had time left": ended("expired", challenge("1", "expired"), ended_at=EXPIRES - 1),
    "those who are left could have signed": ended("failed", challenge("1", "exhausted"), challenge("2", "closed")),
    "by a withdrawal and is released": of_people(withdrawn=[Withdrawn(at=2.0, action="act_1", status="withdrawn")]),
    "request r was accepted; it was no right code": of_the_book(challenges=[challenge("1", "closed")]),
    "chl_2 was told to be refused and is closed": of_people(told=[told("chl_2", "refused")]),
    "was told accepted, then proof_refused": of_people(told=[replace(told("chl_1", "proof_refused"), request="r")]),
    "one counter was accepted twice": of_the_book(proofs=[PROOF, AGAIN]),
    "is at counter 4, and 0 was accepted": of_the_book(proofs=[]),
    "was never settled": of_the_book(proofs=[PROOF, msgspec.structs.replace(AGAIN, status="checking", verdict=None)]),
    "its audit has a gap": of_the_book(actions=[action(audit_lines=4)]),
    "its audit tells []": of_the_book(audit=[]),
    "was accepted 2000 ms late": of_the_book(proofs=[LATE]),
    "lacks or invented 1 of 2 events": of_people(devices=seen(heard()[0])),
    "was sent 2 as number 1": of_people(devices=seen(heard()[1])),
    "shows act_1 as approved": of_people(devices=seen(heard()[0], replace(heard()[1], status="approved"))),
    "expired 58 s before its time": of_people(devices=seen(replace(heard()[0], status="expired", at=3.0))),
    "the bank told of a fault of its own": of_people(faults_of_the_bank=["actions: internal"]),
}


@pytest.mark.parametrize("words", LIES)
def test_a_lie_is_named(words: str) -> None:
    journal = true_journal()
    book = LIES[words](journal, true_book())
    assert any(words in breach for breach in breaches(journal, book)), breaches(journal, book)


@pytest.mark.parametrize(
    "lie",
    [
        ended("rejected", challenge("1", "closed"), challenge("2", "refused")),
        ended("failed", challenge("1", "exhausted"), challenge("2", "exhausted")),
        ended("expired", challenge("1", "expired"), ended_at=EXPIRES),
    ],
    ids=["a refusal", "nobody left", "no time left"],
)
def test_what_ends_for_its_reason_is_no_breach_of_its_own(lie: Lie) -> None:
    journal = true_journal()
    book = lie(journal, true_book())
    assert breaches(journal, book) == []
