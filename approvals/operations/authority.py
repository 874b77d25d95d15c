"""Which authorities' certificates the bank takes: accepted, changed, withdrawn; a supervisor asks, another approves.

An authority opens the door of every company, so asking is of those who look after all of them.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, cast

from approvals.certificates.issuing import require_authority
from approvals.certificates.reading import fingerprint
from approvals.certificates.refusals import CertificateRefused
from approvals.credentials.adviser import Right
from approvals.errors import InvalidRequest
from approvals.model.certificate import Authority, CertificateUse, CompanyFrom, Level
from approvals.model.change import AuthorityPut, AuthorityWithdrawn, Change
from approvals.model.ids import ActionKind, AuthorityId, SubscriptionId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.adviser_act import AdviserAct
from approvals.operations.payload import PayloadReader
from approvals.statement import Field, Format, Words

_OID: Final = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,17})){2,20}")
_MOST_POLICIES: Final = 20
_USES: Final[Mapping[str, Words]] = {
    CertificateUse.SIGN_IN.value: {Language.FR: "connexion", Language.EN: "sign-in"},
    CertificateUse.APPROVAL.value: {Language.FR: "validation", Language.EN: "approval"},
}
_COMPANY_FROM: Final[Mapping[str, Words]] = {
    CompanyFrom.ORGANIZATION_IDENTIFIER.value: {
        Language.FR: "organizationIdentifier (NTRFR-SIREN)",
        Language.EN: "organizationIdentifier (NTRFR-SIREN)",
    },
    CompanyFrom.ORGANIZATIONAL_UNIT.value: {
        Language.FR: "organizationalUnitName (0002 SIREN)",
        Language.EN: "organizationalUnitName (0002 SIREN)",
    },
}
_YES_NO: Final[Mapping[str, Words]] = {
    "yes": {Language.FR: "oui", Language.EN: "yes"},
    "no": {Language.FR: "non", Language.EN: "no"},
}
_NAME: Final = Field(key="name", label={Language.FR: "Autorité", Language.EN: "Authority"})
_SUBJECT: Final = Field(key="subject", label={Language.FR: "Sujet", Language.EN: "Subject"})
_SHA256: Final = Field(key="sha256", label={Language.FR: "Empreinte SHA-256", Language.EN: "SHA-256 fingerprint"})
_ENDS: Final = Field(key="ends", label={Language.FR: "Valable jusqu'au", Language.EN: "Valid until"}, format=Format.DAY)
_ENTRY: Final = (
    Field(key="policies", label={Language.FR: "Politiques", Language.EN: "Policies"}, format=Format.NAMES),
    Field(key="uses", label={Language.FR: "Usages", Language.EN: "Uses"}, format=Format.CHOICES, choices=_USES),
    Field(
        key="both_uses",
        label={Language.FR: "Double usage d'une clé", Language.EN: "One key for both uses"},
        format=Format.CHOICE,
        choices=_YES_NO,
    ),
    Field(
        key="company_from",
        label={Language.FR: "Entreprise lue dans", Language.EN: "Company read from"},
        format=Format.CHOICE,
        choices=_COMPANY_FROM,
    ),
    Field(key="ocsp_url", label={Language.FR: "OCSP", Language.EN: "OCSP"}),
    Field(key="crl_url", label={Language.FR: "LCR", Language.EN: "CRL"}),
    Field(
        key="nonce",
        label={Language.FR: "OCSP avec nonce", Language.EN: "OCSP with nonce"},
        format=Format.CHOICE,
        choices=_YES_NO,
    ),
)


class AuthorityAcceptance(AdviserAct):
    """Payload: `name`, `certificate` (its own, pasted), and the entry; added when opened: the `authority`'s id."""

    kind = ActionKind("authority_acceptance")
    title: ClassVar[Words] = {
        Language.FR: "Acceptation d'une autorité de certification",
        Language.EN: "Acceptance of a certificate authority",
    }
    right = Right.STAFF
    looks_up = ()
    fields = (_NAME, _SUBJECT, _SHA256, _ENDS, *_ENTRY)

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts = {**issuing_facts(reader.certificate("certificate")), **_entry(reader)}
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (AuthorityPut(authority=_authority(facts)),)


class AuthorityChange(AdviserAct):
    """Payload: `authority` (id), and the whole entry as it will be; the facts show what it was under `before`."""

    kind = ActionKind("authority_change")
    title: ClassVar[Words] = {
        Language.FR: "Modification d'une autorité de certification",
        Language.EN: "Change of a certificate authority",
    }
    right = Right.STAFF
    looks_up = ()
    fields = (_NAME, _SUBJECT, _SHA256, *_ENTRY)

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {"authority": reader.text("authority", longest=64), **_entry(reader)}
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (AuthorityPut(authority=_authority(facts)),)


class AuthorityWithdrawal(AdviserAct):
    """Payload: `authority` (id). Its certificates count for nothing from then on."""

    kind = ActionKind("authority_withdrawal")
    title: ClassVar[Words] = {
        Language.FR: "Retrait d'une autorité de certification",
        Language.EN: "Withdrawal of a certificate authority",
    }
    right = Right.STAFF
    looks_up = ()
    fields = (_NAME, _SUBJECT, _SHA256)

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {"authority": reader.text("authority", longest=64)}
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (AuthorityWithdrawn(authority_id=AuthorityId(str(facts["authority"]))),)


def issuing_facts(der: bytes) -> Facts:
    """Return what is shown of an authority's own certificate. Raises InvalidRequest for one that issues nothing."""
    try:
        certificate = require_authority(der)
    except CertificateRefused:
        detail = "certificate: the issuing authority's own certificate is needed (CA, keyCertSign)"
        raise InvalidRequest(detail, field="certificate") from None
    return {
        "certificate": b64encode(der).decode("ascii"),
        "subject": certificate.subject.rfc4514_string(),
        "sha256": fingerprint(der),
        "ends": certificate.not_valid_after_utc.date().isoformat(),
    }


def entry_facts(authority: Authority) -> Facts:
    """Return the entry as it stands, as facts."""
    return {
        "name": authority.name,
        "policies": sorted(f"{policy} {level}" for policy, level in authority.policies.items()),
        "uses": sorted(authority.uses),
        "both_uses": _word(is_so=authority.both_uses),
        "company_from": authority.company_from.value,
        "ocsp_url": authority.ocsp_url,
        "crl_url": authority.crl_url,
        "nonce": _word(is_so=authority.has_nonce),
    }


def _word(*, is_so: bool) -> str:
    return "yes" if is_so else "no"


def _entry(reader: PayloadReader) -> Facts:
    facts: Facts = {
        "name": reader.name("name", longest=70),
        "policies": _policies(reader),
        "uses": reader.choices("uses", _USES),
        "both_uses": reader.choice("both_uses", _YES_NO),
        "company_from": reader.choice("company_from", _COMPANY_FROM),
        "ocsp_url": reader.url("ocsp_url"),
        "crl_url": reader.url("crl_url"),
        "nonce": reader.choice("nonce", _YES_NO),
    }
    if not facts["uses"]:
        raise InvalidRequest("uses: at least one is needed", field="uses")
    if facts["ocsp_url"] is None and facts["crl_url"] is None:
        raise InvalidRequest("ocsp_url: OCSP or CRL, else nobody could say what is revoked", field="ocsp_url")
    if facts["nonce"] == "yes" and facts["ocsp_url"] is None:
        raise InvalidRequest("nonce: a nonce is OCSP's", field="nonce")
    return facts


def _policies(reader: PayloadReader) -> list[str]:
    levels = {level.value for level in Level}
    found: dict[str, str] = {}
    for record in reader.records("policies"):
        policy = record.text("policy", longest=200)
        if not _OID.fullmatch(policy) or policy in found:
            raise InvalidRequest("policies: each a dotted object identifier, once", field="policies")
        found[policy] = record.choice("level", levels)
        record.done()
    if not 1 <= len(found) <= _MOST_POLICIES:
        raise InvalidRequest(f"policies: 1 to {_MOST_POLICIES} are needed", field="policies")
    return sorted(f"{policy} {level}" for policy, level in found.items())


def _authority(facts: Facts) -> Authority:
    """Read the entry back from complete facts."""
    policies = (each.split(" ") for each in cast("Sequence[str]", facts["policies"]))
    ocsp_url, crl_url = facts["ocsp_url"], facts["crl_url"]
    return Authority(
        id=AuthorityId(str(facts["authority"])),
        name=str(facts["name"]),
        certificate=b64decode(str(facts["certificate"])),
        policies={policy: Level(level) for policy, level in policies},
        uses=frozenset(map(CertificateUse, cast("Sequence[str]", facts["uses"]))),
        both_uses=facts["both_uses"] == "yes",
        company_from=CompanyFrom(str(facts["company_from"])),
        ocsp_url=None if ocsp_url is None else str(ocsp_url),
        crl_url=None if crl_url is None else str(crl_url),
        has_nonce=facts["nonce"] == "yes",
    )
