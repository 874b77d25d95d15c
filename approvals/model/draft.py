"""An action about to be opened: its facts are complete and nobody has been asked yet."""

from dataclasses import dataclass

from approvals.model.ids import ActionKind, BundleId, UploadId
from approvals.model.json import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`payload_digest` is the lower-case hex SHA-256 of what the opener sent; `upload_id` its file, where it is one."""

    kind: ActionKind
    facts: Facts
    payload_digest: str
    upload_id: UploadId | None = None
    bundle_id: BundleId | None = None
