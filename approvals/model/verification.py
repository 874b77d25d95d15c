"""Verification of Payee: who is asked about, and what the payee's bank answers (EPC VOP scheme rulebook)."""

from dataclasses import dataclass
from enum import StrEnum


class PayeeAnswer(StrEnum):
    """Does the account belong to somebody of this name? `NOAP` (no answer) never blocks (RULES 21)."""

    MATCH = "MTCH"
    CLOSE_MATCH = "CMTC"
    NO_MATCH = "NMTC"
    NOT_POSSIBLE = "NOAP"

    @property
    def is_finding(self) -> bool:
        """Whether the person who signs must read of this payee."""
        return self in {PayeeAnswer.CLOSE_MATCH, PayeeAnswer.NO_MATCH}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAccount:
    """Who is to be paid, as the company names them; `bic` where it says so."""

    name: str
    iban: str
    bic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeVerdict:
    """One answer; `returned_name` is whom a close match's account belongs to, where the bank said it."""

    answer: PayeeAnswer
    returned_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPayee:
    """A payee and what was answered."""

    payee: NamedAccount
    verdict: PayeeVerdict
