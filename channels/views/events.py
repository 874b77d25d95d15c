"""Events, at the two levels (RULES 23): opaque ids and generic words, or the action as it stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from approvals.desk.inbox import Delivery
from approvals.model.inbox import Event, EventKind
from approvals.model.person import Language, User
from approvals.ports.world import CardProfiles
from approvals.statement import Words
from channels.frames import from_server
from channels.views.actions import signer_content
from channels.views.conversations import message_content
from channels.views.times import milliseconds

_WORDS: Final[Mapping[EventKind, Words]] = {
    EventKind.CHALLENGE_OPENED: {
        Language.FR: "Une opération attend votre signature.",
        Language.EN: "An operation awaits your signature.",
    },
    EventKind.CHALLENGE_ENDED: {
        Language.FR: "Une demande de signature est close.",
        Language.EN: "A request for your signature is closed.",
    },
    EventKind.ACTION_PROGRESSED: {
        Language.FR: "Une opération a avancé.",
        Language.EN: "An operation has moved on.",
    },
    EventKind.ACTION_ENDED: {
        Language.FR: "Une opération est terminée.",
        Language.EN: "An operation has ended.",
    },
    EventKind.CARD_LAST_ATTEMPT: {
        Language.FR: "Une carte n'accepte plus qu'un essai : encore un code faux et elle sera verrouillée.",
        Language.EN: "A card takes one more attempt: another wrong code and it is locked.",
    },
    EventKind.CARD_LOCKED: {
        Language.FR: "Une carte est verrouillée. Contactez votre chargé d'affaires.",
        Language.EN: "A card is locked. Call your adviser.",
    },
    EventKind.CARD_ACTIVATED: {
        Language.FR: "Une carte a été activée par son premier code.",
        Language.EN: "A card was activated by its first code.",
    },
    EventKind.CARD_UNLOCKED: {
        Language.FR: "Une carte a été déverrouillée.",
        Language.EN: "A card was unlocked.",
    },
    EventKind.CARD_REPORTED: {
        Language.FR: "Une carte a été déclarée inutilisable. Si ce n'est pas vous, contactez votre chargé d'affaires.",
        Language.EN: "A card was reported as out of use. If it was not you, call your adviser.",
    },
    EventKind.CARD_BLOCKED: {
        Language.FR: "La puce d'une carte est bloquée. Appelez votre chargé d'affaires : il commande une nouvelle "
        "carte, facturée selon le tarif en vigueur ; pour une carte bancaire, appelez le service cartes.",
        Language.EN: "A card's chip is blocked. Call your adviser, who orders a new card at the fee of the tariff in "
        "force; for a bank card, call the card service.",
    },
    EventKind.CARD_ORDERED: {
        Language.FR: "Une carte a été commandée pour vous.",
        Language.EN: "A card was ordered for you.",
    },
    EventKind.CARD_SENT: {
        Language.FR: "Une carte est en route ; son code secret arrive par un autre courrier.",
        Language.EN: "A card is on its way; its PIN comes by another letter.",
    },
    EventKind.CARD_EXPIRES_SOON: {
        Language.FR: "Une carte expire bientôt. Contactez votre chargé d'affaires ou le service cartes.",
        Language.EN: "A card expires soon. Call your adviser or the card service.",
    },
    EventKind.CARD_EXPIRED: {
        Language.FR: "Une carte est arrivée à expiration. Contactez votre chargé d'affaires ou le service cartes.",
        Language.EN: "A card has expired. Call your adviser or the card service.",
    },
    EventKind.CARD_RESYNCHRONISED: {
        Language.FR: "Une carte a été resynchronisée.",
        Language.EN: "A card was resynchronised.",
    },
    EventKind.CERTIFICATE_ENROLLED: {
        Language.FR: "Un certificat électronique est enregistré sous votre numéro d'utilisateur. "
        "Si ce n'était pas vous, contactez votre chargé d'affaires.",
        Language.EN: "An electronic certificate is enrolled under your user number. "
        "If this was not you, call your adviser.",
    },
    EventKind.CERTIFICATE_EXPIRES_SOON: {
        Language.FR: "Votre certificat électronique arrive bientôt à échéance : renouvelez-le tant qu'il est valable.",
        Language.EN: "Your electronic certificate expires soon: renew it while it is good.",
    },
    EventKind.CERTIFICATE_EXPIRED: {
        Language.FR: "Votre certificat électronique est arrivé à échéance.",
        Language.EN: "Your electronic certificate has expired.",
    },
    EventKind.CERTIFICATE_REVOKED: {
        Language.FR: "Votre certificat électronique a été révoqué par son autorité : il ne sert plus ici.",
        Language.EN: "Your electronic certificate was revoked by its authority: it no longer works here.",
    },
    EventKind.CERTIFICATE_REMOVED: {
        Language.FR: "Un certificat électronique a été retiré de votre accès.",
        Language.EN: "An electronic certificate was removed from your access.",
    },
    EventKind.DEVICE_ENROLLED: {
        Language.FR: "Un appareil a été ajouté à votre accès.",
        Language.EN: "A device was added to your access.",
    },
    EventKind.DEVICE_REVOKED: {
        Language.FR: "Un appareil a été retiré de votre accès.",
        Language.EN: "A device was removed from your access.",
    },
    EventKind.ACCESS_LAST_ATTEMPT: {
        Language.FR: "Encore un essai faux et votre accès sera verrouillé.",
        Language.EN: "Another wrong attempt and your access is locked.",
    },
    EventKind.ACCESS_LOCKED: {
        Language.FR: "Votre accès est verrouillé. Contactez votre chargé d'affaires.",
        Language.EN: "Your access is locked. Call your adviser.",
    },
    EventKind.ACCESS_STOPPED: {
        Language.FR: "Une demande faite depuis votre accès n'est pas reconnue : l'appareil qui l'a faite est arrêté. "
        "Contactez votre chargé d'affaires.",
        Language.EN: "A request made from your access is disowned: the device that made it is stopped. "
        "Call your adviser.",
    },
    EventKind.ALERT_RAISED: {
        Language.FR: "Un client signale une demande qui n'est pas de lui.",
        Language.EN: "A customer reports a request that is not theirs.",
    },
    EventKind.CODE_CHANGED: {
        Language.FR: "Votre code confidentiel a été changé. Si ce n'était pas vous, contactez votre chargé d'affaires.",
        Language.EN: "Your confidential code was changed. If this was not you, call your adviser.",
    },
    EventKind.CODE_RENEWED: {
        Language.FR: "Votre code confidentiel est annulé : un courrier vous permettra d'en choisir un autre.",
        Language.EN: "Your confidential code is void: a letter will let you choose another.",
    },
    EventKind.SIGN_IN_REQUESTED: {
        Language.FR: "Un écran demande à entrer à votre nom : confirmez ou refusez.",
        Language.EN: "A screen asks to sign in as you: confirm or refuse.",
    },
    EventKind.HANDOVER_ASKED: {
        Language.FR: "Un écran demande une signature sur votre pont de carte : tapez-y ses deux chiffres.",
        Language.EN: "A screen asks for a signature on your card bridge: type its two digits there.",
    },
    EventKind.HANDOVER_TAKEN: {
        Language.FR: "Un pont de carte a pris la signature en charge.",
        Language.EN: "A card bridge has taken the signature over.",
    },
    EventKind.HANDOVER_ANSWERED: {
        Language.FR: "Le pont de carte a transmis sa réponse.",
        Language.EN: "The card bridge has sent its answer.",
    },
    EventKind.HANDOVER_CLOSED: {
        Language.FR: "Le pont de carte ne répondra pas : recommencez depuis l'écran.",
        Language.EN: "The card bridge will not answer: begin again on the screen.",
    },
    EventKind.MESSAGE_RECEIVED: {
        Language.FR: "Votre banque vous a écrit.",
        Language.EN: "Your bank has written to you.",
    },
    EventKind.CONVERSATION_WAITING: {
        Language.FR: "Un client demande un chargé d'affaires.",
        Language.EN: "A customer asks for an adviser.",
    },
    EventKind.CONVERSATION_WRITTEN: {
        Language.FR: "Un client vous a écrit.",
        Language.EN: "A customer has written to you.",
    },
    EventKind.CHAT_MOVED: {
        Language.FR: "La conversation a avancé.",
        Language.EN: "The conversation has moved on.",
    },
}


def generic_words(kind: EventKind, language: Language) -> str:
    """Say what happened in words that tell a locked phone nothing."""
    return _WORDS[kind][language]


def opaque_event(event: Event, language: Language) -> from_server.Event:
    """Show an event to a device nobody is signed in on."""
    news = event.news
    return from_server.Event(
        s=event.s,
        id=news.conversation_id or news.action_id or news.device_id,
        kind=news.kind,
        at=milliseconds(event.at),
        words=generic_words(news.kind, language),
        action=None,
    )


def full_event(delivery: Delivery, user: User, profiles: CardProfiles, now: datetime) -> from_server.Event:
    """Show an event to the person it is for, with its action as it stands now."""
    event = opaque_event(delivery.event, user.language)
    if delivery.message is not None:
        event = replace(event, message=message_content(delivery.message, delivery.author))
    if delivery.sheet is None:
        return event
    return replace(event, action=signer_content(delivery.sheet, user, profiles, now))
