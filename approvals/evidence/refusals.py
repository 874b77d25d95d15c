"""What does not hold: the audit or a file of evidence; each refusal owns one stable code, as in `approvals.errors`."""

from approvals.errors import ApprovalError


class EvidenceInvalid(ApprovalError):
    """The file is not what the house signed, or the auditor's own anchors do not know who signed it."""

    code = "evidence_invalid"


class AnchorsUnreadable(ApprovalError):
    """A file of pinned keys or heads, or an export, cannot be read."""

    code = "anchors_unreadable"


class TimestampRefused(ApprovalError):
    """The timestamp authority gave no token, or one that is not of this head (RFC 3161)."""

    code = "timestamp_refused"
