"""One order of a remittance as a person sees it: who is paid, how much, and how well the company knows them."""

from dataclasses import dataclass
from enum import StrEnum

from approvals.model.verification import PayeeVerdict


class Standing(StrEnum):
    """How the payee stands against the subscription's registered beneficiaries (RULES 17)."""

    UNKNOWN = "unknown"
    CHANGED = "changed"
    NEW = "new"
    KNOWN = "known"

    @property
    def is_unregistered(self) -> bool:
        """The account under this name is not a registered beneficiary."""
        return self in {Standing.UNKNOWN, Standing.CHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """`group` counts the file's (debtor account, currency) pairs from 0, `position` its orders from 1.

    `amount` is in minor units of `currency`; `verdict` what the payee's bank said of the name, where it was asked.
    """

    group: int
    position: int
    payment_information_id: str
    end_to_end_id: str
    name: str
    iban: str
    amount: int
    currency: str
    standing: Standing
    bic: str | None = None
    verdict: PayeeVerdict | None = None
