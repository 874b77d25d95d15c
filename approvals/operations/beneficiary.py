"""Add, change or remove a beneficiary account (*compte destinataire*): RTS 2018/389 art. 13."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

import schwifty

from approvals.model.account import Beneficiary
from approvals.model.change import BeneficiaryPut, BeneficiaryRemoved, Change
from approvals.model.ids import SubscriptionId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.model.reader import LinkPurpose
from approvals.operations.operation import CoreOperation, Link
from approvals.operations.payload import PayloadReader
from approvals.operations.refusals import BeneficiaryKnown, BeneficiaryUnknown, BicOfAnotherCountry
from approvals.operations.verification import BENEFICIARY, VERIFICATION
from approvals.statement import Field, Format, Words

_CHANGES: Final[Mapping[str, Words]] = {
    "add": {Language.FR: "ajout", Language.EN: "addition"},
    "change": {Language.FR: "modification", Language.EN: "change"},
    "remove": {Language.FR: "suppression", Language.EN: "removal"},
}
_TITLE: Final[Words] = {Language.FR: "Compte destinataire", Language.EN: "Beneficiary account"}
_LONGEST_NAME: Final = 70  # EPC SCT rulebook, AT-E001
_LONGEST_LIST: Final = 35
_MOST_LISTS: Final = 10
_SAME_REGISTRY: Final = {
    # ISO 13616 registry: the territories whose accounts bear another country's letters, and whose banks their own.
    "FR": frozenset(["BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"]),
    "GB": frozenset(["GG", "IM", "JE"]),
    "FI": frozenset({"AX"}),
}


class BeneficiaryOperation(CoreOperation):
    """Payload: `change` (add, change, remove) and `iban`; but for removals also `name`, and `bic` and `lists` if any.

    A change states the whole entry as it will be; the facts show what it was under `before`.
    """

    kind = BENEFICIARY
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
        Field(key="lists", label={Language.FR: "Listes", Language.EN: "Lists"}, format=Format.NAMES),
        VERIFICATION,
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        change, iban = reader.choice("change", _CHANGES), reader.iban("iban")
        facts: Facts = {"change": change, "iban": iban}
        if change != "remove":
            facts = {**facts, "name": reader.name("name", longest=_LONGEST_NAME), "bic": _bic(reader, iban)}
            facts = {**facts, "lists": reader.names("lists", longest=_LONGEST_LIST, most=_MOST_LISTS)}
        reader.done()
        return facts

    def against(self, facts: Facts, registered: Beneficiary | None) -> Facts:
        """Return the facts beside the register: a removal names whom, a change says what was before.

        Raises BeneficiaryKnown, BeneficiaryUnknown.
        """
        if facts["change"] == "add":
            if registered is not None:
                raise BeneficiaryKnown("iban: a registered beneficiary already, change it instead", field="iban")
            return facts
        if registered is None:
            raise BeneficiaryUnknown("iban: not a registered beneficiary", field="iban")
        entry: Facts = {"name": registered.name, "bic": registered.bic, "lists": list(registered.lists)}
        return {**facts, **entry} if facts["change"] == "remove" else {**facts, "before": entry}

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
        bic, lists = facts["bic"], cast("Sequence[str]", facts.get("lists") or ())
        return (
            BeneficiaryPut(
                subscription_id=subscription_id,
                iban=iban,
                bic=str(bic) if bic else None,
                name=str(facts["name"]),
                lists=tuple(lists),
            ),
        )


def _bic(reader: PayloadReader, iban: str) -> str | None:
    """Raises BicWrong, BicOfAnotherCountry."""
    bic, country = reader.bic("bic"), iban[:2]
    if bic is not None and schwifty.BIC(bic).country_code not in {country, *_SAME_REGISTRY.get(country, ())}:
        raise BicOfAnotherCountry("bic: a bank of another country than the IBAN's", field="bic")
    return bic
