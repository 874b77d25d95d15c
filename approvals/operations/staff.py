"""The bank's own people: a further adviser taken in by two, and one who leaves."""

from collections.abc import Mapping
from typing import ClassVar, Final

from approvals.credentials.adviser import Right
from approvals.credentials.counters import PERSON_ATTEMPTS
from approvals.model.adviser import Adviser, Colleague, Role
from approvals.model.change import ActivationRenewed, AdviserAdded, AdviserRemoved, Change
from approvals.model.ids import ActionKind, SubscriptionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Language, User, UserStatus
from approvals.operations.adviser_act import TWO_ADVISERS, AdviserAct, Lookup
from approvals.operations.payload import PayloadReader
from approvals.operations.person_access import LANGUAGE, LANGUAGES
from approvals.statement import Field, Format, Words

_NUMBER: Final = Field(key="adviser", label={Language.FR: "Numéro", Language.EN: "Number"})
_ROLES: Final[Mapping[str, Words]] = {
    Role.ADVISER.value: {Language.FR: "chargé d'affaires", Language.EN: "adviser"},
    Role.SUPERVISOR.value: {Language.FR: "superviseur", Language.EN: "supervisor"},
    Role.AUDITOR.value: {Language.FR: "auditeur", Language.EN: "auditor"},
}


class AdviserAddition(AdviserAct):
    """Facts: number, name, language, role; the id the adviser will have."""

    kind = ActionKind("adviser_addition")
    title: ClassVar[Words] = {Language.FR: "Arrivée d'un chargé d'affaires", Language.EN: "Arrival of an adviser"}
    right = Right.STAFF
    policy = TWO_ADVISERS
    looks_up = (Lookup.FREE_ADVISER,)
    fields = (
        _NUMBER,
        Field(key="name", label={Language.FR: "Nom", Language.EN: "Name"}),
        LANGUAGE,
        Field(key="role", label={Language.FR: "Rôle", Language.EN: "Role"}, format=Format.CHOICE, choices=_ROLES),
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {
            "adviser": reader.text("adviser", longest=16),
            "name": reader.text("name", longest=70),
            "language": reader.choice("language", LANGUAGES),
            "role": reader.choice("role", _ROLES),
        }
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        user = User(
            id=UserId(str(facts["adviser_id"])),
            subscription_id=subscription_id,
            number=str(facts["adviser"]),
            name=str(facts["name"]),
            language=Language(str(facts["language"])),
            status=UserStatus.INVITED,
            code_hash=None,
            attempts_left=PERSON_ATTEMPTS,
        )
        adviser = Adviser(user_id=user.id, role=Role(str(facts["role"])))
        return (AdviserAdded(colleague=Colleague(user=user, adviser=adviser)), ActivationRenewed(user_id=user.id))


class AdviserRemoval(AdviserAct):
    """Facts: who leaves, and who looks after their companies from now on."""

    kind = ActionKind("adviser_removal")
    title: ClassVar[Words] = {Language.FR: "Départ d'un chargé d'affaires", Language.EN: "Departure of an adviser"}
    right = Right.STAFF
    looks_up = (Lookup.ADVISER, Lookup.SUCCESSOR)
    fields = (
        _NUMBER,
        Field(key="adviser_name", label={Language.FR: "Nom", Language.EN: "Name"}),
        Field(key="successor", label={Language.FR: "Portefeuille repris par", Language.EN: "Portfolio taken over by"}),
        Field(key="successor_name", label={Language.FR: "Nom", Language.EN: "Name"}),
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {
            "adviser": reader.text("adviser", longest=16),
            "successor": reader.text("successor", longest=16),
        }
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        leaving, successor = UserId(str(facts["adviser_id"])), UserId(str(facts["successor_id"]))
        return (AdviserRemoved(adviser_id=leaving, successor_id=successor),)
