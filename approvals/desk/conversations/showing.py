"""Cards of actions in conversations: the adviser who has the conversation hears when such a card has moved."""

from approvals.model.action import Action
from approvals.model.inbox import EventKind, News
from approvals.model.opener import opened_by_person
from approvals.ports.book import Ledger


async def beside(ledger: Ledger, action: Action) -> list[News]:
    """The advisers who have a conversation with the card of this action in it.

    Of what the core opened nobody is looked for: no screen shows its card, and most actions are the core's.
    """
    if action.opened_by != opened_by_person(action.initiator):
        return []
    return [
        News(user_id=adviser_id, kind=EventKind.CHAT_MOVED, conversation_id=conversation_id, message=n)
        for adviser_id, conversation_id, n in await ledger.conversations.beside(action.id)
    ]
