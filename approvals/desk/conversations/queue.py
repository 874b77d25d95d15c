"""The queue: advisers see the conversations of their portfolio, claim, hand on and close them (RULES 26)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from approvals.conversations import talk
from approvals.credentials.adviser import Right, has_right, is_in_portfolio
from approvals.desk.actions import load_sheets
from approvals.desk.conversations.recording import Recorded, record, unchanged
from approvals.desk.conversations.talking import ConversationParts, Talk, end, load_talk, notice
from approvals.errors import NotFound
from approvals.model.adviser import HOUSE_CLIENT, Adviser
from approvals.model.audit import AuditEntry, Retention
from approvals.model.conversation import Conversation, ConversationStatus, Notice
from approvals.model.ids import ActionId, ConversationId, SubscriptionId, UserId
from approvals.model.page import Page
from approvals.model.person import Subscription, User
from approvals.model.sheet import ActionSheet
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A conversation in the list, with whose it is."""

    conversation: Conversation
    user: User
    company: Subscription
    adviser: User | None


class QueueDesk:
    """Lists, shows, claims, transfers, closes."""

    def __init__(self, parts: ConversationParts) -> None:
        self._parts = parts

    async def browse(
        self, adviser: Adviser, statuses: Collection[ConversationStatus], after: str | None, limit: int
    ) -> Page[Queued]:
        """Newest message first. Raises InvalidRequest for a cursor that is none of ours."""
        portfolio_of = None if has_right(adviser.role, Right.EVERYWHERE) else adviser.user_id

        async def work(ledger: Ledger) -> Page[Queued]:
            page = await ledger.conversations.browse(portfolio_of, statuses, after, limit)
            named = {found.user_id for found in page.items} | {found.adviser_id for found in page.items} - {None}
            people = await ledger.people.users(sorted(user_id for user_id in named if user_id is not None))
            companies = {found.subscription_id: await _company(ledger, found) for found in page.items}
            return Page(items=[_queued(found, people, companies) for found in page.items], next=page.next)

        return await self._parts.book.reading(work)

    async def show(self, adviser: Adviser, conversation_id: ConversationId, before: int | None, limit: int) -> Talk:
        """Raises NotFound, outside the portfolio too."""

        async def work(ledger: Ledger) -> Talk:
            return await load_talk(ledger, await find_in_portfolio(ledger, adviser, conversation_id), before, limit)

        return await self._parts.book.reading(work)

    async def action(self, adviser: Adviser, conversation_id: ConversationId, action_id: ActionId) -> ActionSheet:
        """Return an action whose card stands in a conversation one may read. Raises NotFound for every other."""

        async def work(ledger: Ledger) -> ActionSheet:
            found = await find_in_portfolio(ledger, adviser, conversation_id)
            is_shown = await ledger.conversations.shows(found.id, action_id)
            for sheet in await load_sheets(ledger, [action_id] if is_shown else []):
                return sheet
            raise NotFound("no such action in this conversation")

        return await self._parts.book.reading(work)

    async def claim(self, adviser: Adviser, conversation_id: ConversationId) -> Conversation:
        """Take it out of the queue; twice is once. Raises NotFound, ConversationTaken, ConversationClosed."""

        def claimed(found: Conversation, now: datetime) -> Conversation:
            del now
            return talk.claim(found, adviser.user_id)

        return await self._moved(adviser, conversation_id, claimed, Notice.CLAIMED)

    async def transfer(self, adviser: Adviser, conversation_id: ConversationId, to: str | None) -> Conversation:
        """Give it to the colleague with this number, or (None) back to the queue.

        Raises NotFound, for a colleague who serves nobody too, ConversationNotClaimed, ConversationClosed.
        """
        colleague = None if to is None else await self._colleague(to)

        def transferred(found: Conversation, now: datetime) -> Conversation:
            return talk.transfer(found, adviser.user_id, colleague, now)

        return await self._moved(adviser, conversation_id, transferred, Notice.TRANSFERRED)

    async def close(self, adviser: Adviser, conversation_id: ConversationId) -> Conversation:
        """End what one has claimed; twice is once. Raises NotFound, ConversationNotClaimed."""

        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            found = await find_in_portfolio(ledger, adviser, conversation_id)
            if found.status is not ConversationStatus.CLOSED:
                talk.require_claimed(found, adviser.user_id)
                await ledger.audit.append([_entry("conversation_closed", adviser, found, now)])
            return await end(ledger, found, now)

        return (await self._parts.told(work)).conversation

    async def _moved(
        self,
        adviser: Adviser,
        conversation_id: ConversationId,
        move: Callable[[Conversation, datetime], Conversation],
        told: Notice,
    ) -> Conversation:
        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            found = await find_in_portfolio(ledger, adviser, conversation_id)
            moved = move(found, now)
            if moved == found:
                return unchanged(found)
            written, messages = talk.write(moved, [notice(told)], now)
            await ledger.audit.append([_entry(f"conversation_{told}", adviser, written, now)])
            return await record(ledger, found, written, messages, now)

        return (await self._parts.told(work)).conversation

    async def _colleague(self, number: str) -> UserId:
        async def work(ledger: Ledger) -> UserId:
            user = await ledger.people.user_named(HOUSE_CLIENT, number)
            adviser = await ledger.advisers.load(user.id) if user is not None else None
            if adviser is None or not has_right(adviser.role, Right.SERVE):
                raise NotFound("no adviser with this number serves companies")
            return adviser.user_id

        return await self._parts.book.reading(work)


async def find_in_portfolio(ledger: Ledger, adviser: Adviser, conversation_id: ConversationId) -> Conversation:
    """Return a conversation of the adviser's portfolio, or one that was transferred to them."""
    found = await ledger.conversations.load(conversation_id)
    company = await ledger.people.subscription(found.subscription_id) if found is not None else None
    if found is None or (found.adviser_id != adviser.user_id and not is_in_portfolio(adviser, company)):
        raise NotFound("no such conversation in your portfolio")
    return found


async def _company(ledger: Ledger, conversation: Conversation) -> Subscription | None:
    return await ledger.people.subscription(conversation.subscription_id)


def _queued(
    found: Conversation, people: Mapping[UserId, User], companies: Mapping[SubscriptionId, Subscription | None]
) -> Queued:
    company = companies[found.subscription_id]
    if company is None:
        raise LookupError("a conversation names a company the book does not hold")
    return Queued(
        conversation=found,
        user=people[found.user_id],
        company=company,
        adviser=people.get(found.adviser_id) if found.adviser_id is not None else None,
    )


def _entry(code: str, adviser: Adviser, conversation: Conversation, now: datetime) -> AuditEntry:
    return AuditEntry(
        code=code,
        actor=f"user:{adviser.user_id}",
        at=now,
        value={"conversation": conversation.id, "person": conversation.user_id, "adviser": conversation.adviser_id},
        retention=Retention.CHAT,
    )
