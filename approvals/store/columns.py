"""Columns of a row as the types the model uses, and back: the only place where an untyped value is looked at.

A column of another type than the one asked for is a fault of ours: TypeError.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeVar

from approvals.store.database import Row

Wanted = TypeVar("Wanted", str, int, float, bytes)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class Part:
    """One table's columns in a row that joins several: each was selected under the table's name (`queries.joined`)."""

    def __init__(self, row: Row, table: str) -> None:
        self._row = row
        self._prefix = f"{table}_"

    def __getitem__(self, column: str, /) -> object:
        return self._row[self._prefix + column]


def text(row: Row, column: str) -> str:
    return _required(row, column, str)


def text_or_none(row: Row, column: str) -> str | None:
    return _optional(row, column, str)


def number(row: Row, column: str) -> int:
    return _required(row, column, int)


def number_or_none(row: Row, column: str) -> int | None:
    return _optional(row, column, int)


def real(row: Row, column: str) -> float:
    return _required(row, column, float)


def blob(row: Row, column: str) -> bytes:
    return _required(row, column, bytes)


def blob_or_none(row: Row, column: str) -> bytes | None:
    return _optional(row, column, bytes)


def time(row: Row, column: str) -> datetime:
    return from_milliseconds(number(row, column))


def time_or_none(row: Row, column: str) -> datetime | None:
    value = number_or_none(row, column)
    return None if value is None else from_milliseconds(value)


def day_or_none(row: Row, column: str) -> date | None:
    value = text_or_none(row, column)
    return None if value is None else date.fromisoformat(value)


def iso_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def milliseconds(at: datetime) -> int:
    """Return whole milliseconds since 1970 UTC, rounded down. Raises TypeError for a naive time."""
    return (at - _EPOCH) // _MILLISECOND


def milliseconds_or_none(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def from_milliseconds(value: int) -> datetime:
    return _EPOCH + value * _MILLISECOND


def _required(row: Row, column: str, kind: type[Wanted]) -> Wanted:
    value = row[column]
    if not isinstance(value, kind):
        raise TypeError(f"column {column} holds {type(value).__name__}, not {kind.__name__}")
    return value


def _optional(row: Row, column: str, kind: type[Wanted]) -> Wanted | None:
    return None if row[column] is None else _required(row, column, kind)
