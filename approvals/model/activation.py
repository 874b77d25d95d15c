"""The letter by which one person comes to choose a confidential code: at first entry, and after it was renewed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import UserId


class LetterStatus(StrEnum):
    """`due` waits for the printer, `printed` is on its way or in a hand, `used` let its person in."""

    DUE = "due"
    PRINTED = "printed"
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """One a person, the last ordered. Its secret is made when the letter is printed, and only its SHA-256 is kept."""

    user_id: UserId
    status: LetterStatus
    ordered_at: datetime
    printed_at: datetime | None = None
    secret_digest: bytes | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None
    version: int = 0
