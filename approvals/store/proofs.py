"""Proofs: every attempt, written before its check and completed after it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.ids import ActionId, CardId, ChallengeId, DeviceId, LoginId, ProofId, UserId
from approvals.model.proof import Answer, Proof, ProofStatus, Purpose
from approvals.store.columns import (
    milliseconds,
    milliseconds_or_none,
    number_or_none,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.documents import read_verdict, write


class SqlProofs:
    """Satisfies `ports.actions.Proofs`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO proofs (
            id, purpose, challenge_id, user_id, card_id, login_id, device_id, status, offered_at, deadline,
            judged_at, answer, attempts_left, verdict
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    """

    async def add(self, proof: Proof) -> None:
        await self._connection.execute(
            self._ADD,
            proof.id,
            proof.purpose,
            proof.challenge_id,
            proof.user_id,
            proof.card_id,
            proof.login_id,
            proof.device_id,
            proof.status,
            milliseconds(proof.offered_at),
            milliseconds(proof.deadline),
            milliseconds_or_none(proof.judged_at),
            proof.answer,
            proof.attempts_left,
            _written(proof),
        )

    _LOAD: Final = "SELECT * FROM proofs WHERE id = $1"

    async def load(self, proof_id: ProofId) -> Proof | None:
        row = await fetch_one(self._connection, self._LOAD, proof_id)
        return None if row is None else _proof(row)

    _SETTLE: Final = """
        UPDATE proofs SET status = $3, judged_at = $4, answer = $5, attempts_left = $6, verdict = $7
        WHERE id = $1 AND status = $2 RETURNING id
    """

    async def settle(self, proof: Proof) -> bool:
        """Write status, verdict and answer of a proof still `checking`; False when somebody settled it before."""
        row = await fetch_one(
            self._connection,
            self._SETTLE,
            proof.id,
            ProofStatus.CHECKING,
            proof.status,
            milliseconds_or_none(proof.judged_at),
            proof.answer,
            proof.attempts_left,
            _written(proof),
        )
        return row is not None

    _OVERDUE: Final = "SELECT * FROM proofs WHERE status = $1 AND deadline < $2 ORDER BY deadline LIMIT $3"

    async def overdue(self, now: datetime, limit: int) -> Sequence[Proof]:
        """Proofs still `checking` past their deadline (RULES 7)."""
        rows = await self._connection.fetch(self._OVERDUE, ProofStatus.CHECKING, milliseconds(now), limit)
        return [_proof(row) for row in rows]

    _UNDER_CHECK: Final = "SELECT * FROM proofs WHERE user_id = $1 AND status = $2 ORDER BY offered_at, id"

    async def under_check(self, user_id: UserId) -> Sequence[Proof]:
        """The person's proofs that are spent and not yet judged."""
        rows = await self._connection.fetch(self._UNDER_CHECK, user_id, ProofStatus.CHECKING)
        return [_proof(row) for row in rows]

    _OF_ACTION: Final = """
        SELECT proofs.* FROM proofs JOIN challenges ON challenges.id = proofs.challenge_id
        WHERE challenges.action_id = $1 ORDER BY proofs.offered_at, proofs.id
    """

    async def of_action(self, action_id: ActionId) -> Sequence[Proof]:
        """Every attempt on the action's challenges, by time: the evidence."""
        rows = await self._connection.fetch(self._OF_ACTION, action_id)
        return [_proof(row) for row in rows]


def _written(proof: Proof) -> str | None:
    return None if proof.verdict is None else write(proof.verdict)


def _proof(row: Row) -> Proof:
    challenge_id = text_or_none(row, "challenge_id")
    card_id = text_or_none(row, "card_id")
    login_id = text_or_none(row, "login_id")
    device_id = text_or_none(row, "device_id")
    answer = text_or_none(row, "answer")
    verdict = text_or_none(row, "verdict")
    return Proof(
        id=ProofId(text(row, "id")),
        purpose=Purpose(text(row, "purpose")),
        challenge_id=None if challenge_id is None else ChallengeId(challenge_id),
        user_id=UserId(text(row, "user_id")),
        card_id=None if card_id is None else CardId(card_id),
        login_id=None if login_id is None else LoginId(login_id),
        device_id=None if device_id is None else DeviceId(device_id),
        status=ProofStatus(text(row, "status")),
        offered_at=time(row, "offered_at"),
        deadline=time(row, "deadline"),
        judged_at=time_or_none(row, "judged_at"),
        answer=None if answer is None else Answer(answer),
        attempts_left=number_or_none(row, "attempts_left"),
        verdict=None if verdict is None else read_verdict(verdict),
    )
