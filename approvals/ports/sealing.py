"""The seal on the audit: its tree in the store, the key that signs heads, and the places outside that keep them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from approvals.model.audit import AuditLine
from approvals.model.ids import ActionId, AuditId, SubscriptionId
from approvals.model.seal import KeptHead, SignedHead, Tail, TileKey


class AuditTree(Protocol):
    """Rows by their place in the tree, its tiles and heads. Only the sealer writes (RULES 32)."""

    async def unsealed(self, limit: int) -> Sequence[AuditId]:
        """Committed rows without a leaf, the oldest first."""
        ...

    async def number(self, rows: Sequence[AuditId], first: int) -> None:
        """Give these rows the leaves from `first` on, unless somebody gave those away before. One statement."""
        ...

    async def lines(self, start: int, limit: int) -> Sequence[AuditLine]:
        """Rows by their leaf, from `start` on."""
        ...

    async def of_action(self, action_id: ActionId) -> Sequence[AuditLine]:
        """In the order written, sealed or not."""
        ...

    async def tiles(self, keys: Collection[TileKey]) -> Mapping[TileKey, bytes]: ...

    async def put_tiles(self, tiles: Mapping[TileKey, bytes]) -> None: ...

    async def add_head(self, signed: SignedHead) -> None:
        """Raises StaleVersion when another sealer went on from the same head."""
        ...

    async def last_head(self) -> KeptHead | None: ...

    async def last_anchored(self) -> KeptHead | None: ...

    async def heads(self, after: int, limit: int) -> Sequence[KeptHead]:
        """Heads of more than `after` leaves, by size."""
        ...

    async def anchor(self, size: int, at: datetime, timestamp: bytes | None) -> None:
        """Note that the head of this size is outside now."""
        ...

    async def tail(self) -> Tail: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldValue:
    """A sealed row whose value is still held, with whose it is: None where no company is concerned."""

    line: AuditLine
    subscription_id: SubscriptionId | None
    relation_ended_at: datetime | None


class AuditValues(Protocol):
    """What opens the commitments, until it is erased (RULES 31)."""

    async def held(self, start: int, limit: int) -> Sequence[HeldValue]:
        """Rows with leaves from `start` to `start + limit`, the last left out, whose value is not erased."""
        ...

    async def erase(self, rows: Sequence[AuditId], by: AuditId) -> int:
        """Delete value and salt of these rows; return how many had any."""
        ...

    async def end_relation(self, subscription_id: SubscriptionId, at: datetime) -> None: ...

    async def walked(self) -> int:
        """The leaf up to which the last round of retention came."""
        ...

    async def walk(self, leaf: int) -> None: ...


class AuditSigner(Protocol):
    """Signs with the house's current audit key; the signature stands beside the content."""

    def sign_detached(self, media_type: str, content: bytes) -> str: ...

    def published_keys(self) -> bytes:
        """Return its public keys, old ones included, as a JWKS document."""
        ...


class HeadFile(Protocol):
    """A place outside the database that heads are only ever added to."""

    async def append(self, signed: SignedHead) -> None: ...


class TimestampAuthority(Protocol):
    """Says when a digest was there (RFC 3161)."""

    async def stamp(self, digest: bytes) -> bytes:
        """Return the token over a SHA-256 digest, DER. Raises TimestampRefused."""
        ...
