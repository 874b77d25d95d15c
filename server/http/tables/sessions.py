"""Signing in and out."""

from approvals.credentials.card_refusals import CardBlocked, CardChoiceNeeded, CardLocked, CardNotUsable, CardResyncDue
from approvals.desk.access import Stay
from approvals.desk.certificate_sign_in import CertificateRequest, ShownRequest
from approvals.desk.presence import Presence
from approvals.desk.sign_in import SignedIn, SignInRequest
from approvals.errors import NoAttemptLeft, NotFound, PersonLocked, ProofNotChecked, SignInRefused, TooManyFailures
from approvals.model.ids import LoginId
from approvals.model.page import Page
from approvals.model.proof import CapProof
from channels.frames.content import PageContent, PersonContent
from channels.views.lists import page_content
from channels.views.people import login_content
from channels.views.times import milliseconds
from server.http.desks import Desks
from server.http.device_proof import claim_of
from server.http.forms import (
    CertificateNonceForm,
    CertificateSignInForm,
    MtlsSignInForm,
    NonceContent,
    SessionContent,
    SignedInContent,
    SignInForm,
)
from server.http.gates import Anyone, GuestWatching, Person
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row


async def sign_in(desks: Desks, call: Call[None, SignInForm, NoQuery]) -> Reply:
    form = call.body
    signed_in = await desks.access.sign_in(
        SignInRequest(
            client_identifier=form.client_identifier,
            user_number=form.user_number,
            address=call.address,
            code=form.code,
            cap=CapProof(code=form.cap, card=form.card) if form.cap is not None else None,
            device=claim_of(form.device) if form.device is not None else None,
        )
    )
    return Reply(body=signed_in_content(signed_in))


async def make_nonce(desks: Desks, call: Call[None, CertificateNonceForm, NoQuery]) -> Reply:
    form = call.body
    nonce, expires_at = await desks.ways_in.certificate.nonce(form.client_identifier, form.user_number)
    return Reply(body=NonceContent(nonce=nonce, expires=milliseconds(expires_at)))


async def sign_in_by_certificate(desks: Desks, call: Call[None, CertificateSignInForm, NoQuery]) -> Reply:
    form = call.body
    request = CertificateRequest(
        client_identifier=form.client_identifier,
        user_number=form.user_number,
        address=call.address,
        nonce=form.nonce,
        jws=form.jws,
        code=form.code,
        device=claim_of(form.device) if form.device is not None else None,
    )
    return Reply(body=signed_in_content(await desks.ways_in.certificate.run(request)))


async def sign_in_by_mtls(desks: Desks, call: Call[None, MtlsSignInForm, NoQuery]) -> Reply:
    form = call.body
    request = ShownRequest(
        client_identifier=form.client_identifier,
        user_number=form.user_number,
        address=call.address,
        certificate=call.certificate,
        code=form.code,
        device=claim_of(form.device) if form.device is not None else None,
    )
    return Reply(body=signed_in_content(await desks.ways_in.certificate.run_shown(request)))


def signed_in_content(signed_in: SignedIn) -> SignedInContent:
    user = signed_in.user
    return SignedInContent(
        login=login_content(signed_in.login),
        token=signed_in.token,
        user=PersonContent(id=user.id, number=user.number, name=user.name),
    )


async def show_here(_desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    user = call.caller.user
    login = login_content(call.caller.login)
    return Reply(body=SignedInContent(login=login, user=PersonContent(id=user.id, number=user.number, name=user.name)))


async def list_sessions(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    stays = await desks.access.stays(call.caller.user.id)
    here = call.caller.login.id
    return Reply(body=page_content(Page(items=stays, next=None), lambda stay: _session_content(stay, here)))


async def sign_out(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    login_id = LoginId(call.path["session"])
    await desks.access.sign_out(call.caller, login_id)
    desks.hub.end_login(call.caller.user.id, login_id)
    return Reply(ends_stay=login_id == call.caller.login.id)


async def sign_out_elsewhere(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    for login_id in await desks.access.sign_out_elsewhere(call.caller):
        desks.hub.end_login(call.caller.user.id, login_id)
    return Reply()


def _session_content(stay: Stay, here: LoginId) -> SessionContent:
    return SessionContent(
        login=login_content(stay.login),
        device_name=None if stay.device is None else stay.device.name,
        current=stay.login.id == here,
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/sessions",
        summary="Sign in",
        who=Anyone(),
        intake=Json(SignInForm),
        query=NoQuery,
        handler=sign_in,
        gives=Gives(status=201, struct=SignedInContent),
        errors=(
            SignInRefused,
            TooManyFailures,
            PersonLocked,
            CardLocked,
            CardBlocked,
            CardNotUsable,
            CardChoiceNeeded,
            CardResyncDue,
            NoAttemptLeft,
            ProofNotChecked,
        ),
    ),
    Route(
        method="POST",
        path="/v1/sessions/certificate/nonces",
        summary="Get what a certificate's key signs to sign in: good once, for 5 minutes, for one person",
        who=Anyone(),
        intake=Json(CertificateNonceForm),
        query=NoQuery,
        handler=make_nonce,
        gives=Gives(status=201, struct=NonceContent),
    ),
    Route(
        method="POST",
        path="/v1/sessions/certificate",
        summary="Sign in by certificate",
        who=Anyone(),
        intake=Json(CertificateSignInForm),
        query=NoQuery,
        handler=sign_in_by_certificate,
        gives=Gives(status=201, struct=SignedInContent),
        errors=(SignInRefused, TooManyFailures, PersonLocked, ProofNotChecked),
    ),
    Route(
        method="POST",
        path="/v1/sessions/mtls",
        summary="Sign in with the certificate shown in the TLS handshake: on the mTLS host alone, where there is one",
        who=Anyone(),
        intake=Json(MtlsSignInForm),
        query=NoQuery,
        handler=sign_in_by_mtls,
        gives=Gives(status=201, struct=SignedInContent),
        errors=(SignInRefused, TooManyFailures, PersonLocked, ProofNotChecked),
    ),
    Route(
        method="GET",
        path="/v1/sessions/here",
        summary="Show who is signed in here: a browser's page asks after it was loaded again",
        who=GuestWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=show_here,
        gives=Gives(status=200, struct=SignedInContent),
    ),
    Route(
        method="GET",
        path="/v1/sessions",
        summary="List one's own logins: since when, on which device, with which factors, until when",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=list_sessions,
        gives=Gives(status=200, struct=PageContent[SessionContent]),
    ),
    Route(
        method="DELETE",
        path="/v1/sessions",
        summary="Sign out everywhere but here",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=sign_out_elsewhere,
        gives=NOTHING,
    ),
    Route(
        method="DELETE",
        path="/v1/sessions/{session}",
        summary="Sign out, here or elsewhere",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=sign_out,
        gives=NOTHING,
        errors=(NotFound,),
    ),
)
