"""Sensitive actions: held by the bank's core, seen by their signers, withdrawn by who opened them."""

from dataclasses import replace

from approvals.certificates.refusals import EnrolmentRefused
from approvals.credentials.adviser_refusals import (
    AdviserNumberTaken,
    AdvisersOnly,
    OutsidePortfolio,
    RoleInsufficient,
    TooFewAdvisers,
)
from approvals.credentials.certificate_refusals import (
    AuthorityKnown,
    CertificateKnownAlready,
    CertificateNotActive,
    CertificateTaken,
)
from approvals.credentials.refusals import RightsError
from approvals.desk.actions import OpeningRequest
from approvals.desk.opening import Asked
from approvals.desk.presence import Presence
from approvals.errors import (
    ActionClosed,
    CapError,
    IdempotencyKeyReused,
    InitiatorNotCaller,
    InitiatorUnknown,
    MeansNotAccepted,
    NobodyCanSign,
    NotFound,
    PayloadRefused,
    PolicyMissing,
    PolicyUnreadable,
    UnknownAccount,
)
from approvals.model.api_key import ApiKey, Scope
from approvals.model.ids import ActionId, ActionKind, BundleId
from approvals.ports.actions import ActionFilter
from channels.frames.content import ActionContent, PageContent, PreparationContent
from channels.views.lists import page_content
from channels.views.preparations import preparation_content
from server.http.desks import Desks
from server.http.forms import ActionsQuery, LanguageQuery, OpeningForm
from server.http.gates import Guest, PersonOrCore
from server.http.intake import Json, NoBody
from server.http.replies import Accepted, Reply
from server.http.routes import Call, Gives, Route, Row
from server.http.sheets import find_sheet, shown

OPENING_ERRORS = (
    NotFound,
    PolicyMissing,
    PolicyUnreadable,
    InitiatorNotCaller,
    InitiatorUnknown,
    NobodyCanSign,
    UnknownAccount,
    PayloadRefused,
    CapError,
    IdempotencyKeyReused,
    RightsError,
)
ACT_ERRORS = (
    AdvisersOnly,
    RoleInsufficient,
    OutsidePortfolio,
    AdviserNumberTaken,
    TooFewAdvisers,
    AuthorityKnown,
    EnrolmentRefused,
    CertificateTaken,
    CertificateKnownAlready,
    CertificateNotActive,
    MeansNotAccepted,
)


async def open_action(desks: Desks, call: Call[Presence | ApiKey, OpeningForm, LanguageQuery]) -> Reply | Accepted:
    form = call.body
    request = OpeningRequest(
        asked=Asked(client_identifier=form.client_identifier, initiator=form.initiator, reference=form.reference),
        kind=ActionKind(form.kind),
        payload=form.payload,
    )
    result = await desks.actions.open(call.caller, request, call.key)
    if result.preparation is not None:
        actions = [shown(desks, sheet, call.caller, call.query.language) for sheet in result.sheets]
        return Accepted(body=preparation_content(result.preparation, actions), replayed=result.replayed)
    return Reply(body=shown(desks, result.sheets[0], call.caller, call.query.language), replayed=result.replayed)


async def list_actions(desks: Desks, call: Call[Presence | ApiKey, None, ActionsQuery]) -> Reply:
    query = call.query
    wanted = ActionFilter(
        status=query.status,
        kind=ActionKind(query.kind) if query.kind else None,
        bundle_id=BundleId(query.bundle) if query.bundle else None,
    )
    if isinstance(call.caller, Presence):
        wanted = replace(wanted, subscription_id=call.caller.user.subscription_id, concerning=call.caller.user.id)
    page = await desks.actions.browse(wanted, query.after, query.limit)
    return Reply(body=page_content(page, lambda sheet: shown(desks, sheet, call.caller, query.language)))


async def show_action(desks: Desks, call: Call[Presence | ApiKey, None, LanguageQuery]) -> Reply:
    sheet = await find_sheet(desks, call)
    return Reply(body=shown(desks, sheet, call.caller, call.query.language))


async def withdraw(desks: Desks, call: Call[Presence | ApiKey, None, LanguageQuery]) -> Reply:
    sheet = await desks.actions.withdraw(call.caller, ActionId(call.path["action"]))
    return Reply(body=shown(desks, sheet, call.caller, call.query.language))


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/actions",
        summary="Hold a sensitive action until it is countersigned",
        who=PersonOrCore(Scope.OPEN, Guest()),
        intake=Json(OpeningForm),
        query=LanguageQuery,
        handler=open_action,
        gives=Gives(status=201, struct=ActionContent, prepares=PreparationContent),
        errors=(*OPENING_ERRORS, *ACT_ERRORS),
        is_idempotent=True,
    ),
    Route(
        method="GET",
        path="/v1/actions",
        summary="List actions, newest first",
        who=PersonOrCore(Scope.READ, Guest()),
        intake=NoBody(),
        query=ActionsQuery,
        handler=list_actions,
        gives=Gives(status=200, struct=PageContent[ActionContent]),
    ),
    Route(
        method="GET",
        path="/v1/actions/{action}",
        summary="Show an action",
        who=PersonOrCore(Scope.READ, Guest()),
        intake=NoBody(),
        query=LanguageQuery,
        handler=show_action,
        gives=Gives(status=200, struct=ActionContent),
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/actions/{action}/withdrawal",
        summary="Take back an action one opened; twice is once",
        who=PersonOrCore(Scope.WITHDRAW_OWN),
        intake=NoBody(),
        query=LanguageQuery,
        handler=withdraw,
        gives=Gives(status=200, struct=ActionContent),
        errors=(NotFound, ActionClosed),
    ),
)
