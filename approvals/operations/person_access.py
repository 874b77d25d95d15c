"""Giving a person of a company access: invited as main user, renewed, unlocked, let in again (RULES 8 and 9)."""

from collections.abc import Mapping
from typing import ClassVar, Final

from approvals.model.change import ActivationRenewed, Change, DoorOpened, PersonUnlocked, UserInvited
from approvals.model.ids import ActionKind, SubscriptionId, UserId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.adviser_act import AdviserAct, Lookup
from approvals.operations.payload import PayloadReader
from approvals.statement import Field, Format, Words

CLIENT: Final = Field(key="client", label={Language.FR: "Identifiant client", Language.EN: "Client identifier"})
COMPANY: Final = Field(key="company_name", label={Language.FR: "Entreprise", Language.EN: "Company"})
USER: Final = Field(key="user", label={Language.FR: "Numéro d'utilisateur", Language.EN: "User number"})
PERSON: Final = Field(key="person_name", label={Language.FR: "Personne", Language.EN: "Person"})
_LANGUAGES: Final[Mapping[str, Words]] = {
    "fr": {Language.FR: "français", Language.EN: "French"},
    "en": {Language.FR: "anglais", Language.EN: "English"},
}
LANGUAGE: Final = Field(
    key="language",
    label={Language.FR: "Langue", Language.EN: "Language"},
    format=Format.CHOICE,
    choices=_LANGUAGES,
)
LANGUAGES: Final = tuple(_LANGUAGES)


class _AboutPerson(AdviserAct):
    """Facts: client, user; and who that is."""

    fields = (CLIENT, COMPANY, USER, PERSON)

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {"client": reader.text("client", longest=64), "user": reader.text("user", longest=64)}
        reader.done()
        return facts


class CodeRenewal(_AboutPerson):
    """The confidential code is void; a letter brings the secret to choose another."""

    kind = ActionKind("code_renewal")
    title: ClassVar[Words] = {
        Language.FR: "Renouvellement du code confidentiel",
        Language.EN: "Renewal of the confidential code",
    }

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (ActivationRenewed(user_id=UserId(str(facts["person"]))),)


class PersonUnlocking(_AboutPerson):
    """Too many wrong proofs locked the person's access."""

    kind = ActionKind("person_unlocking")
    serves_house = True
    title: ClassVar[Words] = {Language.FR: "Déblocage d'un accès", Language.EN: "Unlocking of an access"}

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (PersonUnlocked(user_id=UserId(str(facts["person"]))),)


class DoorOpening(_AboutPerson):
    """Too many failures suspended sign-in from unknown devices."""

    kind = ActionKind("door_opening")
    title: ClassVar[Words] = {
        Language.FR: "Réouverture de la connexion depuis un appareil inconnu",
        Language.EN: "Reopening of sign-in from unknown devices",
    }

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (DoorOpened(user_id=UserId(str(facts["person"]))),)


class MainUserInvitation(AdviserAct):
    """Facts: client, user, name, language; the id the person will have."""

    kind = ActionKind("main_user_invitation")
    title: ClassVar[Words] = {
        Language.FR: "Invitation de l'utilisateur principal",
        Language.EN: "Invitation of the main user",
    }
    looks_up = (Lookup.COMPANY, Lookup.FREE_NUMBER)
    fields = (
        CLIENT,
        COMPANY,
        USER,
        Field(key="name", label={Language.FR: "Nom", Language.EN: "Name"}),
        LANGUAGE,
    )

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {
            "client": reader.text("client", longest=64),
            "user": reader.text("user", longest=64),
            "name": reader.text("name", longest=70),
            "language": reader.choice("language", LANGUAGES),
        }
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        """The company's, not the house's: the act is the house's, the person is theirs."""
        del subscription_id
        invited = UserInvited(
            subscription_id=SubscriptionId(str(facts["company"])),
            user_id=UserId(str(facts["person"])),
            number=str(facts["user"]),
            name=str(facts["name"]),
            language=Language(str(facts["language"])),
            is_main=True,
        )
        return (invited, ActivationRenewed(user_id=invited.user_id))
