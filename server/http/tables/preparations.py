"""Preparations: how far the payees of a request are verified, and taking the request back meanwhile (RULES 21)."""

from approvals.desk.preparations import PreparationSheet
from approvals.desk.presence import Presence
from approvals.errors import NotFound, PreparationClosed
from approvals.model.api_key import ApiKey, Scope
from approvals.model.ids import PreparationId
from channels.frames.content import PreparationContent
from channels.views.preparations import preparation_content
from server.http.desks import Desks
from server.http.forms import LanguageQuery
from server.http.gates import Guest, PersonOrCore
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, Route, Row
from server.http.sheets import shown


async def show(desks: Desks, call: Call[Presence | ApiKey, None, LanguageQuery]) -> Reply:
    sheet = await desks.preparations.show(call.caller, PreparationId(call.path["preparation"]))
    return Reply(body=_content(desks, call, sheet))


async def withdraw(desks: Desks, call: Call[Presence | ApiKey, None, LanguageQuery]) -> Reply:
    sheet = await desks.preparations.withdraw(call.caller, PreparationId(call.path["preparation"]))
    return Reply(body=_content(desks, call, sheet))


def _content(
    desks: Desks, call: Call[Presence | ApiKey, None, LanguageQuery], sheet: PreparationSheet
) -> PreparationContent:
    actions = [shown(desks, action, call.caller, call.query.language) for action in sheet.actions]
    return preparation_content(sheet.preparation, actions)


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/preparations/{preparation}",
        summary="Show how far a request's payees are verified, and the actions it came to",
        who=PersonOrCore(Scope.READ, Guest()),
        intake=NoBody(),
        query=LanguageQuery,
        handler=show,
        gives=Gives(status=200, struct=PreparationContent),
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/preparations/{preparation}/withdrawal",
        summary="Take back a request whose payees are being verified; twice is once",
        who=PersonOrCore(Scope.WITHDRAW_OWN),
        intake=NoBody(),
        query=LanguageQuery,
        handler=withdraw,
        gives=Gives(status=200, struct=PreparationContent),
        errors=(NotFound, PreparationClosed),
    ),
)
