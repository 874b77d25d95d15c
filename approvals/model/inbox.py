"""The events of a person's inbox: ids and kinds only; content is read when it is sent (CHANNELS)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from approvals.model.ids import ActionId, ChallengeId, ConversationId, DeviceId, UserId


class EventKind(StrEnum):
    """What happened, in words that tell a locked phone nothing."""

    CHALLENGE_OPENED = "challenge_opened"
    CHALLENGE_ENDED = "challenge_ended"
    ACTION_PROGRESSED = "action_progressed"  # somebody else signed, refused or dropped out
    ACTION_ENDED = "action_ended"  # approved counts: there is no way back
    CARD_LAST_ATTEMPT = "card_last_attempt"
    CARD_LOCKED = "card_locked"
    CARD_ACTIVATED = "card_activated"
    CARD_UNLOCKED = "card_unlocked"
    CARD_REPORTED = "card_reported"
    CARD_BLOCKED = "card_blocked"  # by its chip
    CARD_ORDERED = "card_ordered"
    CARD_SENT = "card_sent"
    CARD_EXPIRES_SOON = "card_expires_soon"
    CARD_EXPIRED = "card_expired"
    CARD_RESYNCHRONISED = "card_resynchronised"
    CERTIFICATE_ENROLLED = "certificate_enrolled"
    CERTIFICATE_EXPIRES_SOON = "certificate_expires_soon"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_REVOKED = "certificate_revoked"  # by its authority
    CERTIFICATE_REMOVED = "certificate_removed"
    DEVICE_ENROLLED = "device_enrolled"
    DEVICE_REVOKED = "device_revoked"
    ACCESS_LAST_ATTEMPT = "access_last_attempt"
    ACCESS_LOCKED = "access_locked"
    ACCESS_STOPPED = "access_stopped"  # what was started in a stay was disavowed: the stay and its device are out
    CODE_CHANGED = "code_changed"
    CODE_RENEWED = "code_renewed"  # by an adviser: the old one is void
    SIGN_IN_REQUESTED = "sign_in_requested"  # another screen waits for its two digits
    HANDOVER_ASKED = "handover_asked"  # a screen asks that a challenge be answered on a card bridge
    HANDOVER_TAKEN = "handover_taken"  # one bridge has it
    HANDOVER_ANSWERED = "handover_answered"  # it brought a verdict
    ALERT_RAISED = "alert_raised"  # to the adviser
    HANDOVER_CLOSED = "handover_closed"  # wrong digits, or the bridge gave it back
    MESSAGE_RECEIVED = "message_received"  # from the bank's people
    CONVERSATION_WAITING = "conversation_waiting"  # to the adviser: somebody asks for one
    CONVERSATION_WRITTEN = "conversation_written"  # to the adviser who has it
    CHAT_MOVED = "chat_moved"  # one's own message on one's other devices, the assistant's, a read mark


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is to be told to one person; it becomes an `Event` when the ledger gives it its number."""

    user_id: UserId
    kind: EventKind
    action_id: ActionId | None = None
    challenge_id: ChallengeId | None = None
    device_id: DeviceId | None = None
    conversation_id: ConversationId | None = None
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One numbered event; `s` rises by one in its inbox."""

    s: int
    at: datetime
    news: News


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """How far an inbox has come: `head` is the last number given, `pruned` the last no longer kept."""

    user_id: UserId
    head: int
    pruned: int
