"""What a person and the bank write to each other: the person's own conversation, and the advisers' queue."""

from collections.abc import Mapping

from approvals.conversations.refusals import (
    CodeInMessage,
    ConversationClosed,
    ConversationNotClaimed,
    ConversationTaken,
    TooManyMessages,
)
from approvals.credentials.adviser import Right
from approvals.desk.conversations.queue import Queued
from approvals.desk.conversations.talking import Saying, Talk
from approvals.desk.presence import Presence
from approvals.errors import Forbidden, NotFound
from approvals.model.conversation import ConversationStatus
from approvals.model.ids import ActionId, ConversationId
from channels.frames.content import ActionContent, PageContent, PersonContent
from channels.frames.conversation import MessageContent
from channels.views.conversations import conversation_content, message_content
from channels.views.lists import page_content
from channels.views.times import milliseconds
from server.http.conversation_forms import (
    ActionCardForm,
    ConversationsQuery,
    MessageForm,
    MessagesQuery,
    QueuedContent,
    ReadMarkForm,
    TalkContent,
    TransferForm,
)
from server.http.desks import Desks
from server.http.gates import Advising, Banker, Guest, GuestWatching
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row
from server.http.sheets import shown

_ALIVE = (ConversationStatus.WAITING, ConversationStatus.CLAIMED)
_WRITING_ERRORS = (NotFound, Forbidden, CodeInMessage, TooManyMessages, ConversationClosed)

# --- the person's own ----------------------------------------------------------------------------------------


async def show_own(desks: Desks, call: Call[Presence, None, MessagesQuery]) -> Reply:
    talk = await desks.conversations.talk.show(call.caller.user, call.query.before, call.query.limit)
    return Reply(body=_talk(talk))


async def say(desks: Desks, call: Call[Presence, MessageForm, NoQuery]) -> Reply:
    form = call.body
    saying = Saying(req=form.req, text=form.text, language=form.language)
    message = await desks.conversations.talk.say(call.caller.login.id, saying)
    return Reply(body=message_content(message, call.caller.user))


async def ask_adviser(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    await desks.conversations.talk.ask_adviser(call.caller.login.id)
    return Reply()


async def show_action(desks: Desks, call: Call[Presence, ActionCardForm, NoQuery]) -> Reply:
    message = await desks.conversations.talk.show_action(call.caller.login.id, ActionId(call.body.action))
    return Reply(body=message_content(message, call.caller.user))


async def mark_read(desks: Desks, call: Call[Presence, ReadMarkForm, NoQuery]) -> Reply:
    await desks.conversations.talk.mark_read(call.caller.login.id, None, call.body.n)
    return Reply()


async def close(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    await desks.conversations.talk.close(call.caller.login.id)
    return Reply()


# --- the advisers' -------------------------------------------------------------------------------------------


async def browse(desks: Desks, call: Call[Advising, None, ConversationsQuery]) -> Reply:
    query = call.query
    statuses = _ALIVE if query.status is None else (query.status,)
    page = await desks.conversations.queue.browse(call.caller.adviser, statuses, query.after, query.limit)
    return Reply(body=page_content(page, _queued))


async def show(desks: Desks, call: Call[Advising, None, MessagesQuery]) -> Reply:
    query = call.query
    talk = await desks.conversations.queue.show(call.caller.adviser, _named(call.path), query.before, query.limit)
    return Reply(body=_talk(talk))


async def show_card(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    presence, action_id = call.caller.presence, ActionId(call.path["action"])
    sheet = await desks.conversations.queue.action(call.caller.adviser, _named(call.path), action_id)
    return Reply(body=shown(desks, sheet, presence, presence.user.language))


async def answer(desks: Desks, call: Call[Advising, MessageForm, NoQuery]) -> Reply:
    presence, form = call.caller.presence, call.body
    saying = Saying(req=form.req, text=form.text, conversation_id=_named(call.path))
    message = await desks.conversations.talk.say(presence.login.id, saying)
    return Reply(body=message_content(message, presence.user))


async def mark_read_by_adviser(desks: Desks, call: Call[Advising, ReadMarkForm, NoQuery]) -> Reply:
    await desks.conversations.talk.mark_read(call.caller.presence.login.id, _named(call.path), call.body.n)
    return Reply()


async def claim(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    await desks.conversations.queue.claim(call.caller.adviser, _named(call.path))
    return Reply()


async def transfer(desks: Desks, call: Call[Advising, TransferForm, NoQuery]) -> Reply:
    await desks.conversations.queue.transfer(call.caller.adviser, _named(call.path), call.body.to)
    return Reply()


async def close_as_adviser(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    await desks.conversations.queue.close(call.caller.adviser, _named(call.path))
    return Reply()


def _named(path: Mapping[str, str]) -> ConversationId:
    return ConversationId(path["conversation"])


def _talk(talk: Talk) -> TalkContent:
    found = talk.conversation
    authors = talk.people
    return TalkContent(
        conversation=None if found is None else conversation_content(found, authors),
        messages=[
            message_content(message, authors.get(message.words.author_id) if message.words.author_id else None)
            for message in talk.messages
        ],
        opens=None if talk.opens_at is None else milliseconds(talk.opens_at),
    )


def _queued(queued: Queued) -> QueuedContent:
    found, user, adviser = queued.conversation, queued.user, queued.adviser
    return QueuedContent(
        conversation=conversation_content(found, {} if adviser is None else {adviser.id: adviser}),
        person=PersonContent(id=user.id, number=user.number, name=user.name),
        client_identifier=queued.company.client_identifier,
        company=queued.company.name,
        unread=found.last - found.read_by_adviser,
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/conversation",
        summary="Show one's conversation with the bank: the open one, or the last",
        who=GuestWatching(),
        intake=NoBody(),
        query=MessagesQuery,
        handler=show_own,
        gives=Gives(status=200, struct=TalkContent),
    ),
    Route(
        method="POST",
        path="/v1/conversation/messages",
        summary="Write to the bank; the assistant answers until an adviser is asked for",
        who=Guest(),
        intake=Json(MessageForm),
        query=NoQuery,
        handler=say,
        gives=Gives(status=201, struct=MessageContent),
        errors=_WRITING_ERRORS,
    ),
    Route(
        method="POST",
        path="/v1/conversation/adviser",
        summary="Ask for an adviser; twice is once",
        who=Guest(),
        intake=NoBody(),
        query=NoQuery,
        handler=ask_adviser,
        gives=NOTHING,
        errors=(Forbidden,),
    ),
    Route(
        method="POST",
        path="/v1/conversation/actions",
        summary="Put the card of an action one has started into the conversation; twice is once",
        who=Guest(),
        intake=Json(ActionCardForm),
        query=NoQuery,
        handler=show_action,
        gives=Gives(status=201, struct=MessageContent),
        errors=(NotFound, Forbidden),
    ),
    Route(
        method="POST",
        path="/v1/conversation/reading",
        summary="Move one's read mark",
        who=GuestWatching(),
        intake=Json(ReadMarkForm),
        query=NoQuery,
        handler=mark_read,
        gives=NOTHING,
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/conversation/closing",
        summary="End one's conversation; twice is once",
        who=Guest(),
        intake=NoBody(),
        query=NoQuery,
        handler=close,
        gives=NOTHING,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/conversations",
        summary="List the conversations of one's portfolio, newest message first",
        who=Banker(Right.SERVE),
        intake=NoBody(),
        query=ConversationsQuery,
        handler=browse,
        gives=Gives(status=200, struct=PageContent[QueuedContent]),
    ),
    Route(
        method="GET",
        path="/v1/conversations/{conversation}",
        summary="Show a conversation of one's portfolio",
        who=Banker(Right.SERVE),
        intake=NoBody(),
        query=MessagesQuery,
        handler=show,
        gives=Gives(status=200, struct=TalkContent),
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/conversations/{conversation}/actions/{action}",
        summary="Show an action whose card stands in a conversation of one's portfolio",
        who=Banker(Right.SERVE),
        intake=NoBody(),
        query=NoQuery,
        handler=show_card,
        gives=Gives(status=200, struct=ActionContent),
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/conversations/{conversation}/claim",
        summary="Take a conversation out of the queue; twice is once",
        who=Banker(Right.SERVE),
        intake=NoBody(),
        query=NoQuery,
        handler=claim,
        gives=NOTHING,
        errors=(NotFound, ConversationTaken, ConversationClosed),
    ),
    Route(
        method="POST",
        path="/v1/conversations/{conversation}/messages",
        summary="Write in a conversation one has claimed",
        who=Banker(Right.SERVE),
        intake=Json(MessageForm),
        query=NoQuery,
        handler=answer,
        gives=Gives(status=201, struct=MessageContent),
        errors=(*_WRITING_ERRORS, ConversationNotClaimed),
    ),
    Route(
        method="POST",
        path="/v1/conversations/{conversation}/reading",
        summary="Move one's read mark in a conversation one has claimed",
        who=Banker(Right.SERVE),
        intake=Json(ReadMarkForm),
        query=NoQuery,
        handler=mark_read_by_adviser,
        gives=NOTHING,
        errors=(NotFound, ConversationNotClaimed, ConversationClosed),
    ),
    Route(
        method="POST",
        path="/v1/conversations/{conversation}/transfer",
        summary="Hand a conversation to a colleague, or back to the queue",
        who=Banker(Right.SERVE),
        intake=Json(TransferForm),
        query=NoQuery,
        handler=transfer,
        gives=NOTHING,
        errors=(NotFound, ConversationNotClaimed, ConversationClosed),
    ),
    Route(
        method="POST",
        path="/v1/conversations/{conversation}/closing",
        summary="End a conversation one has claimed; twice is once",
        who=Banker(Right.SERVE),
        intake=NoBody(),
        query=NoQuery,
        handler=close_as_adviser,
        gives=NOTHING,
        errors=(NotFound, ConversationNotClaimed),
    ),
)
