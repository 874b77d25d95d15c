"""One's own confidential code: chosen at first entry, changed later."""

from approvals.credentials.card_refusals import CardBlocked, CardChoiceNeeded, CardLocked, CardNotUsable, CardResyncDue
from approvals.credentials.refusals import ActivationExpired, ActivationRefused, CodeNotAllowed, ProofRefused
from approvals.desk.code_change import CodeChangeRequest
from approvals.desk.first_entry import FirstEntryRequest
from approvals.desk.presence import Presence
from approvals.errors import NoAttemptLeft, PersonLocked, ProofNotChecked, TooManyFailures
from approvals.model.proof import CapProof
from server.http.access_forms import ActivationForm, CodeChangeForm
from server.http.desks import Desks
from server.http.gates import Anyone, Person
from server.http.intake import Json
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, NoQuery, Route, Row


async def activate(desks: Desks, call: Call[None, ActivationForm, NoQuery]) -> Reply:
    form = call.body
    await desks.ways_in.first_entry.run(
        FirstEntryRequest(
            client_identifier=form.client_identifier,
            user_number=form.user_number,
            address=call.address,
            secret=form.secret,
            code=form.code,
        )
    )
    return Reply()


async def change(desks: Desks, call: Call[Presence, CodeChangeForm, NoQuery]) -> Reply:
    form = call.body
    request = CodeChangeRequest(old=form.old, cap=CapProof(code=form.cap, card=form.card), new=form.code)
    await desks.ways_in.code_change.run(call.caller.login.id, request)
    return Reply()


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/activations",
        summary="Choose one's confidential code with the secret of a letter, then sign in with it",
        who=Anyone(),
        intake=Json(ActivationForm),
        query=NoQuery,
        handler=activate,
        gives=NOTHING,
        errors=(CodeNotAllowed, ActivationRefused, ActivationExpired, TooManyFailures, PersonLocked),
    ),
    Route(
        method="POST",
        path="/v1/confidential-code",
        summary="Change one's confidential code, under the old one and a CAP code; every other login ends",
        who=Person(),
        intake=Json(CodeChangeForm),
        query=NoQuery,
        handler=change,
        gives=NOTHING,
        errors=(
            CodeNotAllowed,
            ProofRefused,
            NoAttemptLeft,
            CardLocked,
            CardBlocked,
            CardNotUsable,
            CardChoiceNeeded,
            CardResyncDue,
            ProofNotChecked,
        ),
    ),
)
