"""Name somebody who stands in for a signer for a period, or end it (*suppléance*; RULES 27)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from typing_extensions import override

from approvals.credentials.refusals import PeriodReversed
from approvals.errors import InvalidRequest
from approvals.model.change import Change, SubstitutionEnded, SubstitutionNamed
from approvals.model.entitlement import Substitution
from approvals.model.ids import ActionKind, SubscriptionId, SubstitutionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.operation import HouseOperation
from approvals.operations.payload import PayloadReader
from approvals.statement import Field, Format, Words

KIND: Final = ActionKind("substitute")
_TITLE: Final[Words] = {Language.FR: "Suppléance", Language.EN: "Substitute"}
_CHANGES: Final[Mapping[str, Words]] = {
    "name": {Language.FR: "désignation", Language.EN: "naming"},
    "end": {Language.FR: "fin", Language.EN: "end"},
}


class SubstituteOperation(HouseOperation):
    """Payload: `change` (name, end); to end, `substitution` (id).

    To name: `absent`, `substitute` (user numbers), `from`, `until` (days in Paris, both included).
    """

    kind = KIND
    title = _TITLE
    fields = (
        Field(
            key="change",
            label={Language.FR: "Opération", Language.EN: "Operation"},
            format=Format.CHOICE,
            choices=_CHANGES,
        ),
        Field(key="absent", label={Language.FR: "Signataire absent", Language.EN: "Absent signer"}),
        Field(key="absent_name", label={Language.FR: "Nom", Language.EN: "Name"}),
        Field(key="substitute", label={Language.FR: "Suppléant", Language.EN: "Substitute"}),
        Field(key="substitute_name", label={Language.FR: "Nom", Language.EN: "Name"}),
        Field(key="from", label={Language.FR: "Du", Language.EN: "From"}, format=Format.DAY),
        Field(key="until", label={Language.FR: "Au", Language.EN: "Until"}, format=Format.DAY),
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        """Return who and when; ids and names are added in the opening transaction."""
        reader = PayloadReader(payload)
        change = reader.choice("change", _CHANGES)
        facts: Facts
        if change == "end":
            facts = {"change": change, "substitution": reader.text("substitution", longest=64)}
        else:
            first, last = reader.day("from"), reader.day("until")
            if first is None or last is None:
                raise InvalidRequest("from and until: both days are needed", field="from")
            if last < first:
                raise PeriodReversed("until: the last day comes before the first", field="until")
            facts = {
                "change": change,
                "absent": reader.text("absent", longest=8),
                "substitute": reader.text("substitute", longest=8),
                "from": first,
                "until": last,
            }
        reader.done()
        return facts

    @override
    def barred(self, facts: Facts) -> frozenset[UserId]:
        """Who is to stand in: nobody takes somebody's place by their own hand."""
        return frozenset({UserId(str(facts["substitute_id"]))})

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        substitution_id = SubstitutionId(str(facts["substitution"]))
        if facts["change"] == "end":
            return (SubstitutionEnded(substitution_id=substitution_id),)
        named = Substitution(
            id=substitution_id,
            subscription_id=subscription_id,
            absent_id=UserId(str(facts["absent_id"])),
            substitute_id=UserId(str(facts["substitute_id"])),
            first_day=date.fromisoformat(str(facts["from"])),
            last_day=date.fromisoformat(str(facts["until"])),
        )
        return (SubstitutionNamed(substitution=named),)
