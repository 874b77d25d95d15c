"""Who must sign, as data: the clauses of a policy. What they mean is `approvals.policy`'s."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from approvals.model.certificate import Level
from approvals.model.ids import UserId


class Refusal(StrEnum):
    """What one signer's no does (RULES 3)."""

    ACTION = "action"  # the whole action is rejected
    SIGNER_ONLY = "signer_only"  # the signer drops out; the others may still satisfy the policy


class Means(StrEnum):
    """A strong means of authentication."""

    CAP = "cap"
    CERTIFICATE = "certificate"
    TOTP = "totp"  # advisers of the bank alone: no company's policy takes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """At least `count` signatures by different persons; of one group ("A", "B") where it is named."""

    count: int
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The clauses that apply instead from this amount on, in minor units of the currency."""

    currency: str
    from_amount: int
    clauses: tuple[Signatures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOnMoney:
    """A legal person's recorded decision to keep the reader's CODE key on payments: by whom, and when (RULES 11).

    Such a code binds no payment: one that was harvested at sign-in could sign.
    """

    decided_by: str
    decided_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Clauses that must all hold; none at all is never satisfied (fails closed).

    `bands` replace the clauses by amount. A policy with bands takes no money in a currency none of them names.

    `ordered` opens the clauses' signers one clause after the other. `code_on_money` puts the reader's CODE key
    on payments. `unregistered_payees` says whether a remittance may pay accounts that are not registered
    beneficiaries (RULES 17). `certificate_level` is the least RGS level of a certificate that signs; None: any.
    """

    clauses: tuple[Signatures, ...]
    bands: tuple[Band, ...] = ()
    ordered: bool = False
    refusal: Refusal = Refusal.ACTION
    initiator_may_sign: bool = False
    means: frozenset[Means] = frozenset({Means.CAP})
    code_on_money: CodeOnMoney | None = None
    unregistered_payees: bool = True
    certificate_level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """How one person signs one action: in which group, and, for a substitute, in whose place (RULES 27)."""

    group: str
    in_place_of: UserId | None = None
