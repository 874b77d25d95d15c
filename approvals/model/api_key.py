"""The key by which the bank's own systems call; it opens, reads and withdraws, and can never answer (RULES 5)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ApiKeyId


class Scope(StrEnum):
    """What a key may do."""

    OPEN = "open"
    READ = "read"
    WITHDRAW_OWN = "withdraw_own"
    REPORT_CARDS = "report_cards"  # takes cards out of use, for somebody on the telephone
    CARDS = "cards"  # of a card manufacturer: reports what it made and sent
    PINS = "pins"  # of the PIN printer: reports what it mailed
    WIDGET = "widget"  # of the page that holds the chat: vouches for who is signed in there
    LETTERS = "letters"  # prints activation secrets; goes with no other scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """`token_digest` is the SHA-256 of the token, shown once when the key was made."""

    id: ApiKeyId
    name: str
    scopes: frozenset[Scope]
    token_digest: bytes
    created_at: datetime
    revoked_at: datetime | None = None
