"""The challenge: one signer asked to countersign one action."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ActionId, CardId, CertificateId, ChallengeId, UserId
from approvals.model.policy import Means, Seat
from approvals.model.reader import ReaderInput


class ChallengeStatus(StrEnum):
    """`waiting` serves ordered signing: its turn has not come (RULES 3)."""

    WAITING = "waiting"
    OPEN = "open"
    SATISFIED = "satisfied"
    REFUSED = "refused"
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"
    CLOSED = "closed"

    @property
    def is_final(self) -> bool:
        """The signer can do nothing more here."""
        return self not in {ChallengeStatus.WAITING, ChallengeStatus.OPEN}


class RefusalReason(StrEnum):
    """Why a signer says no."""

    WRONG_CONTENT = "wrong_content"
    NOT_NOW = "not_now"
    NOT_ME = "not_me"  # "this was not me": the adviser is to be alerted
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One per signer and action; one closed by a lost right may be followed by another.

    `group` is where the signature counts, `in_place_of` for whom a substitute gives it (RULES 27). `attempts_left`
    counts proofs not yet spent; `checking` those spent and not yet judged. `card_id` and `reader_input` are what the
    signer is proposed to use and type at opening, and what they did once satisfied; both None where they have, or took,
    another means. `certificate_id` is the certificate that signed.
    """

    id: ChallengeId
    action_id: ActionId
    user_id: UserId
    group: str
    status: ChallengeStatus
    card_id: CardId | None
    reader_input: ReaderInput | None
    expires_at: datetime
    attempts_left: int
    checking: int = 0
    ended_at: datetime | None = None
    refusal: RefusalReason | None = None
    in_place_of: UserId | None = None
    certificate_id: CertificateId | None = None
    version: int = 0

    @property
    def seat(self) -> Seat:
        """How this person signs."""
        return Seat(group=self.group, in_place_of=self.in_place_of)

    @property
    def signed_with(self) -> Means | None:
        """The strong means the signer signed with; None before. An adviser's leaves neither card nor certificate."""
        if self.status is not ChallengeStatus.SATISFIED:
            return None
        if self.certificate_id is not None:
            return Means.CERTIFICATE
        return Means.TOTP if self.card_id is None else Means.CAP
