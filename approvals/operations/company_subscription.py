"""Taking a company in: its subscription, with or without the card reader service, in the adviser's portfolio."""

from collections.abc import Mapping
from typing import ClassVar, Final

from approvals.credentials.adviser import Right
from approvals.errors import InvalidRequest
from approvals.model.change import AdviserAssigned, Change, CompanySubscribed
from approvals.model.ids import ActionKind, SubscriptionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Language, LegalForm, Subscription
from approvals.model.policy import Means
from approvals.model.siren import is_siren
from approvals.operations.adviser_act import AdviserAct, Lookup
from approvals.operations.payload import PayloadReader
from approvals.operations.person_access import CLIENT, COMPANY
from approvals.statement import Field, Format, Words

_LEGAL_FORMS: Final[Mapping[str, Words]] = {
    LegalForm.LEGAL_PERSON.value: {Language.FR: "personne morale", Language.EN: "legal person"},
    LegalForm.SOLE_TRADER.value: {Language.FR: "entrepreneur individuel", Language.EN: "sole trader"},
}
_SOL: Final[Mapping[str, Words]] = {
    "yes": {Language.FR: "souscrit", Language.EN: "subscribed"},
    "no": {Language.FR: "non souscrit", Language.EN: "not subscribed"},
}
_MEANS: Final[Mapping[str, Words]] = {
    "cap": {Language.FR: "carte et lecteur", Language.EN: "card and reader"},
    "certificate": {Language.FR: "certificat électronique", Language.EN: "electronic certificate"},
    "cap_certificate": {
        Language.FR: "carte et lecteur, certificat électronique",
        Language.EN: "card and reader, electronic certificate",
    },
}
_ADVISER: Final = Field(key="adviser", label={Language.FR: "Chargé d'affaires", Language.EN: "Adviser"})


class CompanySubscription(AdviserAct):
    """Facts: client, name, siren, legal form, SOL, means; the asking adviser, and the id the company will have."""

    kind = ActionKind("company_subscription")
    title: ClassVar[Words] = {Language.FR: "Souscription d'une entreprise", Language.EN: "Subscription of a company"}
    looks_up = (Lookup.FREE_CLIENT,)
    fields = (
        CLIENT,
        Field(key="name", label={Language.FR: "Dénomination", Language.EN: "Name"}),
        Field(key="siren", label={Language.FR: "SIREN", Language.EN: "SIREN"}),
        Field(
            key="legal_form",
            label={Language.FR: "Forme", Language.EN: "Legal form"},
            format=Format.CHOICE,
            choices=_LEGAL_FORMS,
        ),
        Field(
            key="sol",
            label={Language.FR: "Service SOL", Language.EN: "SOL service"},
            format=Format.CHOICE,
            choices=_SOL,
        ),
        Field(
            key="means",
            label={Language.FR: "Moyens acceptés", Language.EN: "Accepted means"},
            format=Format.CHOICE,
            choices=_MEANS,
        ),
        _ADVISER,
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {
            "client": _client(reader),
            "name": reader.text("name", longest=70),
            "siren": _siren(reader),
            "legal_form": reader.choice("legal_form", _LEGAL_FORMS),
            "sol": reader.choice("sol", _SOL),
            "means": reader.choice("means", _MEANS),
        }
        reader.done()
        if facts["sol"] == "no" and "cap" in str(facts["means"]):
            raise InvalidRequest("means: card and reader come with the SOL service", field="means")
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        company = Subscription(
            id=SubscriptionId(str(facts["company"])),
            client_identifier=str(facts["client"]),
            name=str(facts["name"]),
            siren=str(facts["siren"]),
            legal_form=LegalForm(str(facts["legal_form"])),
            adviser_id=UserId(str(facts["adviser_id"])),
            has_sol=facts["sol"] == "yes",
            means=frozenset(map(Means, str(facts["means"]).split("_"))),
        )
        return (CompanySubscribed(company=company),)


class PortfolioChange(AdviserAct):
    """Facts: client, and the adviser who looks after the company from now on."""

    kind = ActionKind("portfolio_change")
    title: ClassVar[Words] = {Language.FR: "Changement de chargé d'affaires", Language.EN: "Change of adviser"}
    right = Right.STAFF
    looks_up = (Lookup.COMPANY, Lookup.ADVISER)
    fields = (
        CLIENT,
        COMPANY,
        _ADVISER,
        Field(key="adviser_name", label={Language.FR: "Nom", Language.EN: "Name"}),
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {"client": reader.text("client", longest=64), "adviser": reader.text("adviser", longest=64)}
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        company, adviser = SubscriptionId(str(facts["company"])), UserId(str(facts["adviser_id"]))
        return (AdviserAssigned(company_id=company, adviser_id=adviser),)


def _client(reader: PayloadReader) -> str:
    client = reader.text("client", longest=16)
    if not (client.isascii() and client.isdigit()):
        raise InvalidRequest("client: a client identifier has digits alone", field="client")
    return client


def _siren(reader: PayloadReader) -> str:
    siren = reader.text("siren", longest=9)
    if not is_siren(siren):
        raise InvalidRequest("siren: not a SIREN", field="siren")
    return siren
