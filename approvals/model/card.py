"""A person's bank card, as the approval needs it: where its key comes from and how far its counter is."""

from dataclasses import dataclass, field
from enum import StrEnum

from approvals.model.ids import CardId, ProfileId, UserId


class CardKind(StrEnum):
    """A professional bank card serves in place of a Sécur@ccès card; it is managed by the card service (RULES 8)."""

    SECUR_ACCES = "secur_acces"
    PROFESSIONAL = "professional"


class CardStatus(StrEnum):
    """`locked` is ours (wrong codes); `blocked` is the chip's (three wrong PINs); `reported` lost or stolen."""

    ACTIVE = "active"
    LOCKED = "locked"
    BLOCKED = "blocked"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`last_atc` is the highest transaction counter consumed; `pan_sealed` opens by the keyring alone.

    `psn` is the PAN sequence number, two digits; `last4` is what a person may be shown of the PAN. `resync_due` after
    a restore: `last_atc` may be behind codes already used, so none counts before two in a row showed where the chip is.
    """

    id: CardId
    user_id: UserId
    kind: CardKind
    profile_id: ProfileId
    issuer_key_id: str
    issuer_key_version: int
    pan_sealed: bytes = field(repr=False)
    last4: str
    psn: str
    status: CardStatus
    last_atc: int
    attempts_left: int
    resync_due: bool = False
    version: int = 0
