"""What a file of payment orders says (pain.001), as values: orders, blocks, groups, and the message around them.

Amounts are whole minor units of their currency. How they are read is `approvals.remittance`'s; what a person
is asked to sign is `approvals.operations`'.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from approvals.model.iban import Iban

SALARY: Final = "SALA"  # ISO 20022 external category purpose: a salary batch, shown by count and digest only


class RemittanceFormat(StrEnum):
    """The messages taken, by their ISO 20022 name."""

    PAIN_001_001_09 = "pain.001.001.09"
    PAIN_001_001_03 = "pain.001.001.03"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceRules:
    """What a bank lets through. The defaults are the law's (SEPA addresses from 15 November 2026)."""

    unstructured_addresses_in: frozenset[RemittanceFormat] = frozenset()  # a bank may still add PAIN_001_001_03
    most_blocks: int = 10_000  # blocks are kept until the end; orders are not
    most_groups: int = 100  # each opens an action


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """One credit transfer (CdtTrfTxInf), as it leaves the reader.

    `group` counts the file's (debtor account, currency) pairs from 0 in order of appearance; `position` counts
    the file's orders from 1. `amount` is in minor units of `currency`. `reference` is the first line of free
    remittance information (Ustrd), or the structured creditor reference.
    """

    group: int
    position: int
    payment_information_id: str
    end_to_end_id: str
    name: str
    iban: Iban
    bic: str | None
    country: str | None
    amount: int
    currency: str
    category_purpose: str | None
    reference: str | None
    unstructured_address: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One PmtInf: orders that share debtor, account and date. `total` is counted, in minor units.

    `execution_date` is the calendar day as written; a time of day in the file is left out.
    """

    payment_information_id: str
    debtor_name: str | None
    debtor_iban: Iban
    currency: str
    execution_date: date
    category_purpose: str | None
    batch_booking: bool | None
    count: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Every block of one (debtor account, currency): what one action covers (RULES 17).

    `index` is the `group` of its orders. `salary` is true when every order is a salary. `digest` is the lower-case
    hex SHA-256 over the ordered list of orders, as docs/remittance.md defines it; the list itself is not kept.
    """

    index: int
    debtor_iban: Iban
    currency: str
    blocks: tuple[Block, ...]
    count: int
    total: int
    salary: bool
    digest: str

    @property
    def execution_dates(self) -> tuple[date, ...]:
        """Every date of its blocks, each once, the earliest first."""
        return tuple(sorted({block.execution_date for block in self.blocks}))

    @property
    def payment_information_ids(self) -> tuple[str, ...]:
        """The ids of its blocks in file order: all that the core may execute for this action."""
        return tuple(block.payment_information_id for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiatingParty:
    """Who made the file, as it says: at least one of the two is there in practice, neither by the standard."""

    name: str | None
    id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """A whole file, read and checked. `created_at` is the sender's own ISO 8601 text, often without a zone."""

    format: RemittanceFormat
    message_id: str
    created_at: str
    initiating_party: InitiatingParty
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)
