"""The bank's own people: coming in with password and authenticator, and who they are."""

import segno

from approvals.credentials.adviser import Right
from approvals.credentials.adviser_refusals import EnrolmentCodeWrong, PasswordWeak
from approvals.credentials.refusals import ActivationExpired, ActivationRefused
from approvals.desk.adviser_enrolment import Claim, ShownSeed
from approvals.desk.adviser_sign_in import AdviserSignInRequest, RecoveryCode
from approvals.errors import FreshProofNeeded, InvalidRequest, PersonLocked, SignInRefused, TooManyFailures
from approvals.model.adviser import Colleague
from approvals.model.page import Page
from approvals.model.proof import TotpProof
from channels.frames.content import PageContent, PersonContent
from channels.views.lists import page_content
from channels.views.people import login_content
from server.http.desks import Desks
from server.http.forms import SignedInContent
from server.http.gates import Advising, Anyone, Banker
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row
from server.http.staff_forms import (
    AdviserActivationForm,
    AdviserConfirmationForm,
    AdviserContent,
    AdviserSignInForm,
    AuthenticatorForm,
    RecoveryCodesContent,
    ShownSeedContent,
)


async def sign_in(desks: Desks, call: Call[None, AdviserSignInForm, NoQuery]) -> Reply:
    form = call.body
    request = AdviserSignInRequest(
        number=form.number, address=call.address, password=form.password, second=_second(form)
    )
    signed_in = await desks.staff.sign_in.run(request)
    user = signed_in.user
    return Reply(
        body=SignedInContent(
            login=login_content(signed_in.login),
            token=signed_in.token,
            user=PersonContent(id=user.id, number=user.number, name=user.name),
        )
    )


def _second(form: AdviserSignInForm) -> TotpProof | RecoveryCode:
    match form.totp, form.recovery_code:
        case str() as code, None:
            return TotpProof(code=code)
        case None, str() as code:
            return RecoveryCode(code=code)
        case _:
            raise InvalidRequest("totp: the authenticator's code, or else a recovery code", field="totp")


async def begin(desks: Desks, call: Call[None, AdviserActivationForm, NoQuery]) -> Reply:
    form = call.body
    claim = Claim(number=form.number, address=call.address, secret=form.secret)
    return Reply(body=_shown(await desks.staff.enrolment.begin(claim, form.password)))


async def confirm(desks: Desks, call: Call[None, AdviserConfirmationForm, NoQuery]) -> Reply:
    form = call.body
    claim = Claim(number=form.number, address=call.address, secret=form.secret)
    codes = await desks.staff.enrolment.confirm(claim, TotpProof(code=form.totp))
    return Reply(body=RecoveryCodesContent(recovery_codes=codes))


async def begin_again(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    return Reply(body=_shown(await desks.staff.enrolment.begin_again(call.caller.presence.login.id)))


async def confirm_again(desks: Desks, call: Call[Advising, AuthenticatorForm, NoQuery]) -> Reply:
    login_id = call.caller.presence.login.id
    codes = await desks.staff.enrolment.confirm_again(login_id, TotpProof(code=call.body.totp))
    return Reply(body=RecoveryCodesContent(recovery_codes=codes))


async def show_self(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    del desks
    return Reply(body=_adviser(Colleague(user=call.caller.presence.user, adviser=call.caller.adviser)))


async def list_advisers(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    del call
    colleagues = await desks.staff.advisers.colleagues()
    return Reply(body=page_content(Page(items=colleagues, next=None), _adviser))


def _shown(seed: ShownSeed) -> ShownSeedContent:
    qr = segno.make(seed.uri, error="m", micro=False).svg_data_uri(scale=4)
    return ShownSeedContent(seed=seed.seed, uri=seed.uri, qr=qr)


def _adviser(colleague: Colleague) -> AdviserContent:
    user = colleague.user
    return AdviserContent(
        id=user.id, number=user.number, name=user.name, role=colleague.adviser.role, status=user.status
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/advisers/sessions",
        summary="Sign in as an adviser",
        who=Anyone(),
        intake=Json(AdviserSignInForm),
        query=NoQuery,
        handler=sign_in,
        gives=Gives(status=201, struct=SignedInContent),
        errors=(SignInRefused, TooManyFailures, PersonLocked),
    ),
    Route(
        method="POST",
        path="/v1/advisers/activation",
        summary="Choose an adviser's password by the letter's secret, and be shown the authenticator's seed",
        who=Anyone(),
        intake=Json(AdviserActivationForm),
        query=NoQuery,
        handler=begin,
        gives=Gives(status=200, struct=ShownSeedContent),
        errors=(PasswordWeak, ActivationRefused, ActivationExpired, TooManyFailures),
    ),
    Route(
        method="POST",
        path="/v1/advisers/activation/confirmation",
        summary="Confirm the authenticator by its first code; the adviser may then work",
        who=Anyone(),
        intake=Json(AdviserConfirmationForm),
        query=NoQuery,
        handler=confirm,
        gives=Gives(status=200, struct=RecoveryCodesContent),
        errors=(EnrolmentCodeWrong, ActivationRefused, ActivationExpired, TooManyFailures),
    ),
    Route(
        method="POST",
        path="/v1/advisers/me/authenticator",
        summary="Be shown the seed of another authenticator",
        who=Banker(),
        intake=NoBody(),
        query=NoQuery,
        handler=begin_again,
        gives=Gives(status=200, struct=ShownSeedContent),
        errors=(FreshProofNeeded,),
    ),
    Route(
        method="POST",
        path="/v1/advisers/me/authenticator/confirmation",
        summary="Confirm another authenticator by its first code; it takes the old one's place",
        who=Banker(),
        intake=Json(AuthenticatorForm),
        query=NoQuery,
        handler=confirm_again,
        gives=Gives(status=200, struct=RecoveryCodesContent),
        errors=(FreshProofNeeded, EnrolmentCodeWrong),
    ),
    Route(
        method="GET",
        path="/v1/advisers/me",
        summary="Show who one is, and one's role",
        who=Banker(),
        intake=NoBody(),
        query=NoQuery,
        handler=show_self,
        gives=Gives(status=200, struct=AdviserContent),
    ),
    Route(
        method="GET",
        path="/v1/advisers",
        summary="List the bank's advisers, those who left included",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=NoQuery,
        handler=list_advisers,
        gives=Gives(status=200, struct=PageContent[AdviserContent]),
    ),
)
