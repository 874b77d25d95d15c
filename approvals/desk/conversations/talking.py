"""Both sides write, read and see each other type; a person asks for an adviser. Whose side one is on is read each time.

A message is a human act: the stay it is written in begins its five minutes again (RULES 23).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from approvals.conversations import talk
from approvals.conversations.codes import holds_code
from approvals.conversations.hours import OfficeHours, next_opening
from approvals.conversations.refusals import CodeInMessage
from approvals.desk.conversations.recording import Recorded, record, unchanged
from approvals.desk.presence import Presence, require_stay
from approvals.errors import Forbidden, NotFound
from approvals.model.conversation import (
    Author,
    Conversation,
    ConversationStatus,
    Message,
    MessageKind,
    Notice,
    Words,
)
from approvals.model.ids import ActionId, ConversationId, LoginId, UserId
from approvals.model.person import Language, SubscriptionKind, User
from approvals.ports.book import Book, Ledger
from approvals.ports.conversations import Assisting
from approvals.ports.world import Announcer, Clock, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationParts:
    """What the desks of conversations lean on."""

    book: Book
    clock: Clock
    ids: Ids
    announcer: Announcer
    assistant: Assisting
    hours: OfficeHours

    async def told(self, work: Callable[[Ledger], Awaitable[Recorded]]) -> Recorded:
        """Do it in one transaction, and tell everybody concerned. Raises what the work raises."""
        recorded = await self.book.transaction(work)
        await self.announcer.announce(recorded.heads)
        return recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A message on its way; `conversation_id` is None for the person's own. The same `req` twice is written once."""

    req: str
    text: str
    conversation_id: ConversationId | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation as somebody sees it: its last messages, who takes part, and when an adviser is there next."""

    conversation: Conversation | None
    messages: Sequence[Message]
    people: Mapping[UserId, User]
    opens_at: datetime | None = None


class TalkDesk:
    """Writes and shows."""

    def __init__(self, parts: ConversationParts) -> None:
        self._parts = parts

    async def show(self, user: User, before: int | None, limit: int) -> Talk:
        """Return the person's open conversation, or the last they had."""

        async def work(ledger: Ledger) -> Talk:
            found = await ledger.conversations.last_of(user.id)
            opens_at = next_opening(self._parts.hours, self._parts.clock.now())
            if found is None:
                return Talk(conversation=None, messages=(), people={}, opens_at=opens_at)
            return await load_talk(ledger, found, before, limit, opens_at)

        return await self._parts.book.reading(work)

    async def say(self, login_id: LoginId, saying: Saying) -> Message:
        """Write a message; where the assistant answers, its answer follows. Nothing is kept of one with a code in it.

        Raises LoginEnded, PersonLocked, NotFound, Forbidden, CodeInMessage, TooManyMessages, ConversationClosed,
        ConversationNotClaimed.
        """
        if holds_code(saying.text):
            raise CodeInMessage("never send a code in a message: nothing was kept of it")

        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            presence = await require_stay(ledger, login_id, now)
            await ledger.logins.touch(login_id, now)
            before, current = await self._own_or_claimed(ledger, presence, saying.conversation_id, now)
            said = await ledger.conversations.sent(current.id, presence.user.id, saying.req)
            if said is not None:
                return unchanged(current, said)
            since = now - talk.MINUTE
            talk.require_pace(await ledger.conversations.written(current.id, presence.user.id, since), now)
            written, messages = talk.write(current, self._words(current, presence.user, saying), now)
            return await record(ledger, before, _read_by(written, presence.user, messages[0].n), messages, now)

        return (await self._parts.told(work)).messages[0]

    async def ask_adviser(self, login_id: LoginId) -> Conversation:
        """Queue for an adviser, in a new conversation where none is open; twice is once.

        Raises LoginEnded, PersonLocked, Forbidden.
        """

        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            presence = await require_stay(ledger, login_id, now)
            before, current = await self._own(ledger, presence, now)
            asked = talk.ask_adviser(current, now)
            if asked == before:
                return unchanged(asked)
            is_away = next_opening(self._parts.hours, now) is not None
            written, messages = talk.write(asked, [notice(Notice.AWAY if is_away else Notice.WAITING)], now)
            return await record(ledger, before, written, messages, now)

        return (await self._parts.told(work)).conversation

    async def show_action(self, login_id: LoginId, action_id: ActionId) -> Message:
        """Put the card of an action one has just started into the conversation; twice is once.

        Raises LoginEnded, PersonLocked, Forbidden, NotFound for an action somebody else started.
        """

        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            presence = await require_stay(ledger, login_id, now)
            action = await ledger.actions.load(action_id)
            if action is None or action.initiator != presence.user.id:
                raise NotFound("no such action of yours")
            before, current = await self._own(ledger, presence, now)
            shown = await ledger.conversations.sent(current.id, presence.user.id, action_id)
            if shown is not None:
                return unchanged(current, shown)
            words = Words(
                author=Author.PERSON,
                author_id=presence.user.id,
                kind=MessageKind.ACTION,
                action_id=action_id,
                req=action_id,
            )
            written, messages = talk.write(current, [words], now)
            return await record(ledger, before, written, messages, now)

        return (await self._parts.told(work)).messages[0]

    async def mark_read(self, login_id: LoginId, conversation_id: ConversationId | None, n: int) -> Conversation:
        """Move one's read mark up to `n`; what was read before costs nothing.

        Raises LoginEnded, PersonLocked, NotFound, ConversationNotClaimed, ConversationClosed.
        """

        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            presence = await require_stay(ledger, login_id, now)
            found = await self._found(ledger, presence, conversation_id)
            after = _read_by(found, presence.user, n)
            if after == found:
                return unchanged(found)
            return await record(ledger, found, after, (), now)

        return (await self._parts.told(work)).conversation

    async def other_side(
        self, login_id: LoginId, conversation_id: ConversationId | None
    ) -> tuple[ConversationId, UserId | None]:
        """Who sees that one types; nobody where no adviser has it. Raises as `mark_read`."""

        async def work(ledger: Ledger) -> tuple[ConversationId, UserId | None]:
            presence = await require_stay(ledger, login_id, self._parts.clock.now())
            found = await self._found(ledger, presence, conversation_id)
            is_person = found.user_id == presence.user.id
            return found.id, found.adviser_id if is_person else found.user_id

        return await self._parts.book.lookup(work)

    async def close(self, login_id: LoginId) -> Conversation:
        """End one's own conversation; twice is once. Raises LoginEnded, PersonLocked, NotFound."""

        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            presence = await require_stay(ledger, login_id, now)
            found = await ledger.conversations.last_of(presence.user.id)
            if found is None:
                raise NotFound("there is no conversation")
            return await end(ledger, found, now)

        return (await self._parts.told(work)).conversation

    # --- whose conversation -------------------------------------------------------------------------------

    async def _own_or_claimed(
        self, ledger: Ledger, presence: Presence, conversation_id: ConversationId | None, now: datetime
    ) -> tuple[Conversation | None, Conversation]:
        if conversation_id is None:
            return await self._own(ledger, presence, now)
        found = await self._found(ledger, presence, conversation_id)
        return found, found

    async def _own(self, ledger: Ledger, presence: Presence, now: datetime) -> tuple[Conversation | None, Conversation]:
        """Return the open conversation as it was read and as it is; a new one where there is none."""
        found = await ledger.conversations.last_of(presence.user.id)
        if found is not None and found.status is not ConversationStatus.CLOSED:
            return found, found
        company = await ledger.people.subscription(presence.user.subscription_id)
        if company is None or company.kind is not SubscriptionKind.COMPANY:
            raise Forbidden("advisers write in the conversations they have claimed")
        return None, talk.begin(ConversationId(self._parts.ids.make("cnv")), presence.user, now)

    async def _found(self, ledger: Ledger, presence: Presence, conversation_id: ConversationId | None) -> Conversation:
        """Return one's own, or one that one has claimed."""
        if conversation_id is None:
            found = await ledger.conversations.last_of(presence.user.id)
        else:
            found = await ledger.conversations.load(conversation_id)
        if found is not None and found.user_id == presence.user.id:
            return found
        if found is None or await ledger.advisers.load(presence.user.id) is None:
            raise NotFound("no such conversation of yours")
        talk.require_claimed(found, presence.user.id)
        return found

    def _words(self, current: Conversation, author: User, saying: Saying) -> list[Words]:
        is_person = current.user_id == author.id
        said = Words(
            author=Author.PERSON if is_person else Author.ADVISER,
            author_id=author.id,
            kind=MessageKind.TEXT,
            text=saying.text,
            req=saying.req,
        )
        if not is_person or current.status is not ConversationStatus.ASSISTED:
            return [said]
        return [said, self._parts.assistant.reply(saying.text, saying.language or author.language)]


async def load_talk(
    ledger: Ledger, conversation: Conversation, before: int | None, limit: int, opens_at: datetime | None = None
) -> Talk:
    messages = await ledger.conversations.messages(conversation.id, before, limit)
    authors = {message.words.author_id for message in messages}
    named = {conversation.user_id, conversation.adviser_id, *authors} - {None}
    people = await ledger.people.users(sorted(user_id for user_id in named if user_id is not None))
    return Talk(conversation=conversation, messages=messages, people=people, opens_at=opens_at)


async def end(ledger: Ledger, conversation: Conversation, now: datetime) -> Recorded:
    """Close a conversation, the notice being its last message; twice is once."""
    if conversation.status is ConversationStatus.CLOSED:
        return unchanged(conversation)
    written, messages = talk.write(conversation, [notice(Notice.CLOSED)], now)
    return await record(ledger, conversation, talk.close(written, now), messages, now)


def notice(what: Notice) -> Words:
    return Words(author=Author.HOUSE, kind=MessageKind.NOTICE, subject=what)


def _read_by(conversation: Conversation, user: User, n: int) -> Conversation:
    return talk.read(conversation, n, is_person=conversation.user_id == user.id)
