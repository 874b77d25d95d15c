"""What a card's holder is told of it, and whom to call: one row a state, two texts where the kinds differ (RULES 8).

A Sécur@ccès card is the adviser's; a professional bank card is the card service's, but for what is ours to unlock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from approvals.model.card import CardKind, CardStatus
from approvals.model.person import Language


class Contact(StrEnum):
    """Whom the holder calls."""

    ADVISER = "adviser"
    CARD_SERVICE = "card_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`call` is None where the holder need call nobody."""

    text: Mapping[Language, str]
    call: Contact | None = None


def _say(french: str, english: str, call: Contact | None = None) -> Advice:
    return Advice(text={Language.FR: french, Language.EN: english}, call=call)


def advice(status: CardStatus, kind: CardKind) -> Advice:
    """Return the row of this state and kind."""
    own = _PROFESSIONAL if kind is CardKind.PROFESSIONAL else _SECUR_ACCES
    return own.get(status) or _EITHER[status]


_EITHER: Final[Mapping[CardStatus, Advice]] = {
    CardStatus.ORDERED: _say(
        "La carte est commandée. La carte et son code secret vous parviendront séparément.",
        "The card is ordered. The card and its PIN will reach you separately.",
    ),
    CardStatus.PRODUCED: _say(
        "La carte est fabriquée et va vous être remise. Son code secret arrive par un autre courrier.",
        "The card is made and about to be handed over. Its PIN comes by another letter.",
    ),
    CardStatus.SENT: _say(
        "La carte est en route ou vous attend au centre d'affaires. Son premier code juste l'active.",
        "The card is on its way, or waits for you at the branch. Its first right code activates it.",
    ),
    CardStatus.RETURNED: _say(
        "Le courrier contenant la carte est revenu. Appelez votre chargé d'affaires pour convenir de la remise.",
        "The letter with the card came back. Call your adviser to agree how it reaches you.",
        Contact.ADVISER,
    ),
    CardStatus.ACTIVE: _say("La carte est active.", "The card is active."),
    CardStatus.LOCKED: _say(
        "La carte est verrouillée après des codes erronés. Appelez votre chargé d'affaires : il la fait déverrouiller.",
        "The card is locked after wrong codes. Call your adviser, who has it unlocked.",
        Contact.ADVISER,
    ),
}

_SECUR_ACCES: Final[Mapping[CardStatus, Advice]] = {
    CardStatus.BLOCKED: _say(
        "La puce est bloquée après trois codes secrets erronés. Appelez votre chargé d'affaires : il commande une "
        "nouvelle carte, facturée selon le tarif en vigueur.",
        "The chip is blocked after three wrong PINs. Call your adviser, who orders a new card at the fee of the "
        "tariff in force.",
        Contact.ADVISER,
    ),
    CardStatus.BROKEN: _say(
        "La carte ne fonctionne plus. Appelez votre chargé d'affaires : il commande une nouvelle carte, facturée selon "
        "le tarif en vigueur.",
        "The card no longer works. Call your adviser, who orders a new card at the fee of the tariff in force.",
        Contact.ADVISER,
    ),
    CardStatus.REPORTED: _say(
        "La carte est déclarée perdue ou volée et ne servira plus. Appelez votre chargé d'affaires pour une nouvelle "
        "carte.",
        "The card is reported lost or stolen and will never work again. Call your adviser for a new one.",
        Contact.ADVISER,
    ),
    CardStatus.REPLACED: _say(
        "La carte est remplacée : utilisez la nouvelle, et détruisez celle-ci. Appelez votre chargé d'affaires si vous "
        "ne l'avez pas reçue.",
        "The card is replaced: use the new one, and destroy this one. Call your adviser if you have not received it.",
        Contact.ADVISER,
    ),
    CardStatus.EXPIRED: _say(
        "La carte est arrivée à expiration. Appelez votre chargé d'affaires pour une nouvelle carte.",
        "The card has expired. Call your adviser for a new one.",
        Contact.ADVISER,
    ),
}

_PROFESSIONAL: Final[Mapping[CardStatus, Advice]] = {
    CardStatus.BLOCKED: _say(
        "La puce est bloquée après trois codes secrets erronés. Appelez le service cartes, au numéro inscrit au dos de "
        "votre carte, pour une nouvelle carte.",
        "The chip is blocked after three wrong PINs. Call the card service, at the number on the back of your card, "
        "for a new card.",
        Contact.CARD_SERVICE,
    ),
    CardStatus.BROKEN: _say(
        "La carte ne fonctionne plus. Appelez le service cartes, au numéro inscrit au dos de votre carte, pour une "
        "nouvelle carte.",
        "The card no longer works. Call the card service, at the number on the back of your card, for a new card.",
        Contact.CARD_SERVICE,
    ),
    CardStatus.REPORTED: _say(
        "La carte ne signe plus ici. Faites opposition sans attendre auprès du service cartes : les paiements ne sont "
        "pas arrêtés par cette déclaration.",
        "The card signs nothing here any more. Have it stopped at once by the card service: this report does not stop "
        "its payments.",
        Contact.CARD_SERVICE,
    ),
    CardStatus.REPLACED: _say(
        "La carte est remplacée : utilisez la nouvelle. Appelez le service cartes si vous ne l'avez pas reçue.",
        "The card is replaced: use the new one. Call the card service if you have not received it.",
        Contact.CARD_SERVICE,
    ),
    CardStatus.EXPIRED: _say(
        "La carte est arrivée à expiration. Appelez le service cartes pour une nouvelle carte.",
        "The card has expired. Call the card service for a new one.",
        Contact.CARD_SERVICE,
    ),
}

KINDS: Final[Mapping[CardKind, Mapping[Language, str]]] = {
    CardKind.SECUR_ACCES: {Language.FR: "carte Sécur@ccès", Language.EN: "Sécur@ccès card"},
    CardKind.PROFESSIONAL: {Language.FR: "carte bancaire professionnelle", Language.EN: "professional bank card"},
}
CHOOSE: Final[Mapping[Language, str]] = {
    Language.FR: "Indiquez de quelle carte vient le code : {cards}.",
    Language.EN: "Say which card the code is of: {cards}.",
}
ENDING: Final[Mapping[Language, str]] = {
    Language.FR: "{kind} se terminant par {last4}",
    Language.EN: "{kind} ending in {last4}",
}
NO_CARD: Final[Mapping[Language, str]] = {
    Language.FR: "Aucune carte à votre nom ne peut servir. Appelez votre chargé d'affaires.",
    Language.EN: "No card of yours can be used. Call your adviser.",
}
RESYNC: Final[Mapping[Language, str]] = {
    Language.FR: "Resynchronisez d'abord la carte : deux codes de la touche CODE, l'un après l'autre.",
    Language.EN: "Bring the card back into step first: two codes of the CODE key, one after the other.",
}
