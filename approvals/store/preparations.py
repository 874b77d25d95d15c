"""Requests whose payees are verified first, what was answered, and who wants no verification."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from approvals.model.draft import Draft
from approvals.model.ids import ActionId, PreparationId, SubscriptionId, UploadId, UserId
from approvals.model.opener import Opener
from approvals.model.preparation import FileMessage, Place, Preparation, PreparationStatus
from approvals.model.verification import CheckedPayee, NamedAccount, PayeeAnswer, PayeeVerdict
from approvals.ports.verification import Findings, OrderedPayee
from approvals.store.columns import (
    from_milliseconds,
    milliseconds,
    milliseconds_or_none,
    number,
    number_or_none,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.documents import write
from approvals.store.queries import placeholders

_COUNTS: Final = msgspec.json.Decoder(dict[int, dict[PayeeAnswer, int]])
_ACTIONS: Final = msgspec.json.Decoder(tuple[ActionId, ...])
_CURRENCY: Final = "EUR"  # the scheme's (EPC VOP rulebook): other currencies have no verification


class SqlPreparations:
    """Satisfies `ports.verification.Preparations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO preparations (
            id, subscription_id, opened_by, initiator, reference, drafts, upload_id, initiating_party, message_id,
            status, total, done, group_number, position, counts, actions, refusal, created_at, next_at, ended_at,
            version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
    """

    async def add(self, preparation: Preparation) -> None:
        message = preparation.message
        await self._connection.execute(
            self._ADD,
            preparation.id,
            preparation.subscription_id,
            preparation.opened_by,
            preparation.initiator,
            preparation.reference,
            write(preparation.drafts),
            message.upload_id if message else None,
            message.initiating_party if message else None,
            message.message_id if message else None,
            preparation.status,
            preparation.total,
            preparation.done,
            preparation.place.group,
            preparation.place.position,
            _written(preparation.counts),
            write(preparation.actions),
            preparation.refusal,
            milliseconds(preparation.created_at),
            milliseconds(preparation.next_at),
            milliseconds_or_none(preparation.ended_at),
            preparation.version,
        )

    _LOAD: Final = "SELECT * FROM preparations WHERE id = $1"

    async def load(self, preparation_id: PreparationId) -> Preparation | None:
        row = await fetch_one(self._connection, self._LOAD, preparation_id)
        return None if row is None else _preparation(row)

    _SAVE: Final = """
        UPDATE preparations
        SET status = $3, done = $4, group_number = $5, position = $6, counts = $7, actions = $8, refusal = $9,
            next_at = $10, ended_at = $11, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save(self, preparation: Preparation) -> bool:
        """Write what moves, version raised; False when somebody else wrote first."""
        row = await fetch_one(
            self._connection,
            self._SAVE,
            preparation.id,
            preparation.version,
            preparation.status,
            preparation.done,
            preparation.place.group,
            preparation.place.position,
            _written(preparation.counts),
            write(preparation.actions),
            preparation.refusal,
            milliseconds(preparation.next_at),
            milliseconds_or_none(preparation.ended_at),
        )
        return row is not None

    _CLAIM: Final = """
        UPDATE preparations SET next_at = $3, version = version + 1
        WHERE id IN (SELECT id FROM preparations WHERE status = $1 AND next_at <= $2 ORDER BY next_at LIMIT 1)
            AND status = $1 AND next_at <= $2
            AND NOT EXISTS (SELECT 1 FROM house WHERE name = 'restoring')
        RETURNING *
    """

    async def claim(self, now: datetime, until: datetime) -> Preparation | None:
        """One statement, right under any isolation: one taken meanwhile is no longer due."""
        row = await fetch_one(
            self._connection, self._CLAIM, PreparationStatus.CHECKING, milliseconds(now), milliseconds(until)
        )
        return None if row is None else _preparation(row)

    _NEXT_DUE: Final = """
        SELECT MIN(next_at) AS next_at FROM preparations
        WHERE status = $1 AND NOT EXISTS (SELECT 1 FROM house WHERE name = 'restoring')
    """

    async def next_due(self) -> datetime | None:
        row = await fetch_one(self._connection, self._NEXT_DUE, PreparationStatus.CHECKING)
        due = None if row is None else number_or_none(row, "next_at")
        return None if due is None else from_milliseconds(due)

    _LIVE_MESSAGE: Final = """
        SELECT id FROM preparations
        WHERE subscription_id = $1 AND initiating_party = $2 AND message_id = $3 AND status = $4 LIMIT 1
    """

    async def live_message(self, subscription_id: SubscriptionId, initiating_party: str, message_id: str) -> bool:
        checking = PreparationStatus.CHECKING
        row = await fetch_one(
            self._connection, self._LIVE_MESSAGE, subscription_id, initiating_party, message_id, checking
        )
        return row is not None

    _ORDERS: Final = """
        SELECT group_number, position, name, iban, bic FROM payees
        WHERE upload_id = $1 AND (group_number, position) > ($2, $3) AND currency = $4
        ORDER BY group_number, position LIMIT $5
    """

    async def orders(self, upload_id: UploadId, after: Place, limit: int) -> Sequence[OrderedPayee]:
        rows = await self._connection.fetch(self._ORDERS, upload_id, after.group, after.position, _CURRENCY, limit)
        return [
            OrderedPayee(
                place=Place(group=number(row, "group_number"), position=number(row, "position")),
                payee=NamedAccount(name=text(row, "name"), iban=text(row, "iban"), bic=text_or_none(row, "bic")),
            )
            for row in rows
        ]

    _ANSWERED: Final = """
        SELECT name, iban, answer, returned_name FROM payee_checks WHERE preparation_id = $1 AND iban IN ({ibans})
    """

    async def answered(
        self, preparation_id: PreparationId, payees: Sequence[NamedAccount]
    ) -> Mapping[NamedAccount, PayeeVerdict]:
        sql = self._ANSWERED.format(ibans=placeholders(len(payees), first=2))
        rows = await self._connection.fetch(sql, preparation_id, *(payee.iban for payee in payees))
        found = {(text(row, "name"), text(row, "iban")): _verdict(row) for row in rows}
        return {payee: found[payee.name, payee.iban] for payee in payees if (payee.name, payee.iban) in found}

    _RECORD: Final = """
        INSERT INTO payee_checks (preparation_id, group_number, position, iban, name, answer, returned_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
    """

    async def record(self, preparation_id: PreparationId, answers: Mapping[OrderedPayee, PayeeVerdict]) -> None:
        rows = [
            (
                preparation_id,
                order.place.group,
                order.place.position,
                order.payee.iban,
                order.payee.name,
                verdict.answer,
                verdict.returned_name,
            )
            for order, verdict in answers.items()
        ]
        await self._connection.execute_many(self._RECORD, rows)

    _FINDINGS: Final = """
        SELECT * FROM payee_checks WHERE preparation_id = $1 AND group_number = $2 AND answer IN ($3, $4)
        ORDER BY position LIMIT $5
    """
    _HOW_MANY: Final = """
        SELECT COUNT(*) AS findings FROM payee_checks
        WHERE preparation_id = $1 AND group_number = $2 AND answer IN ($3, $4)
    """

    async def findings(self, preparation_id: PreparationId, group: int, most: int) -> Findings:
        wanted: list[Value] = [preparation_id, group, *(answer for answer in PayeeAnswer if answer.is_finding)]
        rows = await self._connection.fetch(self._FINDINGS, *wanted, most)
        counted = await fetch_one(self._connection, self._HOW_MANY, *wanted)
        return Findings(
            listed=[
                CheckedPayee(payee=NamedAccount(name=text(row, "name"), iban=text(row, "iban")), verdict=_verdict(row))
                for row in rows
            ],
            unlisted=0 if counted is None else number(counted, "findings") - len(rows),
        )

    _OPTED_OUT: Final = "SELECT since FROM payee_check_opt_outs WHERE subscription_id = $1"

    async def opted_out(self, subscription_id: SubscriptionId) -> date | None:
        row = await fetch_one(self._connection, self._OPTED_OUT, subscription_id)
        return None if row is None else date.fromisoformat(text(row, "since"))

    _OPT_IN: Final = "DELETE FROM payee_check_opt_outs WHERE subscription_id = $1"
    _OPT_OUT: Final = "INSERT INTO payee_check_opt_outs (subscription_id, since) VALUES ($1, $2)"

    async def opt_out(self, subscription_id: SubscriptionId, since: date | None) -> None:
        await self._connection.execute(self._OPT_IN, subscription_id)
        if since is not None:
            await self._connection.execute(self._OPT_OUT, subscription_id, since.isoformat())

    _FORGET_CHECKS: Final = """
        DELETE FROM payee_checks WHERE (preparation_id, iban, name, group_number) IN (
            SELECT payee_checks.preparation_id, payee_checks.iban, payee_checks.name, payee_checks.group_number
            FROM preparations JOIN payee_checks ON payee_checks.preparation_id = preparations.id
            WHERE preparations.ended_at < $1 LIMIT $2
        )
    """
    _FORGET: Final = """
        DELETE FROM preparations WHERE id IN (
            SELECT id FROM preparations
            WHERE ended_at < $1
                AND NOT EXISTS (SELECT 1 FROM payee_checks WHERE payee_checks.preparation_id = preparations.id)
            LIMIT $2
        )
    """

    async def forget(self, before: datetime, rows: int) -> None:
        for sql in (self._FORGET_CHECKS, self._FORGET):
            await self._connection.execute(sql, milliseconds(before), rows)


def _written(counts: Mapping[int, Mapping[PayeeAnswer, int]]) -> str:
    """JSON has no keys but texts."""
    return write(
        {str(group): {answer.value: count for answer, count in each.items()} for group, each in counts.items()}
    )


def _verdict(row: Row) -> PayeeVerdict:
    return PayeeVerdict(answer=PayeeAnswer(text(row, "answer")), returned_name=text_or_none(row, "returned_name"))


def _preparation(row: Row) -> Preparation:
    return Preparation(
        id=PreparationId(text(row, "id")),
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        opened_by=Opener(text(row, "opened_by")),
        initiator=UserId(text(row, "initiator")),
        reference=text_or_none(row, "reference"),
        drafts=_drafts(text(row, "drafts")),
        message=_message(row),
        status=PreparationStatus(text(row, "status")),
        total=number(row, "total"),
        done=number(row, "done"),
        place=Place(group=number(row, "group_number"), position=number(row, "position")),
        counts=_COUNTS.decode(text(row, "counts")),
        actions=_ACTIONS.decode(text(row, "actions")),
        refusal=text_or_none(row, "refusal"),
        created_at=time(row, "created_at"),
        next_at=time(row, "next_at"),
        ended_at=time_or_none(row, "ended_at"),
        version=number(row, "version"),
    )


def _message(row: Row) -> FileMessage | None:
    upload_id = text_or_none(row, "upload_id")
    if upload_id is None:
        return None
    return FileMessage(
        upload_id=UploadId(upload_id),
        initiating_party=text(row, "initiating_party"),
        message_id=text(row, "message_id"),
    )


def _drafts(stored: str) -> tuple[Draft, ...]:
    """Field by field as `write` left them: their facts are of a recursive type, which msgspec does not decode."""
    return tuple(Draft(**draft) for draft in msgspec.json.decode(stored))
