"""A company brought in whole from a file of the bank's: an operator hands it in, two advisers approve it (RULES 26)."""

from collections.abc import Mapping
from typing import ClassVar

from approvals.errors import InvalidRequest
from approvals.model.change import Change, CompanyImported
from approvals.model.ids import ActionKind, ImportId, SubscriptionId
from approvals.model.imported import ImportedCompany
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.model.policy import Policy, Signatures
from approvals.operations.adviser_act import TWO_ADVISERS, AdviserAct
from approvals.operations.person_access import CLIENT
from approvals.statement import Field, Format, Words

KIND = ActionKind("company_import")


class CompanyImport(AdviserAct):
    """Facts: what the file says of people and their rights, and the digest of all that will be written."""

    kind = KIND
    title: ClassVar[Words] = {Language.FR: "Reprise d'une entreprise", Language.EN: "Import of a company"}
    policy = TWO_ADVISERS
    looks_up = ()
    fields = (
        CLIENT,
        Field(key="name", label={Language.FR: "Dénomination", Language.EN: "Name"}),
        Field(key="siren", label={Language.FR: "SIREN", Language.EN: "SIREN"}),
        Field(key="accounts", label={Language.FR: "Comptes", Language.EN: "Accounts"}, format=Format.ACCOUNTS),
        Field(key="people", label={Language.FR: "Utilisateurs", Language.EN: "Users"}, format=Format.TEXTS),
        Field(key="policies", label={Language.FR: "Signatures", Language.EN: "Signatures"}, format=Format.TEXTS),
        Field(key="beneficiaries", label={Language.FR: "Bénéficiaires", Language.EN: "Payees"}, format=Format.COUNT),
        Field(key="cards", label={Language.FR: "Cartes", Language.EN: "Cards"}, format=Format.COUNT),
        Field(key="content_sha256", label={Language.FR: "Empreinte", Language.EN: "Digest"}),
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        """A company is a file of the bank's, never a payload."""
        del payload
        raise InvalidRequest("bring a company in by `contreseing import`", field="kind")

    def facts(self, import_id: ImportId, company: ImportedCompany, digest: str) -> Facts:
        """State what of the company its approvers answer for; `digest` is of everything."""
        subscription = company.subscription
        return {
            "import": import_id,
            "client": subscription.client_identifier,
            "name": subscription.name,
            "siren": subscription.siren,
            "accounts": [account.iban for account in company.accounts],
            "people": _people(company),
            "policies": [f"{each.kind}: {_clauses(each.policy)}" for each in company.policies],
            "beneficiaries": len(company.beneficiaries),
            "cards": len(company.cards),
            "content_sha256": digest,
        }

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (CompanyImported(import_id=ImportId(str(facts["import"]))),)


def _people(company: ImportedCompany) -> list[Json]:
    """One text a person: number, name, signing power and what it covers, by the kinds' own codes."""
    rights = {each.user_id: each for each in company.entitlements}
    lines: list[Json] = []
    for user in company.users:
        signs = rights[user.id]
        power = f"{signs.group} ({', '.join(sorted(signs.signs))})" if signs.group else "-"
        lines.append(f"{user.number} {user.name}: {power}")
    return lines


def _clauses(policy: Policy) -> str:
    bands = [f"≥ {band.from_amount} {band.currency}: {_all(band.clauses)}" for band in policy.bands]
    return "; ".join([_all(policy.clauses), *bands])


def _all(clauses: tuple[Signatures, ...]) -> str:
    return " + ".join(f"{clause.count} {clause.group or '*'}" for clause in clauses)
