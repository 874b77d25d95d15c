"""The tree over the audit: leaves, tiles, heads (RULES 32). Written by the sealer alone."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import msgspec

from approvals.errors import AuditBroken
from approvals.model.audit import AuditLine, AuditRow, Disclosure, Retention
from approvals.model.ids import ActionId, AuditId
from approvals.model.seal import Head, KeptHead, SignedHead, Tail, TileKey
from approvals.store.columns import (
    blob,
    blob_or_none,
    milliseconds,
    number,
    number_or_none,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.documents import read_facts, write


class SqlAuditTree:
    """Satisfies `ports.sealing.AuditTree`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- leaves -------------------------------------------------------------------------------------------

    _UNSEALED: Final = "SELECT id FROM audit WHERE leaf IS NULL ORDER BY at, id LIMIT $1"

    async def unsealed(self, limit: int) -> Sequence[AuditId]:
        """Committed rows without a leaf, the oldest first."""
        return [AuditId(text(row, "id")) for row in await self._connection.fetch(self._UNSEALED, limit)]

    # By itself and not in the transaction of the head: under SERIALIZABLE it would come between approvals, which write
    # to the same pages. Of two sealers the second finds the places taken, and gives none.
    _NUMBER: Final = """
        WITH given (audit_id, leaf) AS (VALUES {places})
        UPDATE audit SET leaf = given.leaf FROM given
        WHERE audit.id = given.audit_id AND audit.leaf IS NULL
            AND NOT EXISTS (SELECT 1 FROM audit AS taken WHERE taken.leaf >= $1)
    """

    async def number(self, rows: Sequence[AuditId], first: int) -> None:
        """Give these rows the leaves from `first` on, unless somebody gave those away before."""
        places = ", ".join(f"(${n}, CAST(${n + 1} AS BIGINT))" for n in range(2, 2 * len(rows) + 2, 2))
        values = [value for leaf, row in enumerate(rows, start=first) for value in (row, leaf)]
        await self._connection.execute(self._NUMBER.format(places=places), first, *values)

    _LINES: Final = """
        SELECT audit.*, audit_values.audit_id, audit_values.salt, audit_values.value, audit_values.erased_by
        FROM audit LEFT JOIN audit_values ON audit_values.audit_id = audit.id
        WHERE audit.leaf >= $1 ORDER BY audit.leaf LIMIT $2
    """

    async def lines(self, start: int, limit: int) -> Sequence[AuditLine]:
        """Rows by their leaf, from `start` on."""
        return [line_of(row) for row in await self._connection.fetch(self._LINES, start, limit)]

    _OF_ACTION: Final = """
        SELECT audit.*, audit_values.audit_id, audit_values.salt, audit_values.value, audit_values.erased_by
        FROM audit LEFT JOIN audit_values ON audit_values.audit_id = audit.id
        WHERE audit.action_id = $1 ORDER BY audit.n
    """

    async def of_action(self, action_id: ActionId) -> Sequence[AuditLine]:
        """In the order written, sealed or not."""
        return [line_of(row) for row in await self._connection.fetch(self._OF_ACTION, action_id)]

    _UNSEALED_TAIL: Final = "SELECT COUNT(*) AS found, MIN(at) AS oldest FROM audit WHERE leaf IS NULL"
    _HEADS_INSIDE: Final = """
        SELECT COUNT(*) AS found FROM audit_heads
        WHERE size > (SELECT COALESCE(MAX(size), 0) FROM audit_heads WHERE anchored_at IS NOT NULL)
    """

    async def tail(self) -> Tail:
        (rows,) = await self._connection.fetch(self._UNSEALED_TAIL)
        (heads,) = await self._connection.fetch(self._HEADS_INSIDE)
        return Tail(rows=number(rows, "found"), oldest=time_or_none(rows, "oldest"), heads=number(heads, "found"))

    # --- tiles --------------------------------------------------------------------------------------------

    _TILES: Final = "SELECT * FROM audit_tiles WHERE (level, number) IN (VALUES {keys})"

    async def tiles(self, keys: Collection[TileKey]) -> Mapping[TileKey, bytes]:
        if not keys:
            return {}
        pairs = [f"(CAST(${n} AS BIGINT), CAST(${n + 1} AS BIGINT))" for n in range(1, 2 * len(keys) + 1, 2)]
        sql = self._TILES.format(keys=", ".join(pairs))
        rows = await self._connection.fetch(sql, *(value for key in keys for value in (key.level, key.number)))
        return {TileKey(number(row, "level"), number(row, "number")): blob(row, "hashes") for row in rows}

    _PUT_TILE: Final = """
        INSERT INTO audit_tiles (level, number, hashes) VALUES ($1, $2, $3)
        ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
    """

    async def put_tiles(self, tiles: Mapping[TileKey, bytes]) -> None:
        rows = [(key.level, key.number, hashes) for key, hashes in tiles.items()]
        await self._connection.execute_many(self._PUT_TILE, rows)

    # --- heads --------------------------------------------------------------------------------------------

    _ADD_HEAD: Final = """
        INSERT INTO audit_heads (size, environment, epoch, root, previous, at, signature, growth)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    """

    async def add_head(self, signed: SignedHead) -> None:
        """Raises StaleVersion when another sealer went on from the same head."""
        head = signed.head
        growth = write([step.hex() for step in signed.growth])
        await self._connection.execute(
            self._ADD_HEAD,
            head.size,
            head.environment,
            head.epoch,
            head.root,
            head.previous,
            milliseconds(head.at),
            signed.signature,
            growth,
        )

    _LAST_HEAD: Final = "SELECT * FROM audit_heads ORDER BY size DESC LIMIT 1"

    async def last_head(self) -> KeptHead | None:
        row = await fetch_one(self._connection, self._LAST_HEAD)
        return None if row is None else _head(row)

    _LAST_ANCHORED: Final = "SELECT * FROM audit_heads WHERE anchored_at IS NOT NULL ORDER BY size DESC LIMIT 1"

    async def last_anchored(self) -> KeptHead | None:
        row = await fetch_one(self._connection, self._LAST_ANCHORED)
        return None if row is None else _head(row)

    _HEADS: Final = "SELECT * FROM audit_heads WHERE size > $1 ORDER BY size LIMIT $2"

    async def heads(self, after: int, limit: int) -> Sequence[KeptHead]:
        """Heads of more than `after` leaves, by size."""
        return [_head(row) for row in await self._connection.fetch(self._HEADS, after, limit)]

    _ANCHOR: Final = "UPDATE audit_heads SET anchored_at = $2, stamp = $3 WHERE size = $1"

    async def anchor(self, size: int, at: datetime, timestamp: bytes | None) -> None:
        await self._connection.execute(self._ANCHOR, size, milliseconds(at), timestamp)


def line_of(row: Row) -> AuditLine:
    """Return a row of `audit` joined with its value. Raises AuditBroken for one that no version ever wrote."""
    action_id = text_or_none(row, "action_id")
    with _written_by_us(f"row {row['id']}"):
        return AuditLine(
            row=AuditRow(
                id=AuditId(text(row, "id")),
                action_id=None if action_id is None else ActionId(action_id),
                n=number_or_none(row, "n"),
                code=text(row, "code"),
                actor=text(row, "actor"),
                at=time(row, "at"),
                commitment=blob(row, "commitment"),
                retention=Retention(text(row, "retention")),
            ),
            leaf=number_or_none(row, "leaf"),
            disclosure=_disclosure(row),
        )


def _disclosure(row: Row) -> Disclosure | None:
    if text_or_none(row, "audit_id") is None:
        return None
    value, erased_by = text_or_none(row, "value"), text_or_none(row, "erased_by")
    return Disclosure(
        salt=blob_or_none(row, "salt"),
        value=None if value is None else read_facts(value),
        erased_by=None if erased_by is None else AuditId(erased_by),
    )


def _head(row: Row) -> KeptHead:
    with _written_by_us(f"head of {row['size']}"):
        head = Head(
            environment=text(row, "environment"),
            epoch=text(row, "epoch"),
            size=number(row, "size"),
            root=blob(row, "root"),
            previous=blob(row, "previous"),
            at=time(row, "at"),
        )
        growth = msgspec.json.decode(text(row, "growth"), type=list[str])
        return KeptHead(
            signed=SignedHead(head=head, signature=text(row, "signature"), growth=tuple(map(bytes.fromhex, growth))),
            anchored_at=time_or_none(row, "anchored_at"),
            timestamp=blob_or_none(row, "stamp"),
        )


@contextmanager
def _written_by_us(what: str) -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError, OverflowError) as error:  # msgspec's are ValueErrors
        raise AuditBroken(f"{what} of the audit cannot be read: it was changed") from error
