"""What SQL text cannot say by itself: lists of any length, patterns, the columns of a join, and a page's cursor."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from functools import lru_cache

from approvals.errors import InvalidRequest


@lru_cache(maxsize=1024)
def placeholders(count: int, *, first: int = 1) -> str:
    """Return `$1, $2, …`: PostgreSQL and SQLite share no array parameter."""
    return ", ".join(f"${number}" for number in range(first, first + count))


def joined(table: str, columns: Sequence[str]) -> str:
    """Return `users.id AS users_id, …`: what `columns.Part` reads back from a join."""
    return ", ".join(f"{table}.{column} AS {table}_{column}" for column in columns)


def tuples(count: int, width: int) -> Iterator[str]:
    """Return `($1, $2)`, `($3, $4)`, …: the rows of a VALUES list."""
    for n in range(count):
        yield f"({placeholders(width, first=1 + n * width)})"


def holding(words: str) -> str:
    """Return the LIKE pattern (ESCAPE '!') of texts that hold these words, whatever signs are in them."""
    return f"%{beginning(words)}"


def beginning(words: str) -> str:
    """Return the LIKE pattern (ESCAPE '!') of texts that begin with these words."""
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"


def write_cursor(*keys: str | int) -> str:
    """Return where a page ended, as opaque text; it holds sort keys the caller has seen."""
    return base64.urlsafe_b64encode("\n".join(map(str, keys)).encode()).decode().rstrip("=")


def read_cursor(cursor: str, count: int) -> list[str]:
    """Return the `count` keys of a cursor. Raises InvalidRequest for one we did not write."""
    try:
        keys = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("\n")
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest("not a cursor of this list", field="after") from error
    if len(keys) != count:
        raise InvalidRequest("not a cursor of this list", field="after")
    return keys
