"""Conversations as kept, and the assistant that answers in them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from approvals.model.conversation import Conversation, ConversationStatus, Message, Words
from approvals.model.ids import ActionId, ConversationId, OfferId, UserId
from approvals.model.offered_file import OfferedFile, OfferStatus
from approvals.model.page import Page
from approvals.model.person import Language


class Conversations(Protocol):
    """A person has one that is not closed."""

    async def add(self, conversation: Conversation) -> None:
        """Raises StaleVersion when the person has an open one already: another device was first."""
        ...

    async def save(self, conversation: Conversation) -> None:
        """Raises StaleVersion when it is not the one read."""
        ...

    async def load(self, conversation_id: ConversationId) -> Conversation | None: ...

    async def last_of(self, user_id: UserId) -> Conversation | None:
        """The open one, or the one opened last."""
        ...

    async def write(self, messages: Sequence[Message]) -> None: ...

    async def messages(self, conversation_id: ConversationId, before: int | None, limit: int) -> Sequence[Message]:
        """The last ones before number `before`, in order."""
        ...

    async def pick(self, wanted: Collection[tuple[ConversationId, int]]) -> Sequence[Message]:
        """These, in no order; what was swept is missing."""
        ...

    async def sent(self, conversation_id: ConversationId, author_id: UserId, req: str) -> Message | None:
        """What its sender named so."""
        ...

    async def shows(self, conversation_id: ConversationId, action_id: ActionId) -> bool:
        """Whether the action's card stands in it."""
        ...

    async def beside(self, action_id: ActionId) -> Sequence[tuple[UserId, ConversationId, int]]:
        """Which advisers have a conversation with the action's card in it: adviser, conversation, the card's n."""
        ...

    async def written(self, conversation_id: ConversationId, author_id: UserId, since: datetime) -> Sequence[datetime]:
        """When this author wrote since then, oldest first."""
        ...

    async def browse(
        self, portfolio_of: UserId | None, statuses: Collection[ConversationStatus], after: str | None, limit: int
    ) -> Page[Conversation]:
        """Newest message first, of the companies this adviser looks after or that they have claimed (None: of all)."""
        ...

    async def sweep(self, before: datetime, limit: int) -> int:
        """Delete conversations whose last message is older, with all in them; return how many."""
        ...


class OfferedFiles(Protocol):
    """One at a time waits in a conversation."""

    async def add(self, file: OfferedFile) -> None:
        """Raises StaleVersion when another waits there."""
        ...

    async def load(self, offer_id: OfferId) -> OfferedFile | None: ...

    async def waiting_in(self, conversation_id: ConversationId) -> OfferedFile | None:
        """The one nobody has answered, which may be over by now."""
        ...

    async def settle(self, offer_id: OfferId, status: OfferStatus) -> None:
        """Say what became of one that waits. Raises StaleVersion where it was said already."""
        ...


class Assisting(Protocol):
    """Answers what it is sure of, else suggests; too quick to be waited for."""

    def reply(self, asked: str, language: Language) -> Words: ...
