"""A person's bank card, as the approval needs it: where it stands, where its key comes from, how far its counter is."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from approvals.model.ids import CardId, ProfileId, UserId


class CardKind(StrEnum):
    """A professional bank card serves in place of a Sécur@ccès card; it is managed by the card service (RULES 8)."""

    SECUR_ACCES = "secur_acces"
    PROFESSIONAL = "professional"


class CardStatus(StrEnum):
    """Where a card stands; what leads from one to the next is `credentials.card`'s.

    `ordered` is of an order alone: there is no card yet. `locked` is ours (wrong codes), `blocked` the chip's (three
    wrong PINs), `reported` lost or stolen (RULES 8). `returned`: the letter it went out in came back.
    """

    ORDERED = "ordered"
    PRODUCED = "produced"
    SENT = "sent"
    RETURNED = "returned"
    ACTIVE = "active"
    LOCKED = "locked"
    BLOCKED = "blocked"
    BROKEN = "broken"
    REPORTED = "reported"
    REPLACED = "replaced"
    EXPIRED = "expired"


class Trouble(StrEnum):
    """What is wrong with a card, in the words of who reports it."""

    LOST = "lost"
    STOLEN = "stolen"
    BROKEN = "broken"
    BLOCKED = "blocked"  # three wrong PINs: the chip answers no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`last_atc` is the highest transaction counter consumed; `pan_sealed` opens by the keyring alone.

    `psn` is the PAN sequence number, two digits; `last4` is what a person may be shown of the PAN. `resync_due` after
    a restore: `last_atc` may be behind codes already used, so none counts before two in a row showed where the chip is.
    `activated` once a first right code was taken. `expires_on` is its last good day (Europe/Paris; None: never);
    `due_on` the next day on which its age is to be looked at.
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
    activated: bool = True
    expires_on: date | None = None
    due_on: date | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMake:
    """What cards of one make share: their profile, and the issuer key theirs come from."""

    profile_id: ProfileId
    issuer_key_id: str
    issuer_key_version: int
