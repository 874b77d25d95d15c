"""Puts a session's questions to the desks, and brings back what they answered, rendered for the device."""

import asyncio
import base64
from typing import assert_never

from approvals.credentials.login import ends_at
from approvals.desk.conversations.talking import Saying
from approvals.desk.presence import Presence
from approvals.desk.tokens import TICKET
from approvals.errors import ApprovalError, NotAuthenticated
from approvals.model.device import Device
from approvals.model.ids import ChallengeId, ConversationId, DeviceId
from approvals.model.person import User
from channels.frames.from_device import Read, Say, Typing
from channels.session.happenings import (
    DeskRefused,
    DeviceRecognised,
    EventsRead,
    Happening,
    InboxFound,
    LoginStillGood,
    MessageTaken,
    PersonAdmitted,
    ProofAnswered,
    RefusalTaken,
)
from channels.session.orders import (
    Admit,
    Converse,
    FindInbox,
    LookAgain,
    MoveCursor,
    OfferProof,
    Question,
    ReadEvents,
    Recognise,
    SayNo,
)
from channels.views.answers import answered_content
from channels.views.events import full_event, opaque_event
from channels.views.proofs import offered_proof
from channels.websocket.parts import StreamParts
from channels.websocket.request_key import answer_key


class Asking:
    """The questions of one connection; it remembers whose device it is, and their language."""

    def __init__(self, parts: StreamParts) -> None:
        self._parts = parts
        self._desks = parts.desks
        self._device: Device | None = None
        self._user: User | None = None

    async def ask(self, question: Question) -> Happening | None:
        """Return what the desk said; a refusal is an answer too."""
        try:
            return await self._ask(question)
        except ApprovalError as error:
            return DeskRefused(question=question, error=error)

    async def _ask(self, question: Question) -> Happening | None:
        match question:
            case Recognise():
                return await self._recognise(question)
            case Admit(token):
                return await self._admit(token)
            case FindInbox(user_id):
                state = await self._desks.inboxes.state(user_id)
                return InboxFound(epoch=state.epoch, head=state.inbox.head, pruned=state.inbox.pruned)
            case ReadEvents():
                return await self._read(question)
            case LookAgain(login_id):
                return _still_good(await self._desks.devices.presence(login_id))
            case OfferProof():
                return await self._offer(question)
            case SayNo():
                return await self._say_no(question)
            case Converse():
                return await self._converse(question)
            case MoveCursor():
                self._desks.cursors.acknowledge(question.device_id, question.s)
                return None
            case _:
                assert_never(question)

    async def _recognise(self, question: Recognise) -> Happening:
        signature = base64.urlsafe_b64decode(question.signature + "==")
        device = await self._desks.devices.recognise(
            DeviceId(question.device), question.token, question.nonce, signature
        )
        self._user = await self._desks.devices.person(device.user_id)
        self._device = device
        return DeviceRecognised(device_id=device.id, user_id=device.user_id, cursor=device.cursor)

    async def _admit(self, token: str) -> Happening:
        """A stay on a device is of that device; a screen's is of whoever its first ticket named."""
        presence = await self._presence(token)
        if self._user is not None and presence.user.id != self._user.id:
            raise NotAuthenticated("somebody else's login")
        if self._device is not None and presence.login.device_id != self._device.id:
            raise NotAuthenticated("not a login of this device")
        self._user = presence.user
        return PersonAdmitted(user_id=presence.user.id, login_id=presence.login.id, expires_at=ends_at(presence.login))

    async def _presence(self, token: str) -> Presence:
        if token.startswith(TICKET):
            return await self._desks.tickets.take(token)
        return await self._desks.access.presence(token)

    async def _read(self, question: ReadEvents) -> Happening:
        """The login is read again with its content: nothing is shown to somebody who has left."""
        limit, user = self._parts.page, self._known_user()
        if question.login_id is None:
            events = await self._desks.inboxes.read(question.user_id, question.after, limit)
            opaque = [opaque_event(event, user.language) for event in events]
            return EventsRead(events=opaque, is_last=len(opaque) < limit)
        presence, deliveries = await asyncio.gather(
            self._desks.devices.presence(question.login_id),
            self._desks.inboxes.read_with_content(question.user_id, question.after, limit),
        )
        now = self._parts.clock.now()
        full = [full_event(delivery, presence.user, self._parts.profiles, now) for delivery in deliveries]
        return EventsRead(events=full, is_last=len(full) < limit, login=_still_good(presence))

    async def _offer(self, question: OfferProof) -> Happening:
        answer = question.answer
        key = answer_key(self._parts.request_secret, question.user_id, answer)
        proof = offered_proof(answer.proof)
        user = self._known_user()
        answered = await self._desks.answers.answer(
            question.login_id, ChallengeId(answer.challenge), proof, key, company=user.subscription_id
        )
        return ProofAnswered(req=answer.req, answered=answered_content(answered, user.language))

    async def _say_no(self, question: SayNo) -> Happening:
        refusal = question.refusal
        challenge_id = ChallengeId(refusal.challenge)
        challenge = await self._desks.answers.refuse(question.login_id, challenge_id, refusal.reason)
        return RefusalTaken(req=refusal.req, status=challenge.status)

    async def _converse(self, question: Converse) -> Happening | None:
        frame, talk = question.frame, self._desks.talk
        conversation_id = None if frame.conversation is None else ConversationId(frame.conversation)
        match frame:
            case Say():
                saying = Saying(
                    req=frame.req, text=frame.text, conversation_id=conversation_id, language=frame.language
                )
                message = await talk.say(question.login_id, saying)
                return MessageTaken(req=frame.req, conversation_id=message.conversation_id, n=message.n)
            case Read():
                await talk.mark_read(question.login_id, conversation_id, frame.n)
            case Typing():
                place, other = await talk.other_side(question.login_id, conversation_id)
                if other is not None:
                    self._parts.hub.tell_typing(other, place)
        return None

    def _known_user(self) -> User:
        if self._user is None:
            raise NotAuthenticated("say hello first")
        return self._user


def _still_good(presence: Presence) -> LoginStillGood:
    return LoginStillGood(login_id=presence.login.id, expires_at=ends_at(presence.login))
