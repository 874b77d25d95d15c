"""People, their cards, devices and logins, as they are shown."""

from collections.abc import Mapping

from approvals.credentials.card_texts import advice
from approvals.credentials.login import ends_at
from approvals.desk.cards.held import HeldCard
from approvals.model.card import Card
from approvals.model.device import Device, Login
from approvals.model.ids import UserId
from approvals.model.person import Language, User
from channels.frames.content import CardContent, DeviceContent, HeldCardContent, LoginContent, PersonContent
from channels.views.times import milliseconds


def colleague(user_id: UserId, people: Mapping[UserId, User]) -> PersonContent | None:
    """Show a person to people of the same company: number and name. None for somebody the sheet does not hold."""
    user = people.get(user_id)
    return None if user is None else PersonContent(id=user.id, number=user.number, name=user.name)


def numbered(user_id: UserId, people: Mapping[UserId, User]) -> PersonContent | None:
    """Show a person to the bank's core, which knows its people by number: no name leaves for nothing."""
    user = people.get(user_id)
    return None if user is None else PersonContent(id=user.id, number=user.number, name=None)


def card_content(card: Card) -> CardContent:
    return CardContent(id=card.id, kind=card.kind, status=card.status, last4=card.last4, resync_due=card.resync_due)


def held_card_content(held: HeldCard, language: Language) -> HeldCardContent:
    """Show a card from its order on, with what its holder is to do."""
    card, order = held.card, held.order
    told = advice(held.status, held.kind)
    return HeldCardContent(
        id=held.id,
        kind=held.kind,
        status=held.status,
        last4=card.last4 if card else None,
        resync_due=card.resync_due if card else False,
        expires=card.expires_on.isoformat() if card and card.expires_on else None,
        text=told.text[language],
        call=told.call,
        reason=order.reason if order else None,
        replaces=order.replaces if order else None,
        delivery=order.delivery if order else None,
        pin_letter=order.pin_letter if order else None,
    )


def device_content(device: Device) -> DeviceContent:
    revoked = device.revoked_at
    return DeviceContent(
        id=device.id,
        kind=device.kind,
        name=device.name,
        created=milliseconds(device.created_at),
        revoked=None if revoked is None else milliseconds(revoked),
    )


def login_content(login: Login) -> LoginContent:
    return LoginContent(
        id=login.id,
        device=login.device_id,
        factors=sorted(login.factors),
        created=milliseconds(login.created_at),
        last_act=milliseconds(login.last_act_at),
        expires=milliseconds(ends_at(login)),
    )
