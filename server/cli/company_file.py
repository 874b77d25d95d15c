"""The file `import` reads: strict TOML; codes and card numbers stand in files of their own that it names.

What a company must be is `desk.imports`' to say; here only its shape is checked, each complaint with its path.
"""

import tomllib
from collections.abc import Mapping, Sequence
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
    EntitlementEntry,
    PersonEntry,
    PolicyEntry,
)
from approvals.errors import InvalidRequest
from approvals.model.card import CardKind
from approvals.model.certificate import Level
from approvals.model.entitlement import Ceiling
from approvals.model.ids import ActionKind, ProfileId
from approvals.model.person import Language, LegalForm
from approvals.model.policy import Band, CodeOnMoney, Means, Policy, Refusal, Signatures
from server.cli.screen import read_secret

Text = Annotated[str, Meta(min_length=1, max_length=70)]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}(?![\s\S])")]
Amount = Annotated[int, Meta(ge=0)]
FileName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,100}(?![\s\S])")]


class SubscriptionTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[subscription]`."""

    client_identifier: Annotated[str, Meta(pattern=r"^[0-9]{4,12}(?![\s\S])")]
    name: Text
    siren: Annotated[str, Meta(pattern=r"^[0-9]{9}(?![\s\S])")]
    legal_form: LegalForm = LegalForm.LEGAL_PERSON
    sol: bool = True
    means: frozenset[Means] = frozenset({Means.CAP})


class AccountTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[accounts]]`."""

    iban: str
    currency: Currency
    label: Text


class BeneficiaryTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[beneficiaries]]`."""

    name: Text
    iban: str
    bic: str | None = None
    lists: tuple[Text, ...] = ()


class CardTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[users.cards]]`; `pan` names the file that holds the number, `expires` is the last good day."""

    kind: CardKind
    profile: str
    issuer_key: str
    issuer_key_version: Annotated[int, Meta(ge=1)] = 1
    pan: FileName
    psn: Annotated[str, Meta(pattern=r"^[0-9]{2}(?![\s\S])")]
    expires: date | None = None


class CeilingTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[users.entitlement.ceilings]]`, in minor units of the account's currency; none of a kind is no limit."""

    kind: str
    account: str
    per_remittance: Amount | None = None
    per_day: Amount | None = None


class EntitlementTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[users.entitlement]`; without `accounts` on all accounts, without `power` the person signs nothing."""

    power: Annotated[str, Meta(min_length=1, max_length=16)] | None = None
    signs: frozenset[str] = frozenset()
    initiates: frozenset[str] = frozenset()
    accounts: frozenset[str] | None = None
    ceilings: tuple[CeilingTable, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None


class UserTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[users]]`; `code` names the file that holds the confidential code."""

    number: Annotated[str, Meta(pattern=r"^[0-9]{1,8}(?![\s\S])")]
    name: Text
    language: Language
    code: FileName
    cards: tuple[CardTable, ...] = ()
    main: bool = False
    entitlement: EntitlementTable = EntitlementTable()


class ClauseTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[policies.clauses]]`."""

    count: Annotated[int, Meta(ge=1, le=20)]
    group: str | None = None


class BandTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[policies.bands]]`: the clauses from this amount on, in minor units."""

    currency: Currency
    from_amount: Amount
    clauses: Annotated[tuple[ClauseTable, ...], Meta(min_length=1)]


class CodeOnMoneyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`code_on_money = { decided_by = "…", decided_on = 2026-11-01 }`: a legal person's decision (RULES 11)."""

    decided_by: Annotated[str, Meta(min_length=1, max_length=70)]
    decided_on: date


class PolicyTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[policies]]`; without `account` for all accounts, and for actions that concern none.

    `certificate_level` is the least RGS level (`*`, `**`, `***`) of a certificate that signs.
    """

    kind: str
    account: str | None = None
    clauses: Annotated[tuple[ClauseTable, ...], Meta(min_length=1)]
    bands: tuple[BandTable, ...] = ()
    ordered: bool = False
    refusal: Refusal = Refusal.ACTION
    initiator_may_sign: bool = False
    code_on_money: CodeOnMoneyTable | None = None
    unregistered_payees: bool = True
    certificate_level: Level | None = None


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
    currencies = {account.iban: account.currency for account in content.accounts}
    return Company(
        client_identifier=content.subscription.client_identifier,
        name=content.subscription.name,
        siren=content.subscription.siren,
        legal_form=content.subscription.legal_form,
        has_sol=content.subscription.sol,
        means=content.subscription.means,
        accounts=[AccountEntry(iban=each.iban, currency=each.currency, label=each.label) for each in content.accounts],
        beneficiaries=[
            BeneficiaryEntry(name=each.name, iban=each.iban, bic=each.bic, lists=each.lists)
            for each in content.beneficiaries
        ],
        people=[_person(each, secrets, currencies) for each in content.users],
        policies=[_policy(each) for each in content.policies],
    )


def _read(file: Path) -> CompanyFile:
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), CompanyFile)
    except OSError as error:
        raise InvalidRequest(f"{file.name}: {error.strerror}") from None
    except (ValueError, msgspec.ValidationError) as error:
        raise InvalidRequest(f"{file.name}: {error}") from None


def _person(table: UserTable, secrets: Path, currencies: Mapping[str, str]) -> PersonEntry:
    return PersonEntry(
        number=table.number,
        name=table.name,
        language=table.language,
        code=read_secret(secrets / table.code),
        cards=[_card(card, secrets) for card in table.cards],
        entitlement=_entitlement(table.entitlement, currencies),
        is_main=table.main,
    )


def _entitlement(table: EntitlementTable, currencies: Mapping[str, str]) -> EntitlementEntry:
    return EntitlementEntry(
        initiates=frozenset(map(ActionKind, table.initiates)),
        signs=frozenset(map(ActionKind, table.signs)),
        group=table.power,
        accounts=table.accounts,
        ceilings=tuple(
            Ceiling(
                kind=ActionKind(each.kind),
                account=each.account,
                currency=currencies.get(each.account, ""),  # an account the file does not hold is refused by the desk
                per_remittance=each.per_remittance,
                per_day=each.per_day,
            )
            for each in table.ceilings
        ),
        valid_from=table.valid_from,
        valid_until=table.valid_until,
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
    decision = table.code_on_money
    on_money = None if decision is None else CodeOnMoney(decided_by=decision.decided_by, decided_on=decision.decided_on)
    policy = Policy(
        clauses=_clauses(table.clauses),
        bands=tuple(
            Band(currency=band.currency, from_amount=band.from_amount, clauses=_clauses(band.clauses))
            for band in table.bands
        ),
        means=frozenset(Means),
        ordered=table.ordered,
        refusal=table.refusal,
        initiator_may_sign=table.initiator_may_sign,
        code_on_money=on_money,
        unregistered_payees=table.unregistered_payees,
        certificate_level=table.certificate_level,
    )
    return PolicyEntry(kind=ActionKind(table.kind), policy=policy, account=table.account)


def _clauses(tables: Sequence[ClauseTable]) -> tuple[Signatures, ...]:
    return tuple(Signatures(count=clause.count, group=clause.group) for clause in tables)
