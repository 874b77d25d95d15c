"""The file `import` reads: strict TOML; codes and card numbers stand in files of their own that it names.

What a company must be is `desk.imports`' to say; here only its shape is checked, each complaint with its path.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from approvals.desk.imports import (
    AccountEntry,
    BeneficiaryEntry,
    CardEntry,
    Company,
    PersonEntry,
    PolicyEntry,
    PowerEntry,
)
from approvals.errors import InvalidRequest
from approvals.model.card import CardKind
from approvals.model.ids import ActionKind, ProfileId
from approvals.model.person import Language
from approvals.model.policy import Policy, Refusal, Signatures
from server.cli.screen import read_secret

Text = Annotated[str, Meta(min_length=1, max_length=70)]
FileName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,100}(?![\s\S])")]


class SubscriptionTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[subscription]`."""

    client_identifier: Annotated[str, Meta(pattern=r"^[0-9]{4,12}(?![\s\S])")]
    name: Text
    siren: Annotated[str, Meta(pattern=r"^[0-9]{9}(?![\s\S])")]


class AccountTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[accounts]]`."""

    iban: str
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}(?![\s\S])")]
    label: Text


class BeneficiaryTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[beneficiaries]]`."""

    name: Text
    iban: str
    bic: str | None = None


class CardTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[users.cards]]`; `pan` names the file that holds the number, `expires` is the last good day."""

    kind: CardKind
    profile: str
    issuer_key: str
    issuer_key_version: Annotated[int, Meta(ge=1)] = 1
    pan: FileName
    psn: Annotated[str, Meta(pattern=r"^[0-9]{2}(?![\s\S])")]
    expires: date | None = None


class PowerTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[users.powers]]`; without `account` on all accounts."""

    kind: str
    group: Annotated[str, Meta(min_length=1, max_length=16)]
    account: str | None = None


class UserTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[users]]`; `code` names the file that holds the confidential code."""

    number: Annotated[str, Meta(pattern=r"^[0-9]{1,8}(?![\s\S])")]
    name: Text
    language: Language
    code: FileName
    cards: tuple[CardTable, ...] = ()
    powers: tuple[PowerTable, ...] = ()


class ClauseTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[policies.clauses]]`."""

    count: Annotated[int, Meta(ge=1, le=20)]
    group: str | None = None


class PolicyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[policies]]`; without `account` for all accounts, and for actions that concern none."""

    kind: str
    account: str | None = None
    clauses: Annotated[tuple[ClauseTable, ...], Meta(min_length=1)]
    ordered: bool = False
    refusal: Refusal = Refusal.ACTION
    initiator_may_sign: bool = False
    code_on_money: bool = False
    unregistered_payees: bool = True


class CompanyFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    subscription: SubscriptionTable
    accounts: tuple[AccountTable, ...] = ()
    beneficiaries: tuple[BeneficiaryTable, ...] = ()
    users: tuple[UserTable, ...] = ()
    policies: tuple[PolicyTable, ...] = ()


def read_company(file: Path, secrets: Path) -> Company:
    """Read the file, and the secrets it names from their directory. Raises InvalidRequest with the place."""
    content = _read(file)
    return Company(
        client_identifier=content.subscription.client_identifier,
        name=content.subscription.name,
        siren=content.subscription.siren,
        accounts=[AccountEntry(iban=each.iban, currency=each.currency, label=each.label) for each in content.accounts],
        beneficiaries=[
            BeneficiaryEntry(name=each.name, iban=each.iban, bic=each.bic) for each in content.beneficiaries
        ],
        people=[_person(each, secrets) for each in content.users],
        policies=[_policy(each) for each in content.policies],
    )


def _read(file: Path) -> CompanyFile:
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), CompanyFile)
    except OSError as error:
        raise InvalidRequest(f"{file.name}: {error.strerror}") from None
    except (ValueError, msgspec.ValidationError) as error:
        raise InvalidRequest(f"{file.name}: {error}") from None


def _person(table: UserTable, secrets: Path) -> PersonEntry:
    return PersonEntry(
        number=table.number,
        name=table.name,
        language=table.language,
        code=read_secret(secrets / table.code),
        cards=[_card(card, secrets) for card in table.cards],
        powers=[
            PowerEntry(kind=ActionKind(power.kind), group=power.group, account=power.account) for power in table.powers
        ],
    )


def _card(table: CardTable, secrets: Path) -> CardEntry:
    return CardEntry(
        kind=table.kind,
        profile_id=ProfileId(table.profile),
        issuer_key_id=table.issuer_key,
        issuer_key_version=table.issuer_key_version,
        pan=read_secret(secrets / table.pan),
        psn=table.psn,
        expires_on=table.expires,
    )


def _policy(table: PolicyTable) -> PolicyEntry:
    policy = Policy(
        clauses=tuple(Signatures(count=clause.count, group=clause.group) for clause in table.clauses),
        ordered=table.ordered,
        refusal=table.refusal,
        initiator_may_sign=table.initiator_may_sign,
        code_on_money=table.code_on_money,
        unregistered_payees=table.unregistered_payees,
    )
    return PolicyEntry(kind=ActionKind(table.kind), policy=policy, account=table.account)
