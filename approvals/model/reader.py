"""What a person types into their CAP reader; what the card makes of it is `approvals.cap`'s."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from approvals.model.ids import ChallengeId


class CapMode(StrEnum):
    """The four ways an EMV-CAP card answers."""

    IDENTIFY = "identify"  # the CODE key: nothing typed, nothing bound
    RESPOND = "respond"  # challenge digits in the unpredictable number (9F37)
    SIGN = "sign"  # the same, with amount (9F02) and currency (5F2A)
    TDS = "tds"  # transaction data signing: the digits of every field, chained off card


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderInput:
    """Mode and digits of one code. `digits` is empty for IDENTIFY, 1 to 8 digits for RESPOND and SIGN.

    `amount` is in minor units (SIGN only), `currency` the ISO 4217 letters; `fields` are the digit
    strings of TDS, in the order they are typed.
    """

    mode: CapMode
    digits: str = ""
    amount: int | None = None
    currency: str | None = None
    fields: tuple[str, ...] = ()


CODE_KEY: Final = ReaderInput(mode=CapMode.IDENTIFY)
"""The reader's CODE key: nothing is typed, nothing is bound (RULES 11)."""


class LinkPurpose(IntEnum):
    """The first of the eight linked digits: a code for one purpose never serves another (RULES 12)."""

    BENEFICIARY = 2
    REMITTANCE = 4
    COLLECTION = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSubject:
    """What the code of one challenge is to be bound to.

    `payee_iban` where there is exactly one payee; `amount` (minor units) and `currency` where money moves.
    """

    purpose: LinkPurpose
    challenge_id: ChallengeId
    statement_digest: str
    payee_iban: str | None = None
    amount: int | None = None
    currency: str | None = None
