"""The company's subscription and its people."""

from dataclasses import dataclass
from enum import StrEnum

from approvals.model.ids import SubscriptionId, UserId
from approvals.model.policy import Means


class UserStatus(StrEnum):
    """Where a person stands.

    `invited` has no confidential code yet; `locked` is ours, after too many wrong proofs: a person unlocks it, never a
    clock; `left` is for good.
    """

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"
    LEFT = "left"


class Language(StrEnum):
    """The languages every text exists in."""

    FR = "fr"
    EN = "en"


class SubscriptionKind(StrEnum):
    """Whose people they are: a company's, or the bank's own advisers."""

    COMPANY = "company"
    HOUSE = "house"


class LegalForm(StrEnum):
    """A legal person, or somebody in business in their own name (*entrepreneur individuel*)."""

    LEGAL_PERSON = "legal_person"
    SOLE_TRADER = "sole_trader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A company's contract: people name it by its client identifier, which is no secret.

    `adviser_id` is a user of the house's own subscription. `has_sol` says whether the card reader service is
    subscribed (*Sécurisation des Opérations en Ligne*); `means` are the strong means the company's people may use.
    """

    id: SubscriptionId
    client_identifier: str
    name: str
    siren: str
    kind: SubscriptionKind = SubscriptionKind.COMPANY
    legal_form: LegalForm = LegalForm.LEGAL_PERSON
    adviser_id: UserId | None = None
    has_sol: bool = True
    means: frozenset[Means] = frozenset({Means.CAP})


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One person inside a subscription.

    `attempts_left` counts wrong proofs over all factors (5, RTS art. 4(3)(b)) from people who showed the confidential
    code or a known device; anybody else's failures are kept apart and never lock the person (RULES 9). `code_hash` is
    None until the person has chosen a confidential code. `is_main`: the main user (*utilisateur principal*).
    """

    id: UserId
    subscription_id: SubscriptionId
    number: str
    name: str
    language: Language
    status: UserStatus
    code_hash: str | None
    attempts_left: int
    is_main: bool = False
    version: int = 0
