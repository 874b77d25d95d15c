"""A payload as it was received, in chunks, before the action that freezes it exists."""

from dataclasses import dataclass
from datetime import datetime

from approvals.model.ids import UploadId
from approvals.model.opener import Opener


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """`digest` (SHA-256, lower-case hex) and `size` (bytes) are known once the last chunk is in."""

    id: UploadId
    caller: Opener
    content_type: str
    created_at: datetime
    digest: str | None = None
    size: int | None = None
