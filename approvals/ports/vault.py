"""Sealed secrets, and what the database knows of itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from approvals.model.identity import HouseIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSecret:
    """A secret under the keyring; `kind`, `id` and `version` are bound to it (RULES 28)."""

    kind: str
    id: str
    version: int
    sealed: bytes = field(repr=False)
    public: str | None = None  # the public half, where there is one (JWK)
    created_at: datetime


class Keyring(Protocol):
    """Seals and opens under the house's one keyring. `version` is the secret's own."""

    def seal(self, kind: str, secret_id: str, version: int, secret: bytes) -> bytes: ...

    def open(self, kind: str, secret_id: str, version: int, sealed: bytes) -> bytes:
        """Raises KeyringError when it was sealed under another name or key, or altered."""
        ...


class Secrets(Protocol):
    """Every reversible secret of the house, sealed."""

    async def put(self, secret: SealedSecret) -> None: ...

    async def load(self, kind: str, secret_id: str, version: int) -> SealedSecret | None: ...

    async def of_kind(self, kind: str) -> Sequence[SealedSecret]:
        """By id, then version."""
        ...

    async def all(self) -> Sequence[SealedSecret]:
        """By kind, id, then version."""
        ...

    async def drop(self, secret: SealedSecret) -> None: ...


class House(Protocol):
    """Facts about this database: its epoch, its demo stamp, whether it comes from a backup."""

    async def epoch(self) -> str:
        """Changes when the store is restored; devices then start afresh (CHANNELS)."""
        ...

    async def is_demo(self) -> bool: ...

    async def identity(self) -> HouseIdentity | None:
        """Whose database this is; None until the first node served it."""
        ...

    async def put_identity(self, identity: HouseIdentity) -> None: ...

    async def restoring(self) -> datetime | None:
        """Since when a restore waits to be finished; None where none does (RULES 30)."""
        ...

    async def end_restore(self) -> None: ...

    async def clock(self) -> datetime | None:
        """The database's own time; None where it is this machine's (SQLite)."""
        ...
