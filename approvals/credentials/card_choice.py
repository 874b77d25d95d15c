"""Which card a code is tried against: one, chosen or unambiguous (RULES 8 and 10). The refusals speak to its holder."""

from collections.abc import Sequence
from datetime import date

from approvals.credentials.card import as_of, is_over, takes_codes
from approvals.credentials.card_refusals import CardBlocked, CardChoiceNeeded, CardLocked, CardNotUsable
from approvals.credentials.card_texts import CHOOSE, ENDING, KINDS, NO_CARD, advice
from approvals.model.card import Card, CardStatus
from approvals.model.person import Language

_REFUSALS = {CardStatus.LOCKED: CardLocked, CardStatus.BLOCKED: CardBlocked}


def choose(cards: Sequence[Card], wanted: str | None, language: Language, today: date) -> Card:
    """Return the card of a person that a code is of; `wanted` is a card's id or the last 4 digits on it.

    Without `wanted`, the only one that takes codes; where none does, one whose state can be told. Raises
    CardChoiceNeeded naming the choices, CardNotUsable when the person has no card at all.
    """
    cards = [as_of(card, today) for card in cards]
    named = [card for card in cards if wanted in {None, card.id, card.last4}]
    taking = [card for card in named if takes_codes(card)]
    if len(taking) == 1:
        return taking[0]
    if not taking and named:
        return max(named, key=lambda card: (not is_over(card), card.id))
    choices = taking or [card for card in cards if takes_codes(card)]
    if not choices:
        raise CardNotUsable(NO_CARD[language])
    raise CardChoiceNeeded(_question(choices, language), choices=choices)


def require_usable(card: Card, language: Language) -> None:
    """Raise CardLocked, CardBlocked or CardNotUsable, in the holder's words, unless its codes may be checked."""
    if takes_codes(card):
        return
    refusal = _REFUSALS.get(card.status, CardNotUsable)
    raise refusal(advice(card.status, card.kind).text[language], card_id=card.id, status=card.status)


def _question(choices: Sequence[Card], language: Language) -> str:
    named = [ENDING[language].format(kind=KINDS[card.kind][language], last4=card.last4) for card in choices]
    return CHOOSE[language].format(cards=" ; ".join(named))
