"""Add, change or remove a beneficiary account (*compte destinataire*): RTS 2018/389 art. 13."""

from collections.abc import Mapping
from typing import Final

from approvals.model.change import BeneficiaryPut, BeneficiaryRemoved, Change
from approvals.model.ids import ActionKind, SubscriptionId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.model.reader import LinkPurpose
from approvals.operations.operation import CoreOperation, Link
from approvals.operations.payload import PayloadReader
from approvals.statement import Field, Format, Words

_CHANGES: Final[Mapping[str, Words]] = {
    "add": {Language.FR: "ajout", Language.EN: "addition"},
    "change": {Language.FR: "modification", Language.EN: "change"},
    "remove": {Language.FR: "suppression", Language.EN: "removal"},
}
_TITLE: Final[Words] = {Language.FR: "Compte destinataire", Language.EN: "Beneficiary account"}


class BeneficiaryOperation(CoreOperation):
    """Payload: `change` (add, change, remove), `name` (70 characters at most), `iban`, `bic` where known."""

    kind = ActionKind("beneficiary")
    title = _TITLE
    fields = (
        Field(
            key="change",
            label={Language.FR: "Opération", Language.EN: "Operation"},
            format=Format.CHOICE,
            choices=_CHANGES,
        ),
        Field(key="name", label={Language.FR: "Titulaire", Language.EN: "Holder"}),
        Field(key="iban", label={Language.FR: "IBAN", Language.EN: "IBAN"}, format=Format.IBAN),
        Field(key="bic", label={Language.FR: "BIC", Language.EN: "BIC"}),
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {
            "change": reader.choice("change", _CHANGES),
            "name": reader.text("name", longest=70),
            "iban": reader.iban("iban"),
            "bic": reader.bic("bic"),
        }
        reader.done()
        return facts

    def account_iban(self, facts: Facts) -> str | None:
        """No account of the company's is concerned."""
        del facts
        return None

    def link(self, facts: Facts) -> Link | None:
        return Link(purpose=LinkPurpose.BENEFICIARY, payee_iban=str(facts["iban"]))

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        iban = str(facts["iban"])
        if facts["change"] == "remove":
            return (BeneficiaryRemoved(subscription_id=subscription_id, iban=iban),)
        bic = facts["bic"]
        name = str(facts["name"])
        return (BeneficiaryPut(subscription_id=subscription_id, iban=iban, bic=str(bic) if bic else None, name=name),)
