"""A proof offered by a signer, and the verdict on it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from approvals.model.ids import CardId, ChallengeId, DeviceId, LoginId, ProofId, UserId
from approvals.model.json import Facts
from approvals.model.person import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class CapProof:
    """The digits the reader showed, as typed; never stored, logged or shown again.

    `card` is the one they came from, by its id or the last 4 digits on it; None where the person has but one.
    """

    code: str = field(repr=False)
    card: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpProof:
    """The six digits an adviser's authenticator showed (RFC 6238), as typed; never stored, logged or shown again."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateProof:
    """A detached JWS over the challenge's envelope, in the language the signer read it in (None: their own).

    `code` is the confidential code, which a key kept by a browser needs besides (RULES 15).
    """

    jws: str = field(repr=False)
    code: str | None = field(default=None, repr=False)
    language: Language | None = None


OfferedProof: TypeAlias = CapProof | TotpProof | CertificateProof


class ProofStatus(StrEnum):
    """`checking` holds an attempt; `not_checked` gave it back (RULES 7)."""

    CHECKING = "checking"
    RIGHT = "right"
    WRONG = "wrong"
    NOT_CHECKED = "not_checked"


class Purpose(StrEnum):
    """What a proof was asked for; a proof for one purpose never serves another."""

    SIGN_IN = "sign_in"
    APPROVAL = "approval"
    ACTIVATION = "activation"
    RESYNCHRONISATION = "resynchronisation"
    CODE_CHANGE = "code_change"


class Answer(StrEnum):
    """What the signer is told. Wrong and old answer the same (RULES 10)."""

    ACCEPTED = "accepted"
    PROOF_REFUSED = "proof_refused"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The check's outcome. `reason` is the audit's own code, never told to the caller.

    `atc` is the counter a CAP code consumed, `time_step` the one a TOTP did (right codes only); `evidence` what an
    auditor needs to check it again.
    """

    right: bool
    reason: str
    atc: int | None = None
    time_step: int | None = None
    evidence: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A verdict, and the exhibits its evidence names by SHA-256: certificates, revocation answers, a timestamp."""

    verdict: Verdict
    exhibits: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One attempt: its row exists before it is checked, so that forty at once buy no more than the limit.

    `card_id` is None where no card is risked: a TOTP, a certificate.
    """

    id: ProofId
    purpose: Purpose
    challenge_id: ChallengeId | None
    user_id: UserId
    card_id: CardId | None
    login_id: LoginId | None
    device_id: DeviceId | None
    status: ProofStatus
    offered_at: datetime
    deadline: datetime
    judged_at: datetime | None = None
    answer: Answer | None = None
    attempts_left: int | None = None
    verdict: Verdict | None = None
