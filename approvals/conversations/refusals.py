"""Refusals of conversations, in the one tree of `approvals.errors`, each with its stable code.

ApprovalError
├── CodeInMessage             what was written may hold a live code
├── TooManyMessages           too many in a minute
├── ConversationClosed        it has ended
├── ConversationTaken         a colleague has it
├── ConversationNotClaimed    to be claimed before one writes in it
├── FileOffered               one file at a time
└── FileOfferOver             too late for the file an adviser offered
"""

from approvals.errors import ApprovalError


class CodeInMessage(ApprovalError):
    """A message holds what may be a live code: refused before anything is kept of it (RULES 25)."""

    code = "code_in_message"


class TooManyMessages(ApprovalError):
    """More than people type; `retry_after` in seconds."""

    code = "too_many_messages"

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many messages: wait a moment")
        self.retry_after = retry_after


class ConversationClosed(ApprovalError):
    """It has ended; what is written next opens another."""

    code = "conversation_closed"


class ConversationTaken(ApprovalError):
    """A colleague has it: ask them to transfer it."""

    code = "conversation_taken"


class ConversationNotClaimed(ApprovalError):
    """An adviser writes in what they have claimed, and nowhere else."""

    code = "conversation_not_claimed"


class FileOffered(ApprovalError):
    """A file waits in this conversation for the person's word: one at a time."""

    code = "file_offered"


class FileOfferOver(ApprovalError):
    """A file can be confirmed no more: answered, taken back, too old, or its adviser has the conversation no more."""

    code = "file_offer_over"
