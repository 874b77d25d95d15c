"""The orders of a remittance, walked by keyset in order of risk or of the file."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from approvals.errors import InvalidRequest
from approvals.model.ids import UploadId
from approvals.model.page import Page
from approvals.model.payee import Payee, Standing
from approvals.model.verification import PayeeAnswer, PayeeVerdict
from approvals.ports.payloads import PayeeOrder, PayeeQuery
from approvals.store.columns import number, text, text_or_none
from approvals.store.database import Connection, Row, Value
from approvals.store.queries import beginning, holding, placeholders, read_cursor, write_cursor

_RISK: Final[Mapping[Standing, int]] = {
    Standing.UNKNOWN: 0,
    Standing.CHANGED: 0,
    Standing.NEW: 1,
    Standing.KNOWN: 2,
}
_KEYS: Final[Mapping[PayeeOrder, tuple[str, ...]]] = {
    PayeeOrder.RISK: ("risk", "largest_first", "position"),
    PayeeOrder.FILE: ("position",),
}


class SqlPayees:
    """Satisfies `ports.payloads.Payees`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO payees (
            upload_id, group_number, position, payment_information_id, end_to_end_id, name, name_folded, iban,
            bic, amount, currency, standing, risk, largest_first
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    """

    async def add(self, upload_id: UploadId, payees: Sequence[Payee]) -> None:
        """At most some hundreds a transaction, so that other writers get their turn."""
        rows = [
            (
                upload_id,
                payee.group,
                payee.position,
                payee.payment_information_id,
                payee.end_to_end_id,
                payee.name,
                fold(payee.name),
                payee.iban,
                payee.bic,
                payee.amount,
                payee.currency,
                payee.standing,
                _RISK[payee.standing],
                -payee.amount,
            )
            for payee in payees
        ]
        await self._connection.execute_many(self._ADD, rows)

    _BROWSE: Final = """
        SELECT payees.*, payee_checks.answer, payee_checks.returned_name FROM payees
        LEFT JOIN preparations ON preparations.upload_id = payees.upload_id
        LEFT JOIN payee_checks ON payee_checks.preparation_id = preparations.id AND payee_checks.iban = payees.iban
            AND payee_checks.name = payees.name AND payee_checks.group_number = payees.group_number
        WHERE payees.upload_id = $1 AND payees.group_number = $2 {conditions} ORDER BY {keys} LIMIT $3
    """
    _HOLDS: Final = "AND (payees.name_folded LIKE {} ESCAPE '!' OR payees.iban LIKE {} ESCAPE '!')"
    _AFTER: Final = "AND ({keys}) > ({values})"

    async def browse(self, query: PayeeQuery, after: str | None, limit: int) -> Page[Payee]:
        """Raises InvalidRequest for a cursor that is none of this order's."""
        values: list[Value] = [query.upload_id, query.group, limit + 1]
        keys = ", ".join(f"payees.{key}" for key in _KEYS[query.order])
        conditions = ""
        if query.text:
            conditions += self._HOLDS.format(f"${len(values) + 1}", f"${len(values) + 2}")
            values += [holding(fold(query.text)), beginning(_iban(query.text))]
        if after is not None:
            ended = _ended(query.order, after)
            conditions += self._AFTER.format(keys=keys, values=placeholders(len(ended), first=len(values) + 1))
            values += ended
        rows = await self._connection.fetch(self._BROWSE.format(conditions=conditions, keys=keys), *values)
        page = [_payee(row) for row in rows[:limit]]
        return Page(items=page, next=_cursor(query.order, rows[limit - 1]) if len(rows) > limit else None)


def fold(name: str) -> str:
    """Return the name without case and accents, as it is searched: *Élodie* is found by *elodie*."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _iban(words: str) -> str:
    return "".join(words.split()).upper()


def _ended(order: PayeeOrder, after: str) -> list[Value]:
    try:
        return [int(key) for key in read_cursor(after, len(_KEYS[order]))]
    except ValueError as error:
        raise InvalidRequest("not a cursor of this list", field="after") from error


def _cursor(order: PayeeOrder, last: Row) -> str:
    return write_cursor(*(number(last, key) for key in _KEYS[order]))


def _verdict(row: Row) -> PayeeVerdict | None:
    answer = text_or_none(row, "answer")
    if answer is None:
        return None
    return PayeeVerdict(answer=PayeeAnswer(answer), returned_name=text_or_none(row, "returned_name"))


def _payee(row: Row) -> Payee:
    return Payee(
        group=number(row, "group_number"),
        position=number(row, "position"),
        payment_information_id=text(row, "payment_information_id"),
        end_to_end_id=text(row, "end_to_end_id"),
        name=text(row, "name"),
        iban=text(row, "iban"),
        bic=text_or_none(row, "bic"),
        amount=number(row, "amount"),
        currency=text(row, "currency"),
        standing=Standing(text(row, "standing")),
        verdict=_verdict(row),
    )
