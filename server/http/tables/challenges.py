"""Challenges: seen, answered and refused by the person asked; the stream takes the same answers."""

from typing import Final

from approvals.credentials.adviser_refusals import OwnActUnsignable
from approvals.credentials.card_refusals import CardBlocked, CardChoiceNeeded, CardLocked, CardNotUsable, CardResyncDue
from approvals.credentials.certificate_refusals import BrowserKeysOff
from approvals.credentials.refusals import CeilingExceeded, NotEntitled
from approvals.desk.presence import Presence
from approvals.errors import (
    AnswerInProgress,
    ChallengeClosed,
    ChallengeWaiting,
    CodeLengthWrong,
    ConfidentialCodeNeeded,
    IdempotencyKeyReused,
    MeansNotAccepted,
    NoAttemptLeft,
    NotFound,
    ProofNotChecked,
)
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ChallengeId
from channels.frames.content import (
    AnsweredContent,
    CapCode,
    CertificateSignature,
    ChallengeContent,
    OfferedCode,
    TotpCode,
)
from channels.frames.from_device import Answer
from channels.views.actions import challenge_content
from channels.views.answers import answered_content
from channels.views.proofs import offered_proof
from channels.websocket.request_key import answer_key
from server.http.desks import Desks
from server.http.forms import RefusalForm
from server.http.gates import Person
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row


async def show_challenge(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    return Reply(body=await _own_challenge(desks, call.caller, ChallengeId(call.path["challenge"])))


async def answer(desks: Desks, call: Call[Presence, OfferedCode, NoQuery]) -> Reply:
    answered = await desks.answers.answer(
        call.caller.login.id,
        ChallengeId(call.path["challenge"]),
        offered_proof(call.body),
        _key(desks, call),
        company=call.caller.user.subscription_id,
    )
    return Reply(body=answered_content(answered, call.caller.user.language), replayed=answered.replayed)


def _key(desks: Desks, call: Call[Presence, OfferedCode, NoQuery]) -> RequestKey | None:
    """Return the key the stream would give: an answer cut off there and sent again here is still one answer."""
    if call.key is None:
        return None
    frame = Answer(req=call.key.key, challenge=call.path["challenge"], proof=call.body)
    return answer_key(desks.request_secret, call.caller.user.id, frame)


async def refuse(desks: Desks, call: Call[Presence, RefusalForm, NoQuery]) -> Reply:
    challenge_id = ChallengeId(call.path["challenge"])
    await desks.answers.refuse(call.caller.login.id, challenge_id, call.body.reason)
    return Reply(body=await _own_challenge(desks, call.caller, challenge_id))


async def disavow(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    challenge_id = ChallengeId(call.path["challenge"])
    await desks.answers.disavow(call.caller.login.id, challenge_id)
    return Reply(body=await _own_challenge(desks, call.caller, challenge_id))


async def _own_challenge(desks: Desks, caller: Presence, challenge_id: ChallengeId) -> ChallengeContent:
    """Raise NotFound for somebody else's, which is not told apart from none."""
    sheet = await desks.actions.of_challenge(challenge_id, caller.user.id)
    challenge = sheet.challenge(challenge_id)
    if challenge is None:
        raise NotFound("no such challenge of yours")
    return challenge_content(sheet, challenge, caller.user.language, desks.profiles, desks.clock.now())


ANSWER_ERRORS: Final = (
    ChallengeClosed,
    ChallengeWaiting,
    NoAttemptLeft,
    MeansNotAccepted,
    CardLocked,
    CardBlocked,
    CardNotUsable,
    CardChoiceNeeded,
    CardResyncDue,
    CodeLengthWrong,
    ConfidentialCodeNeeded,
    BrowserKeysOff,
    NotEntitled,
    CeilingExceeded,
    IdempotencyKeyReused,
    AnswerInProgress,
    ProofNotChecked,
)

ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/challenges/{challenge}",
        summary="Show what one is asked",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=show_challenge,
        gives=Gives(status=200, struct=ChallengeContent),
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/challenges/{challenge}/answers",
        summary="Answer with a code or a signature by certificate; a wrong one is an answer, not an error",
        who=Person(),
        intake=Json[OfferedCode](CapCode, TotpCode, CertificateSignature),
        query=NoQuery,
        handler=answer,
        gives=Gives(status=200, struct=AnsweredContent),
        errors=(NotFound, OwnActUnsignable, *ANSWER_ERRORS),
        is_idempotent=True,
    ),
    Route(
        method="POST",
        path="/v1/challenges/{challenge}/refusal",
        summary="Say no; the same no twice is one",
        who=Person(),
        intake=Json(RefusalForm),
        query=NoQuery,
        handler=refuse,
        gives=Gives(status=200, struct=ChallengeContent),
        errors=(NotFound, OwnActUnsignable, ChallengeClosed, NotEntitled),
    ),
    Route(
        method="POST",
        path="/v1/challenges/{challenge}/disavowal",
        summary="Say that it was not oneself: refused where it still can be, the adviser alerted; twice is once",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=disavow,
        gives=Gives(status=200, struct=ChallengeContent),
        errors=(NotFound, OwnActUnsignable),
    ),
)
