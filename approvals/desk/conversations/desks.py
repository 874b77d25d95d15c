"""The desks of conversations, joined."""

from dataclasses import dataclass

from approvals.desk.conversations.queue import QueueDesk
from approvals.desk.conversations.talking import ConversationParts, TalkDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationDesks:
    """Both sides write at `talk`; advisers take from `queue`."""

    talk: TalkDesk
    queue: QueueDesk

    @classmethod
    def of(cls, parts: ConversationParts) -> "ConversationDesks":
        return cls(talk=TalkDesk(parts), queue=QueueDesk(parts))
