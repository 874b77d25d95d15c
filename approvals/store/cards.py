"""Bank cards and their counters."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from approvals.model.card import Card, CardKind, CardMake, CardStatus
from approvals.model.ids import CardId, ProfileId, UserId
from approvals.store.columns import blob, day_or_none, iso_day, number, text
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.queries import placeholders

CARD_COLUMNS: Final = (
    "id",
    "user_id",
    "kind",
    "profile_id",
    "issuer_key_id",
    "issuer_key_version",
    "pan_sealed",
    "last4",
    "psn",
    "status",
    "last_atc",
    "attempts_left",
    "resync_due",
    "activated",
    "expires_on",
    "due_on",
    "version",
)


class SqlCards:
    """Satisfies `ports.company.Cards`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO cards (
            id, user_id, kind, profile_id, issuer_key_id, issuer_key_version, pan_sealed, last4, psn, status,
            last_atc, attempts_left, resync_due, activated, expires_on, due_on, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    """

    async def add(self, card: Card) -> None:
        await self._connection.execute(
            self._ADD,
            card.id,
            card.user_id,
            card.kind,
            card.profile_id,
            card.issuer_key_id,
            card.issuer_key_version,
            card.pan_sealed,
            card.last4,
            card.psn,
            card.status,
            card.last_atc,
            card.attempts_left,
            int(card.resync_due),
            int(card.activated),
            iso_day(card.expires_on),
            iso_day(card.due_on),
            card.version,
        )

    _LOAD: Final = "SELECT * FROM cards WHERE id = $1"

    async def load(self, card_id: CardId) -> Card | None:
        row = await fetch_one(self._connection, self._LOAD, card_id)
        return None if row is None else read_card(row)

    _OF_USERS: Final = "SELECT * FROM cards WHERE user_id IN ({users})"

    async def of_users(self, user_ids: Sequence[UserId]) -> Sequence[Card]:
        """All cards of these people, by id."""
        if not user_ids:
            return []
        rows = await self._connection.fetch(self._OF_USERS.format(users=placeholders(len(user_ids))), *user_ids)
        return sorted(map(read_card, rows), key=lambda card: card.id)

    _SAVE: Final = """
        UPDATE cards
        SET status = $3, attempts_left = $4, resync_due = $5, activated = $6, due_on = $7, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, card: Card) -> None:
        """Write status, attempts, step and age, version raised. Raises StaleVersion. Never moves the counter."""
        await self._connection.change(
            self._SAVE,
            card.id,
            card.version,
            card.status,
            card.attempts_left,
            int(card.resync_due),
            int(card.activated),
            iso_day(card.due_on),
            stale="the card was saved by somebody else",
        )

    _BROWSE: Final = "SELECT * FROM cards WHERE id > $1 ORDER BY id LIMIT $2"

    async def browse(self, after: CardId | None, limit: int) -> Sequence[Card]:
        """All cards of the house, by id."""
        rows = await self._connection.fetch(self._BROWSE, after or "", limit)
        return list(map(read_card, rows))

    _MAKES: Final = "SELECT DISTINCT profile_id, issuer_key_id, issuer_key_version FROM cards"

    async def makes(self) -> Sequence[CardMake]:
        """What the cards' keys come from; reads every card, so for a start alone."""
        rows = await self._connection.fetch(self._MAKES)
        return [
            CardMake(
                profile_id=ProfileId(text(row, "profile_id")),
                issuer_key_id=text(row, "issuer_key_id"),
                issuer_key_version=number(row, "issuer_key_version"),
            )
            for row in rows
        ]

    _DUE: Final = "SELECT * FROM cards WHERE due_on <= $1 ORDER BY due_on LIMIT $2"

    async def due(self, today: date, limit: int) -> Sequence[Card]:
        """Cards whose age is to be looked at by this day."""
        rows = await self._connection.fetch(self._DUE, today.isoformat(), limit)
        return list(map(read_card, rows))

    _RESEAL: Final = "UPDATE cards SET pan_sealed = $2 WHERE id = $1"

    async def reseal(self, card_id: CardId, pan_sealed: bytes) -> None:
        """Write the same number under another key; a card never gets another number."""
        await self._connection.execute(self._RESEAL, card_id, pan_sealed)

    _ADVANCE: Final = "UPDATE cards SET last_atc = $2 WHERE id = $1 AND last_atc < $2 RETURNING id"

    async def advance(self, card_id: CardId, atc: int) -> bool:
        """Move the counter to `atc` if that is higher; False when it was there already: a replay."""
        return await fetch_one(self._connection, self._ADVANCE, card_id, atc) is not None


def read_card(row: Row) -> Card:
    """Return the card of a row that holds all columns of `cards`."""
    return Card(
        id=CardId(text(row, "id")),
        user_id=UserId(text(row, "user_id")),
        kind=CardKind(text(row, "kind")),
        profile_id=ProfileId(text(row, "profile_id")),
        issuer_key_id=text(row, "issuer_key_id"),
        issuer_key_version=number(row, "issuer_key_version"),
        pan_sealed=blob(row, "pan_sealed"),
        last4=text(row, "last4"),
        psn=text(row, "psn"),
        status=CardStatus(text(row, "status")),
        last_atc=number(row, "last_atc"),
        attempts_left=number(row, "attempts_left"),
        resync_due=bool(number(row, "resync_due")),
        activated=bool(number(row, "activated")),
        expires_on=day_or_none(row, "expires_on"),
        due_on=day_or_none(row, "due_on"),
        version=number(row, "version"),
    )
