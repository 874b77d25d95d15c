"""A person's inbox as their devices read it: numbered events, and the content read when it is sent (RULES 23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from approvals.desk.actions import load_sheets
from approvals.model.conversation import Message
from approvals.model.ids import ActionId, ConversationId, UserId
from approvals.model.inbox import Event, Inbox
from approvals.model.person import User
from approvals.model.sheet import ActionSheet
from approvals.ports.book import Book, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxState:
    """Where an inbox stands: the store's epoch, the last number given, the last no longer kept."""

    epoch: str
    inbox: Inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event, with the action it speaks of as it is now; the message it tells of, and who wrote that."""

    event: Event
    sheet: ActionSheet | None
    message: Message | None = None
    author: User | None = None


class InboxDesk:
    """Reads inboxes."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def state(self, user_id: UserId) -> InboxState:
        async def work(ledger: Ledger) -> InboxState:
            return InboxState(epoch=await ledger.house.epoch(), inbox=await ledger.inboxes.state(user_id))

        return await self._book.lookup(work)

    async def heads(self, user_ids: Sequence[UserId]) -> Mapping[UserId, int]:
        return await self._book.lookup(lambda ledger: ledger.inboxes.heads(user_ids))

    async def read(self, user_id: UserId, after: int, limit: int) -> Sequence[Event]:
        """Events with `s > after`, in order; what a device without a signed-in person may have."""
        return await self._book.lookup(lambda ledger: ledger.inboxes.read(user_id, after, limit))

    async def read_with_content(self, user_id: UserId, after: int, limit: int) -> Sequence[Delivery]:
        """The same with each event's action as it is now, read in one go."""

        async def work(ledger: Ledger) -> Sequence[Delivery]:
            events = await ledger.inboxes.read(user_id, after, limit)
            sheets = await _sheets(ledger, events, user_id)
            delivered = [Delivery(event=event, sheet=_sheet_of(event, sheets)) for event in events]
            return await _with_messages(ledger, delivered)

        return await self._book.lookup(work)


async def _sheets(ledger: Ledger, events: Sequence[Event], user_id: UserId) -> Mapping[ActionId, ActionSheet]:
    wanted = sorted({event.news.action_id for event in events if event.news.action_id is not None})
    return {sheet.id: sheet for sheet in await load_sheets(ledger, wanted) if sheet.challenge_of(user_id) is not None}


def _sheet_of(event: Event, sheets: Mapping[ActionId, ActionSheet]) -> ActionSheet | None:
    return sheets.get(event.news.action_id) if event.news.action_id is not None else None


async def _with_messages(ledger: Ledger, deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
    wanted = {_place(each.event) for each in deliveries} - {None}
    if not wanted:
        return deliveries
    found = await ledger.conversations.pick({place for place in wanted if place is not None})
    messages = {(each.conversation_id, each.n): each for each in found}
    authors = {each.words.author_id for each in found if each.words.author_id is not None}
    people = await ledger.people.users(sorted(authors))
    return [_telling(each, messages, people) for each in deliveries]


def _telling(
    delivery: Delivery, messages: Mapping[tuple[ConversationId, int], Message], people: Mapping[UserId, User]
) -> Delivery:
    place = _place(delivery.event)
    message = messages.get(place) if place is not None else None
    author_id = message.words.author_id if message is not None else None
    return replace(delivery, message=message, author=people.get(author_id) if author_id is not None else None)


def _place(event: Event) -> tuple[ConversationId, int] | None:
    news = event.news
    if news.conversation_id is None or news.message is None:
        return None
    return news.conversation_id, news.message
