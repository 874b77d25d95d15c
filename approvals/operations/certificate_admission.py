"""Letting one person enrol one certificate on two advisers' word: where the names differ, or no other proof is left."""

from base64 import b64encode
from collections.abc import Mapping
from typing import ClassVar

from approvals.certificates.reading import thumbprint
from approvals.model.change import CertificateAdmitted, Change
from approvals.model.ids import ActionKind, SubscriptionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.adviser_act import AdviserAct
from approvals.operations.payload import PayloadReader
from approvals.operations.person_access import CLIENT, COMPANY, PERSON, USER
from approvals.statement import Field, Format, Words


class CertificateAdmission(AdviserAct):
    """Payload: `client`, `user`, `certificate` (pasted). The person still proves that they hold its key.

    Added when it is opened: whom the certificate names, and the authority that says so.
    """

    kind = ActionKind("certificate_admission")
    title: ClassVar[Words] = {
        Language.FR: "Admission d'un certificat électronique",
        Language.EN: "Admission of an electronic certificate",
    }
    fields = (
        CLIENT,
        COMPANY,
        USER,
        PERSON,
        Field(key="holder", label={Language.FR: "Titulaire du certificat", Language.EN: "Certificate's holder"}),
        Field(key="holder_number", label={Language.FR: "Numéro du titulaire", Language.EN: "Holder's number"}),
        Field(key="authority_name", label={Language.FR: "Autorité", Language.EN: "Authority"}),
        Field(key="ends", label={Language.FR: "Valable jusqu'au", Language.EN: "Valid until"}, format=Format.DAY),
        Field(key="thumbprint", label={Language.FR: "Empreinte SHA-256", Language.EN: "SHA-256 fingerprint"}),
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        der = reader.certificate("certificate")
        facts: Facts = {
            "client": reader.text("client", longest=64),
            "user": reader.text("user", longest=64),
            "certificate": b64encode(der).decode("ascii"),
            "thumbprint": thumbprint(der),
        }
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        user_id, admitted = UserId(str(facts["person"])), str(facts["thumbprint"])
        return (CertificateAdmitted(user_id=user_id, thumbprint=admitted),)
