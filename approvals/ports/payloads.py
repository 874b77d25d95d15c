"""Payloads as received, and the payees read from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from approvals.model.ids import UploadId
from approvals.model.page import Page
from approvals.model.payee import Payee
from approvals.model.upload import Upload


class Uploads(Protocol):
    """A body in chunks; frozen when its last chunk is in."""

    async def begin(self, upload: Upload) -> None: ...

    async def add_chunk(self, upload_id: UploadId, n: int, content: bytes) -> None: ...

    async def finish(self, upload: Upload) -> None:
        """Write digest and size."""
        ...

    async def load(self, upload_id: UploadId) -> Upload | None: ...

    async def chunk(self, upload_id: UploadId, n: int) -> bytes | None:
        """Chunks count from 0; None past the last."""
        ...

    async def orphans(self, before: datetime, limit: int) -> Sequence[UploadId]:
        """Uploads begun before then that no action refers to."""
        ...

    async def drop(self, upload_id: UploadId, rows: int) -> bool:
        """Delete up to so many rows of it; True once nothing is left. Small bites keep other writers going."""
        ...


class PayeeOrder(StrEnum):
    """How the list is walked."""

    RISK = "risk"  # unknown and changed first, then new, then known; the largest first within each
    FILE = "file"  # as the bank executes them, and as the digest runs over them


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeQuery:
    """One walk over the payees of one action: its upload and group (debtor account and currency).

    `text` keeps those whose folded name holds it, or whose IBAN begins with it.
    """

    upload_id: UploadId
    group: int
    order: PayeeOrder = PayeeOrder.RISK
    text: str | None = None


class Payees(Protocol):
    """The orders of a remittance, as a view of its payload."""

    async def add(self, upload_id: UploadId, payees: Sequence[Payee]) -> None: ...

    async def browse(self, query: PayeeQuery, after: str | None, limit: int) -> Page[Payee]: ...
