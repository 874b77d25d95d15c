"""Challenges: one per signer and action."""

from collections.abc import Sequence
from typing import Final

from approvals.model.challenge import Challenge, ChallengeStatus, RefusalReason
from approvals.model.ids import ActionId, CardId, CertificateId, ChallengeId, UserId
from approvals.store.columns import (
    milliseconds,
    milliseconds_or_none,
    number,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.documents import read_reader_input, write
from approvals.store.queries import placeholders

CHALLENGE_COLUMNS: Final = (
    "id",
    "action_id",
    "user_id",
    "group_name",
    "status",
    "card_id",
    "reader_input",
    "expires_at",
    "attempts_left",
    "checking",
    "ended_at",
    "refusal",
    "in_place_of",
    "certificate_id",
    "version",
)


class SqlChallenges:
    """Satisfies `ports.actions.Challenges`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO challenges (
            id, action_id, user_id, group_name, status, card_id, reader_input, expires_at,
            attempts_left, checking, ended_at, refusal, in_place_of, certificate_id, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    """

    async def add(self, challenges: Sequence[Challenge]) -> None:
        rows = [
            (
                challenge.id,
                challenge.action_id,
                challenge.user_id,
                challenge.group,
                challenge.status,
                challenge.card_id,
                None if challenge.reader_input is None else write(challenge.reader_input),
                milliseconds(challenge.expires_at),
                challenge.attempts_left,
                challenge.checking,
                milliseconds_or_none(challenge.ended_at),
                challenge.refusal,
                challenge.in_place_of,
                challenge.certificate_id,
                challenge.version,
            )
            for challenge in challenges
        ]
        await self._connection.execute_many(self._ADD, rows)

    _LOAD: Final = "SELECT * FROM challenges WHERE id = $1"

    async def load(self, challenge_id: ChallengeId) -> Challenge | None:
        row = await fetch_one(self._connection, self._LOAD, challenge_id)
        return None if row is None else read_challenge(row)

    async def of_action(self, action_id: ActionId) -> tuple[Challenge, ...]:
        """By id."""
        return tuple(await self.of_actions([action_id]))

    _OF_ACTIONS: Final = "SELECT * FROM challenges WHERE action_id IN ({actions})"

    async def of_actions(self, action_ids: Sequence[ActionId]) -> Sequence[Challenge]:
        """By id; sorted here, since two databases may sort the same text differently."""
        if not action_ids:
            return []
        sql = self._OF_ACTIONS.format(actions=placeholders(len(action_ids)))
        rows = await self._connection.fetch(sql, *action_ids)
        return sorted(map(read_challenge, rows), key=lambda challenge: challenge.id)

    _SAVE: Final = """
        UPDATE challenges
        SET status = $3, attempts_left = $4, checking = $5, ended_at = $6, refusal = $7, card_id = $8,
            reader_input = $9, group_name = $10, in_place_of = $11, certificate_id = $12, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, challenge: Challenge) -> None:
        """Write what changed, version raised. Raises StaleVersion."""
        await self._connection.change(
            self._SAVE,
            challenge.id,
            challenge.version,
            challenge.status,
            challenge.attempts_left,
            challenge.checking,
            milliseconds_or_none(challenge.ended_at),
            challenge.refusal,
            challenge.card_id,
            None if challenge.reader_input is None else write(challenge.reader_input),
            challenge.group,
            challenge.in_place_of,
            challenge.certificate_id,
            stale="the challenge was saved by somebody else",
        )

    _OF_SIGNER: Final = """
        SELECT challenges.* FROM challenges JOIN actions ON actions.id = challenges.action_id
        WHERE challenges.user_id = $1 AND challenges.status IN ($2, $3)
        ORDER BY actions.created_at DESC, challenges.id DESC LIMIT $4
    """

    async def of_signer(self, user_id: UserId, *, limit: int) -> Sequence[Challenge]:
        """The person's challenges that are waiting or open, newest first."""
        rows = await self._connection.fetch(
            self._OF_SIGNER, user_id, ChallengeStatus.WAITING, ChallengeStatus.OPEN, limit
        )
        return [read_challenge(row) for row in rows]


def read_challenge(row: Row) -> Challenge:
    """Return the challenge of a row that holds all columns of `challenges`."""
    refusal, in_place_of = text_or_none(row, "refusal"), text_or_none(row, "in_place_of")
    card_id, certificate_id = text_or_none(row, "card_id"), text_or_none(row, "certificate_id")
    reader_input = text_or_none(row, "reader_input")
    return Challenge(
        id=ChallengeId(text(row, "id")),
        action_id=ActionId(text(row, "action_id")),
        user_id=UserId(text(row, "user_id")),
        group=text(row, "group_name"),
        status=ChallengeStatus(text(row, "status")),
        card_id=None if card_id is None else CardId(card_id),
        reader_input=None if reader_input is None else read_reader_input(reader_input),
        expires_at=time(row, "expires_at"),
        attempts_left=number(row, "attempts_left"),
        checking=number(row, "checking"),
        ended_at=time_or_none(row, "ended_at"),
        refusal=None if refusal is None else RefusalReason(refusal),
        in_place_of=None if in_place_of is None else UserId(in_place_of),
        certificate_id=None if certificate_id is None else CertificateId(certificate_id),
        version=number(row, "version"),
    )
