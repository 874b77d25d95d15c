"""A payload as it was received, in chunks, before the action that freezes it exists."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from approvals.model.ids import UploadId
from approvals.model.opener import Opener

KEPT_UNOPENED: Final = timedelta(days=1)
"""How long a file lies here that no action came of: long after what is sent whole would still be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """`digest` (SHA-256, lower-case hex) and `size` (bytes) are known once the last chunk is in."""

    id: UploadId
    caller: Opener
    content_type: str
    created_at: datetime
    digest: str | None = None
    size: int | None = None
