"""The desks of conversations, joined."""

from dataclasses import dataclass

from approvals.desk.conversations.offering import OfferDesk
from approvals.desk.conversations.queue import QueueDesk
from approvals.desk.conversations.talking import ConversationParts, TalkDesk
from approvals.desk.remittances import RemittanceDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationDesks:
    """Both sides write at `talk`; advisers take from `queue`, and offer `files`."""

    talk: TalkDesk
    queue: QueueDesk
    files: OfferDesk

    @classmethod
    def of(cls, parts: ConversationParts, remittances: RemittanceDesk) -> "ConversationDesks":
        return cls(talk=TalkDesk(parts), queue=QueueDesk(parts), files=OfferDesk(parts, remittances))
