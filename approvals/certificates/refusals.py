"""Why a certificate is not taken, or cannot be judged now: the certificates' part of the tree in `approvals.errors`.

ApprovalError
├── CertificateRefused      `reason`: told to an adviser and the audit, in `words` in both languages
│   └── EnrolmentRefused    the same, told to the signed-in person whose certificate it would become
└── RevocationUnavailable   `cause`: told to the audit; the same request may succeed later
"""

from enum import StrEnum

from approvals.errors import ApprovalError


class Reason(StrEnum):
    """Why a certificate is refused, for good or until it changes."""

    MALFORMED = "malformed"
    UNKNOWN_AUTHORITY = "unknown_authority"
    AUTHORITY_WITHDRAWN = "authority_withdrawn"
    NOT_PERSONAL = "not_personal"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ON_HOLD = "on_hold"
    UNKNOWN_TO_AUTHORITY = "unknown_to_authority"
    ALGORITHM = "algorithm"
    KEY_TOO_SHORT = "key_too_short"
    NO_USAGE = "no_usage"
    USE_NOT_ACCEPTED = "use_not_accepted"
    WRONG_POLICY = "wrong_policy"
    LEVEL_TOO_LOW = "level_too_low"
    PATH_INVALID = "path_invalid"
    PERSON_UNREADABLE = "person_unreadable"
    COMPANY_UNREADABLE = "company_unreadable"
    OTHER_PERSON = "other_person"
    OTHER_COMPANY = "other_company"
    OTHER_USER = "other_user"
    KEY_IN_BROWSER = "key_in_browser"


class Cause(StrEnum):
    """Why nobody says whether a certificate is revoked."""

    NO_ADDRESS = "no_address"
    NO_ANSWER = "no_answer"
    REDIRECTED = "redirected"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    STALE = "stale"
    REPLAYED = "replayed"
    OTHER_CERTIFICATE = "other_certificate"
    WRONG_SIGNER = "wrong_signer"
    CHECK_ABANDONED = "check_abandoned"


class CertificateRefused(ApprovalError):
    """The certificate is not taken; `reason` is for an adviser and the audit, never for whoever offers it."""

    code = "certificate_refused"

    def __init__(self, reason: Reason) -> None:
        super().__init__("the certificate is refused")
        self.reason = reason


class EnrolmentRefused(CertificateRefused):
    """The certificate cannot become this signed-in person's, who is told why: nothing else of theirs depends on it."""

    code = "certificate_enrolment_refused"


class RevocationUnavailable(ApprovalError):
    """Nobody who may say whether the certificate is revoked says so now: it counts for nothing (hard-fail)."""

    code = "revocation_unavailable"

    def __init__(self, cause: Cause) -> None:
        super().__init__("nobody says whether the certificate is revoked")
        self.cause = cause
