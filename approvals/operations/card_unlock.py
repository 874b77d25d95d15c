"""Unlock a card after wrong codes: an adviser's act, approved by a second one (RULES 8)."""

from collections.abc import Mapping
from typing import Final

from approvals.model.change import CardUnlocked, Change
from approvals.model.ids import ActionKind, CardId, SubscriptionId
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations.adviser_act import AdviserAct
from approvals.operations.card_words import CLIENT, KIND, LAST4, USER, holder_of
from approvals.operations.payload import PayloadReader
from approvals.statement import Words

CARD_UNLOCK: Final = ActionKind("card_unlock")
_TITLE: Final[Words] = {Language.FR: "Déverrouillage de carte", Language.EN: "Card unlocking"}


class CardUnlockOperation(AdviserAct):
    """Payload: `client`, `user`, `card`. Its kind and last digits are added when it is opened."""

    kind = CARD_UNLOCK
    title = _TITLE
    fields = (CLIENT, USER, KIND, LAST4)

    def read(self, payload: Mapping[str, Json]) -> Facts:
        reader = PayloadReader(payload)
        facts: Facts = {**holder_of(reader), "card": reader.text("card", longest=64)}
        reader.done()
        return facts

    def changes(self, facts: Facts, subscription_id: SubscriptionId) -> tuple[Change, ...]:
        del subscription_id
        return (CardUnlocked(card_id=CardId(str(facts["card"]))),)
