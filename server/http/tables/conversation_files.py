"""Payment files advisers offer in conversations: summed up, then confirmed or declined by their person (RULES 5)."""

from collections.abc import Mapping

from approvals.conversations.refusals import (
    ConversationClosed,
    ConversationNotClaimed,
    FileOffered,
    FileOfferOver,
    TooManyMessages,
)
from approvals.credentials.adviser import Right
from approvals.desk.conversations.offering import LARGEST_OFFERED
from approvals.desk.presence import Presence
from approvals.errors import NotFound
from approvals.model.ids import ConversationId, OfferId
from approvals.model.offered_file import OfferedFile
from approvals.model.person import Language
from channels.frames.content import PreparationContent
from channels.views.statements import stated_content
from channels.views.times import milliseconds
from server.http.conversation_forms import OfferedFileContent
from server.http.desks import Desks
from server.http.forms import OpenedContent
from server.http.gates import Advising, Banker, Guest, GuestWatching
from server.http.intake import Incoming, NoBody, Streamed
from server.http.replies import Accepted, Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row
from server.http.tables.remittances import FILE_ERRORS, FILE_TYPES, opened_reply

# --- the adviser's -------------------------------------------------------------------------------------------


async def offer(desks: Desks, call: Call[Advising, Incoming, NoQuery]) -> Reply:
    adviser, body = call.caller.adviser, call.body
    file = await desks.conversations.files.offer(adviser, _conversation(call.path), body.content_type, body.chunks)
    return Reply(body=_content(file, call.caller.presence.user.language))


async def show_to_adviser(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    adviser, files = call.caller.adviser, desks.conversations.files
    file = await files.show_to_adviser(adviser, _conversation(call.path), _offer(call.path))
    return Reply(body=_content(file, call.caller.presence.user.language))


async def take_back(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    await desks.conversations.files.take_back(call.caller.adviser, _conversation(call.path), _offer(call.path))
    return Reply()


# --- the person's --------------------------------------------------------------------------------------------


async def show(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    file = await desks.conversations.files.show(call.caller.login.id, _offer(call.path))
    return Reply(body=_content(file, call.caller.user.language))


async def confirm(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply | Accepted:
    result = await desks.conversations.files.confirm(call.caller.login.id, _offer(call.path))
    return opened_reply(desks, result, call.caller, call.caller.user.language)


async def decline(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    await desks.conversations.files.decline(call.caller.login.id, _offer(call.path))
    return Reply()


def _conversation(path: Mapping[str, str]) -> ConversationId:
    return ConversationId(path["conversation"])


def _offer(path: Mapping[str, str]) -> OfferId:
    return OfferId(path["file"])


def _content(file: OfferedFile, language: Language) -> OfferedFileContent:
    return OfferedFileContent(
        id=file.id,
        status=file.status,
        expires=milliseconds(file.expires_at),
        sha256=file.digest,
        size=file.size,
        actions=[stated_content(each.kind, each.facts, language) for each in file.stated],
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/conversation/files/{file}",
        summary="Show a file an adviser offers, as it stands",
        who=GuestWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=show,
        gives=Gives(status=200, struct=OfferedFileContent),
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/conversation/files/{file}/confirmation",
        summary="Hold the actions of a file an adviser offers, as their initiator; twice is once",
        who=Guest(),
        intake=NoBody(),
        query=NoQuery,
        handler=confirm,
        gives=Gives(status=201, struct=OpenedContent, prepares=PreparationContent),
        errors=(*FILE_ERRORS, FileOfferOver),
    ),
    Route(
        method="POST",
        path="/v1/conversation/files/{file}/refusal",
        summary="Decline a file an adviser offers; twice is once",
        who=Guest(),
        intake=NoBody(),
        query=NoQuery,
        handler=decline,
        gives=NOTHING,
        errors=(NotFound, FileOfferOver),
    ),
    Route(
        method="POST",
        path="/v1/conversations/{conversation}/files",
        summary="Offer a payment file in a conversation one has claimed: its person confirms or declines it",
        who=Banker(Right.SERVE),
        intake=Streamed(FILE_TYPES, largest=LARGEST_OFFERED),
        query=NoQuery,
        handler=offer,
        gives=Gives(status=201, struct=OfferedFileContent),
        errors=(*FILE_ERRORS, ConversationNotClaimed, ConversationClosed, FileOffered, TooManyMessages),
    ),
    Route(
        method="GET",
        path="/v1/conversations/{conversation}/files/{file}",
        summary="Show a file offered in a conversation of one's portfolio",
        who=Banker(Right.SERVE),
        intake=NoBody(),
        query=NoQuery,
        handler=show_to_adviser,
        gives=Gives(status=200, struct=OfferedFileContent),
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/conversations/{conversation}/files/{file}/withdrawal",
        summary="Take back a file one has offered; twice is once",
        who=Banker(Right.SERVE),
        intake=NoBody(),
        query=NoQuery,
        handler=take_back,
        gives=NOTHING,
        errors=(NotFound, FileOfferOver),
    ),
)
