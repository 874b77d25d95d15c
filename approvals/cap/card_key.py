"""Which card's key, as a name: all that a key store needs to find it, and no key."""

from dataclasses import dataclass, field

from approvals.cap.profile import CapProfile
from approvals.model.ids import CardId


@dataclass(frozen=True, slots=True, kw_only=True)
class CardKeyReference:
    """`key_version` is the issuer key's; `pan_sealed` opens by the keyring alone; `psn` has two digits."""

    card_id: CardId
    issuer_key_id: str
    key_version: int
    pan_sealed: bytes = field(repr=False)
    psn: str
    profile: CapProfile
