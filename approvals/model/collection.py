"""What a file that brings money in says, as values: direct debits (pain.008) and bills of exchange (CFONB LCR/BOR).

Amounts are whole minor units. How they are read is `approvals.remittance`'s; what a person signs of them is
`approvals.operations`' (RULES 20).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from approvals.model.iban import Iban
from approvals.model.remittance import InitiatingParty


class CollectionFormat(StrEnum):
    """The formats taken: two messages by their ISO 20022 name, and the CFONB's records of 160 columns."""

    PAIN_008_001_08 = "pain.008.001.08"
    PAIN_008_001_02 = "pain.008.001.02"
    LCR = "cfonb.lcr.160"


class Crediting(StrEnum):
    """When the bank credits bills of exchange: cash (*encaissement*) or discount (*escompte*)."""

    CASH = "cash"
    CASH_AFTER_DELAY = "cash_after_delay"
    DISCOUNT = "discount"
    DISCOUNT_AT_VALUE = "discount_at_value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    """Whom the money goes to; `identifier` is their ICS (SEPA) or SIREN, where the file says one."""

    name: str | None
    iban: Iban
    identifier: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionGroup:
    """What one action covers: one creditor, account and currency; of bills of exchange also one crediting.

    `index` counts groups from 0 in order of appearance. `blocks` are PmtInfIds, or the references of LCR remittances.
    `due_dates` are each there once, the earliest first. `digest` is the lower-case hex SHA-256 over the ordered list of
    orders with their debtors, as docs/remittance.md defines it; the list itself is not kept.
    """

    index: int
    creditor: Creditor
    currency: str
    blocks: tuple[str, ...]
    count: int
    total: int
    due_dates: tuple[date, ...]
    crediting: Crediting | None
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A whole file, read and checked. `created_at` is the sender's own text."""

    format: CollectionFormat
    message_id: str
    created_at: str
    initiating_party: InitiatingParty
    groups: tuple[CollectionGroup, ...]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)
