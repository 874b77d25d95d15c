"""The chat on a page of the bank's own: its back end vouches, its frame comes in (docs/widget.md)."""

from approvals.desk.widget import Entry, Vouched
from approvals.errors import InvalidRequest, NotAuthenticated, NotFound, PersonLocked
from approvals.model.api_key import ApiKey, Scope
from channels.views.times import milliseconds
from server.http.desks import Desks
from server.http.forms import SignedInContent
from server.http.gates import Anyone, Core
from server.http.intake import Json
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row
from server.http.tables.sessions import signed_in_content
from server.http.widget_forms import WidgetSessionForm, WidgetTokenContent, WidgetTokenForm


async def vouch(desks: Desks, call: Call[ApiKey, WidgetTokenForm, NoQuery]) -> Reply:
    form = call.body
    vouched = Vouched(
        client_identifier=form.client_identifier,
        user_number=form.user_number,
        host=form.host,
        challenge=form.challenge,
    )
    token = await desks.ways_in.widget.vouch(call.caller, vouched)
    return Reply(body=WidgetTokenContent(token=token.text, expires=milliseconds(token.expires_at)))


async def enter(desks: Desks, call: Call[None, WidgetSessionForm, NoQuery]) -> Reply:
    form = call.body
    entry = Entry(token=form.token, host=form.host, verifier=form.verifier)
    return Reply(body=signed_in_content(await desks.ways_in.widget.enter(entry)))


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/widget-tokens",
        summary="Vouch for who is signed in on the page that holds the chat: good once, for 60 seconds, for one frame",
        who=Core(Scope.WIDGET),
        intake=Json(WidgetTokenForm),
        query=NoQuery,
        handler=vouch,
        gives=Gives(status=201, struct=WidgetTokenContent),
        errors=(InvalidRequest, NotFound, PersonLocked),
    ),
    Route(
        method="POST",
        path="/v1/widget/sessions",
        summary="Come into the chat by the host's word; such a stay may see and start, and nothing else",
        who=Anyone(),
        intake=Json(WidgetSessionForm),
        query=NoQuery,
        handler=enter,
        gives=Gives(status=201, struct=SignedInContent),
        errors=(NotAuthenticated, PersonLocked),
    ),
)
