"""Sign-ins asked for on a screen and confirmed on the person's phone, with the two digits shown there."""

from approvals.credentials.refusals import ConfirmationClosed, DeviceNeeded, DigitsWrong, SignInWaiting
from approvals.desk.knocking import Visitor
from approvals.desk.presence import Presence
from approvals.errors import NotFound, PersonLocked, SignInRefused, TooManyFailures
from approvals.model.confirmation import Confirmation
from approvals.model.ids import ConfirmationId
from approvals.model.page import Page
from channels.frames.content import PageContent
from channels.views.lists import page_content
from channels.views.times import milliseconds
from server.http.access_forms import (
    AskedForContent,
    ConfirmationContent,
    ConfirmedSignInForm,
    DigitsForm,
    WhoForm,
)
from server.http.desks import Desks
from server.http.forms import SignedInContent
from server.http.gates import Anyone, Person, PersonWatching
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row
from server.http.tables.sessions import signed_in_content


async def ask(desks: Desks, call: Call[None, WhoForm, NoQuery]) -> Reply:
    asked = await desks.ways_in.confirmations.ask(_visitor(call.body, call.address))
    return Reply(
        body=AskedForContent(
            digits=asked.confirmation.digits,
            secret=asked.secret,
            expires=milliseconds(asked.confirmation.expires_at),
        )
    )


async def complete(desks: Desks, call: Call[None, ConfirmedSignInForm, NoQuery]) -> Reply:
    visitor = _visitor(call.body, call.address)
    return Reply(body=signed_in_content(await desks.ways_in.confirmations.complete(visitor, call.body.secret)))


async def list_waiting(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    waiting = await desks.ways_in.confirmations.waiting(call.caller.user.id)
    return Reply(body=page_content(Page(items=waiting, next=None), _content))


async def confirm(desks: Desks, call: Call[Presence, DigitsForm, NoQuery]) -> Reply:
    confirmation_id = ConfirmationId(call.path["confirmation"])
    await desks.ways_in.confirmations.confirm(call.caller.login.id, confirmation_id, call.body.digits)
    return Reply()


async def refuse(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    await desks.ways_in.confirmations.refuse(call.caller.login.id, ConfirmationId(call.path["confirmation"]))
    return Reply()


async def disavow(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    await desks.ways_in.confirmations.disavow(call.caller.login.id, ConfirmationId(call.path["confirmation"]))
    return Reply()


def _visitor(form: WhoForm, address: str) -> Visitor:
    return Visitor(client_identifier=form.client_identifier, user_number=form.user_number, address=address)


def _content(confirmation: Confirmation) -> ConfirmationContent:
    return ConfirmationContent(
        id=confirmation.id,
        asked=milliseconds(confirmation.asked_at),
        expires=milliseconds(confirmation.expires_at),
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/confirmations",
        summary="Ask to sign in here by confirming on one's phone; the two digits given are to be shown",
        who=Anyone(),
        intake=Json(WhoForm),
        query=NoQuery,
        handler=ask,
        gives=Gives(status=201, struct=AskedForContent),
        errors=(TooManyFailures,),
    ),
    Route(
        method="POST",
        path="/v1/confirmations/completion",
        summary="Sign in, once the phone confirmed",
        who=Anyone(),
        intake=Json(ConfirmedSignInForm),
        query=NoQuery,
        handler=complete,
        gives=Gives(status=201, struct=SignedInContent),
        errors=(SignInWaiting, ConfirmationClosed, SignInRefused, PersonLocked),
    ),
    Route(
        method="GET",
        path="/v1/confirmations",
        summary="List the sign-ins that wait for one's confirmation",
        who=PersonWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=list_waiting,
        gives=Gives(status=200, struct=PageContent[ConfirmationContent]),
    ),
    Route(
        method="POST",
        path="/v1/confirmations/{confirmation}/answer",
        summary="Confirm a sign-in on another screen, with the two digits shown there",
        who=Person(),
        intake=Json(DigitsForm),
        query=NoQuery,
        handler=confirm,
        gives=NOTHING,
        errors=(NotFound, DeviceNeeded, ConfirmationClosed, DigitsWrong),
    ),
    Route(
        method="POST",
        path="/v1/confirmations/{confirmation}/refusal",
        summary="Refuse a sign-in on another screen",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=refuse,
        gives=NOTHING,
        errors=(NotFound, DeviceNeeded, ConfirmationClosed),
    ),
    Route(
        method="POST",
        path="/v1/confirmations/{confirmation}/disavowal",
        summary="Say that it was not oneself who asked: the screen is out, the adviser alerted; twice is once",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=disavow,
        gives=NOTHING,
        errors=(NotFound,),
    ),
)
