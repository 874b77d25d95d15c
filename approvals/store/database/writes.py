"""Writes kept for the end of a transaction, and joined: several statements in one round trip.

PostgreSQL carries out the data-modifying parts of a WITH on one snapshot and in no set order (its manual, 7.8.4: none
sees what another wrote, and of two changes of one row one is lost). So only writes that share no table are joined,
and rows that are merely added to one.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from approvals.store.database.connection import Row, Value, require_row

_TABLES: Final = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?!SET\b)(\w+)", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(r"\$(\d+)")
CLOCK: Final = "heard_at"
"""The server's time when it carried out joined writes."""

_NAME: Final = "write_"
_BEGINNING: Final = f"WITH {_NAME}"
_LONGEST: Final = 16  # writes in one statement: what most transactions have, so that the texts stay few


class Write(NamedTuple):
    """A statement kept for the end; `stale` is what to raise when it returns no row."""

    sql: str
    values: Sequence[Value]
    stale: str | None


class JoinedWrites(NamedTuple):
    """Writes that go as one statement, which returns one row: which of them found theirs, and the server's time."""

    sql: str
    values: Sequence[Value]
    stales: Sequence[str | None]

    def require_found(self, row: Row) -> None:
        """Raise StaleVersion for the first write that compares and sets and found no row."""
        for number, stale in enumerate(self.stales):
            if stale is not None and row[f"found_{number}"] == 0:
                require_row((), stale)


def join_writes(writes: Sequence[Write]) -> Iterator[JoinedWrites]:
    """Join what can be, in the order kept."""
    for run in _runs(writes):
        yield JoinedWrites(
            sql=_joined(tuple(write.sql for write in run), tuple(write.stale is not None for write in run)),
            values=[value for write in run for value in write.values],
            stales=[write.stale for write in run],
        )


def is_joined(sql: str) -> bool:
    """Say whether this is a text of joined writes: it returns one row, and stands in no other statement."""
    return sql.startswith(_BEGINNING)


@lru_cache(maxsize=2048)
def tables_of(sql: str) -> frozenset[str]:
    """Return the tables a statement names, read or written."""
    return frozenset(_TABLES.findall(sql))


def _runs(writes: Sequence[Write]) -> Iterator[Sequence[Write]]:
    run: list[Write] = []
    texts: set[str] = set()
    touched: set[str] = set()
    for write in writes:
        is_apart = touched.isdisjoint(tables_of(write.sql)) or (write.sql in texts and _only_adds(write.sql))
        if run and (not is_apart or len(run) == _LONGEST):
            yield run
            run, texts, touched = [], set(), set()
        run.append(write)
        texts.add(write.sql)
        touched |= tables_of(write.sql)
    if run:
        yield run


@lru_cache(maxsize=2048)
def _only_adds(sql: str) -> bool:
    text = sql.upper()
    return text.lstrip().startswith("INSERT") and "ON CONFLICT" not in text


@lru_cache(maxsize=2048)
def _joined(texts: Sequence[str], are_counted: Sequence[bool]) -> str:
    parts: list[str] = []
    used = 0
    for number, text in enumerate(texts):
        parts.append(f"{_NAME}{number} AS ({_renumbered(text, used)})")
        used += max((int(each) for each in _PLACEHOLDER.findall(text)), default=0)
    counted = [number for number, is_counted in enumerate(are_counted) if is_counted]
    found = [f"(SELECT COUNT(*) FROM {_NAME}{number}) AS found_{number}" for number in counted]  # noqa: S608  # our texts
    return f"WITH {', '.join(parts)} SELECT {', '.join([f'clock_timestamp() AS {CLOCK}', *found])}"


def _renumbered(text: str, used: int) -> str:
    return _PLACEHOLDER.sub(lambda found: f"${int(found[1]) + used}", text)
