"""The seal on the audit: heads of its Merkle tree, each naming the one before, and the tiles the tree is kept in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

NO_HEAD: Final = bytes(32)
"""What the first head names as the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the first `size` leaves were at one time. `previous` is the digest of the head before, 32 bytes as the root.

    `epoch` changes when the store is restored: heads of the same size before and after are told apart by it.
    """

    environment: str
    epoch: str
    size: int
    root: bytes
    previous: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A head with its signature, a compact JWS without its content (RFC 7515 appendix F).

    `growth` proves that the tree begins with the tree of the head before (RFC 6962 section 2.1.2); none for the first.
    """

    head: Head
    signature: str
    growth: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHead:
    """A head in the store; anchored once a place outside the database has it. `timestamp` is an RFC 3161 token."""

    signed: SignedHead
    anchored_at: datetime | None = None
    timestamp: bytes | None = None


@dataclass(frozen=True, slots=True, order=True)
class TileKey:
    """The `number`th tile of a level, both from 0."""

    level: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What no anchored head covers yet: rows without a leaf, the time of the oldest, and heads not yet outside."""

    rows: int
    oldest: datetime | None
    heads: int
