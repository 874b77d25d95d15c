"""Sees commits on the wire: just enough of PostgreSQL's protocol to name the transaction that was made durable.

Message formats: PostgreSQL's manual, "Frontend/Backend Protocol", version 3.0. A transaction is durable once its
ReadyForQuery says idle and no error came; it is named after what it wrote.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final


class Commit(StrEnum):
    """The durable steps of an approval's path."""

    OPENED = "opened"
    OFFERED = "offered"
    APPROVED = "approved"
    JUDGED = "judged"
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    ENDED = "ended"


_WRITTEN: Final = (
    (Commit.OPENED, "INSERT INTO actions"),
    (Commit.OFFERED, "INSERT INTO proofs"),
    (Commit.APPROVED, "INSERT INTO releases"),
    (Commit.JUDGED, "UPDATE proofs"),
    (Commit.CLAIMED, "UPDATE releases SET next_at"),
    (Commit.DELIVERED, "UPDATE releases"),
    (Commit.ENDED, "UPDATE challenges"),
)
"""The first that a transaction holds is its name: what it wrote besides is part of the same step."""


class Messages:
    """Cuts what one end says into messages: a type byte, a length that counts itself, a body."""

    def __init__(self, *, begins_untyped: bool) -> None:
        """The caller's first message has no type."""
        self._rest = b"S" if begins_untyped else b""

    def cut(self, chunk: bytes) -> Iterator[tuple[bytes, bytes]]:
        rest, start = self._rest + chunk, 0
        while len(rest) >= start + 5:
            end = start + 1 + int.from_bytes(rest[start + 1 : start + 5])
            if len(rest) < end:
                break
            yield rest[start : start + 1], rest[start + 5 : end]
            start = end
        self._rest = rest[start:]


class CommitWatch:
    """Watches one connection; `told` hears of every commit before the caller does, and may raise ConnectionError."""

    def __init__(self, told: Callable[[Commit], None]) -> None:
        self._told = told
        self._caller = Messages(begins_untyped=True)
        self._server = Messages(begins_untyped=False)
        self._statements: dict[bytes, str] = {}
        self._writing: list[str] = []
        self._has_failed = False

    def sent(self, chunk: bytes) -> None:
        for kind, body in self._caller.cut(chunk):
            if kind == b"P":  # Parse: the statement's name, its text
                name, text, _ = body.split(b"\0", 2)
                self._statements[name] = " ".join(text.decode().split())
            elif kind == b"B":  # Bind: the portal's name, the statement's
                self._writing.append(self._statements.get(body.split(b"\0", 2)[1], ""))

    def answered(self, chunk: bytes) -> None:
        for kind, body in self._server.cut(chunk):
            if kind == b"E" or (kind == b"C" and body.startswith(b"ROLLBACK")):
                self._has_failed = True
            elif kind == b"Z" and body == b"I":
                self._end_transaction()

    def _end_transaction(self) -> None:
        commit = None if self._has_failed else name_of(self._writing)
        self._writing, self._has_failed = [], False
        if commit is not None:
            self._told(commit)


def name_of(statements: list[str]) -> Commit | None:
    """Return the step a committed transaction was, None for one that is no step of an approval."""
    return next((commit for commit, words in _WRITTEN if any(words in each for each in statements)), None)
