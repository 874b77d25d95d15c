"""Changes of ours that an approved action brings, applied in the deciding transaction (`ledger.changes.apply`)."""

from dataclasses import dataclass
from typing import TypeAlias

from approvals.model.card import CardKind
from approvals.model.card_order import Delivery, OrderReason
from approvals.model.ids import CardId, SubscriptionId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryPut:
    """The account becomes, or stays under another name, a registered beneficiary."""

    subscription_id: SubscriptionId
    iban: str
    bic: str | None
    name: str


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


Change: TypeAlias = BeneficiaryPut | BeneficiaryRemoved | CardOrdered | CardUnlocked
