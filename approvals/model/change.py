"""Changes of ours that an approved action brings, applied in the deciding transaction (`ledger.changes.apply`)."""

from dataclasses import dataclass
from typing import TypeAlias

from approvals.model.adviser import Colleague
from approvals.model.card import CardKind
from approvals.model.card_order import Delivery, OrderReason
from approvals.model.certificate import Authority
from approvals.model.entitlement import Entitlement, Substitution
from approvals.model.ids import AuthorityId, CardId, ImportId, SubscriptionId, SubstitutionId, UserId
from approvals.model.inbox import News
from approvals.model.person import Language, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryPut:
    """The account becomes, or stays under another name or on other lists, a registered beneficiary."""

    subscription_id: SubscriptionId
    iban: str
    bic: str | None
    name: str
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryRemoved:
    """The account is no longer a registered beneficiary."""

    subscription_id: SubscriptionId
    iban: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrdered:
    """A card is to be made; with `replaces` it takes over from that one, which goes out of use as the reason says."""

    card_id: CardId
    user_id: UserId
    client_identifier: str
    user_number: str
    kind: CardKind
    delivery: Delivery
    reason: OrderReason
    replaces: CardId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUnlocked:
    """A card locked by wrong codes takes codes again."""

    card_id: CardId


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRenewed:
    """The confidential code is void, every login ends, a letter is due: at an invitation, or when a code is renewed."""

    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInvited:
    """A new user of the subscription, who has yet to choose a confidential code."""

    subscription_id: SubscriptionId
    user_id: UserId
    number: str
    name: str
    language: Language
    is_main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLeft:
    """The person leaves for good, and is signed out everywhere."""

    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened:
    """Unknown devices may try again after too many failures (RULES 9)."""

    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnlocked:
    """The person's access is open again, every attempt theirs."""

    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySubscribed:
    """The company is a customer; who may do what there is still to be said."""

    company: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyImported:
    """The company that was kept until now is a customer, with everything that was kept of it."""

    import_id: ImportId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserAssigned:
    """The company is in this adviser's portfolio from now on."""

    company_id: SubscriptionId
    adviser_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserAdded:
    """One of the bank's own people more."""

    colleague: Colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserRemoved:
    """The adviser has left: nothing of theirs counts any more, and their portfolio is the successor's."""

    adviser_id: UserId
    successor_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityPut:
    """The bank accepts this authority's certificates, as this entry says."""

    authority: Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityWithdrawn:
    """The bank accepts none of its certificates any more."""

    authority_id: AuthorityId


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateAdmitted:
    """The person may enrol this certificate without the proofs asked for otherwise."""

    user_id: UserId
    thumbprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementPut:
    """What a person may do from now on; its version is the one it was decided over, and no other is written over."""

    subscription_id: SubscriptionId
    entitlement: Entitlement


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionNamed:
    """Somebody stands in for somebody."""

    substitution: Substitution


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionEnded:
    """It is over before its last day, or does not begin."""

    substitution_id: SubstitutionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of a change; `refusal` is the stable code of why it cannot be made: nothing of it is then written."""

    refusal: str | None = None
    news: tuple[News, ...] = ()


Change: TypeAlias = (
    BeneficiaryPut
    | BeneficiaryRemoved
    | CardOrdered
    | CardUnlocked
    | ActivationRenewed
    | DoorOpened
    | PersonUnlocked
    | CompanySubscribed
    | CompanyImported
    | AdviserAssigned
    | AdviserAdded
    | AdviserRemoved
    | AuthorityPut
    | AuthorityWithdrawn
    | CertificateAdmitted
    | UserInvited
    | UserLeft
    | EntitlementPut
    | SubstitutionNamed
    | SubstitutionEnded
)
