"""Payment files and collections: streamed in, given back as they came, their payees walked."""

from approvals.desk.actions import OpeningResult
from approvals.desk.opening import Asked
from approvals.desk.presence import Presence
from approvals.desk.remittances import LARGEST, PayeesRequest, ReceiptRequest
from approvals.errors import (
    DuplicateRemittance,
    NotFound,
    PayloadTooLarge,
    RemittanceError,
    UnregisteredPayees,
    UploadTooSlow,
)
from approvals.model.api_key import ApiKey, Scope
from approvals.model.ids import ActionId
from approvals.model.person import Language
from channels.frames.content import PageContent, PayeeContent, PreparationContent
from channels.views.lists import page_content, payee_content
from channels.views.preparations import preparation_content
from channels.views.statements import stated_content
from server.http.desks import Desks
from server.http.forms import FileSummaryContent, OpenedContent, PayeesQuery, RemittanceQuery
from server.http.gates import Core, Guest, PersonOrCore
from server.http.intake import Incoming, NoBody, Streamed
from server.http.replies import Accepted, Chunks, Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row
from server.http.sheets import find_sheet, shown
from server.http.tables.actions import OPENING_ERRORS

FILE_TYPES = ("application/xml", "text/xml", "text/plain")
FILE_ERRORS = (
    *OPENING_ERRORS,
    PayloadTooLarge,
    UploadTooSlow,
    RemittanceError,
    DuplicateRemittance,
    UnregisteredPayees,
)


async def receive(desks: Desks, call: Call[Presence | ApiKey, Incoming, RemittanceQuery]) -> Reply | Accepted:
    result = await desks.remittances.receive(call.caller, _request(call), call.body.chunks, call.key)
    return opened_reply(desks, result, call.caller, call.query.language)


def opened_reply(
    desks: Desks, result: OpeningResult, caller: Presence | ApiKey, language: Language
) -> Reply | Accepted:
    """Show what a file came to: its actions, or how far its payees are verified."""
    actions = [shown(desks, sheet, caller, language) for sheet in result.sheets]
    if result.preparation is not None:
        return Accepted(body=preparation_content(result.preparation, actions), replayed=result.replayed)
    return Reply(body=OpenedContent(actions=actions), replayed=result.replayed)


async def summarise(desks: Desks, call: Call[Presence | ApiKey, Incoming, RemittanceQuery]) -> Reply:
    language = call.caller.user.language if isinstance(call.caller, Presence) else call.query.language
    summary = await desks.remittances.summarise(call.caller, _request(call), call.body.chunks)
    stated = [stated_content(kind, facts, language) for kind, facts in summary.stated]
    return Reply(body=FileSummaryContent(sha256=summary.digest, size=summary.size, actions=stated))


def _request(call: Call[Presence | ApiKey, Incoming, RemittanceQuery]) -> ReceiptRequest:
    asked = Asked(client_identifier=call.query.client, initiator=call.query.initiator, reference=call.query.reference)
    return ReceiptRequest(asked=asked, content_type=call.body.content_type)


async def give_back(desks: Desks, call: Call[ApiKey, None, NoQuery]) -> Chunks:
    file = await desks.remittances.payload(ActionId(call.path["action"]), call.caller)
    return Chunks(media_type=file.content_type, chunks=file.chunks)


async def list_payees(desks: Desks, call: Call[Presence | ApiKey, None, PayeesQuery]) -> Reply:
    sheet = await find_sheet(desks, call)
    query = call.query
    page = await desks.remittances.payees(
        PayeesRequest(action_id=sheet.id, order=query.order, text=query.text, after=query.after, limit=query.limit)
    )
    return Reply(body=page_content(page, payee_content))


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/remittances",
        summary="Hold the actions of a file (pain.001, pain.008, CFONB LCR 160), one an account and currency",
        who=PersonOrCore(Scope.OPEN, Guest()),
        intake=Streamed(FILE_TYPES, largest=LARGEST),
        query=RemittanceQuery,
        handler=receive,
        gives=Gives(status=201, struct=OpenedContent, prepares=PreparationContent),
        errors=FILE_ERRORS,
        is_idempotent=True,
    ),
    Route(
        method="POST",
        path="/v1/remittances/summaries",
        summary="Say what a file would ask to be signed; nothing of it is kept",
        who=PersonOrCore(Scope.OPEN, Guest()),
        intake=Streamed(FILE_TYPES, largest=LARGEST),
        query=RemittanceQuery,
        handler=summarise,
        gives=Gives(status=200, struct=FileSummaryContent),
        errors=(*OPENING_ERRORS, PayloadTooLarge, RemittanceError),
    ),
    Route(
        method="GET",
        path="/v1/actions/{action}/payload",
        summary="Give the file back, byte for byte",
        who=Core(Scope.READ),
        intake=NoBody(),
        query=NoQuery,
        handler=give_back,
        gives=Gives(status=200, media_types=FILE_TYPES),
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/actions/{action}/payees",
        summary="Walk and search the payees of a remittance",
        who=PersonOrCore(Scope.READ, Guest()),
        intake=NoBody(),
        query=PayeesQuery,
        handler=list_payees,
        gives=Gives(status=200, struct=PageContent[PayeeContent]),
        errors=(NotFound,),
    ),
)
