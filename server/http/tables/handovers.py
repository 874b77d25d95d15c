"""Challenges handed over to a card bridge: asked for by a signed-in screen, taken, answered or given back there."""

from approvals.credentials.refusals import BridgeNeeded, DigitsWrong, HandoverClosed, HandoverTaken
from approvals.desk.bridges import BridgeClaim
from approvals.desk.presence import Presence
from approvals.errors import (
    ChallengeClosed,
    ChallengeWaiting,
    DeviceSignatureRefused,
    LoginEnded,
    NoAttemptLeft,
    NotFound,
    PersonLocked,
)
from approvals.model.device import Device
from approvals.model.handover import Handover
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ChallengeId, HandoverId
from approvals.model.page import Page
from channels.frames.content import ActionContent, AnsweredContent, PageContent
from channels.frames.from_device import Answer
from channels.views.actions import signer_content
from channels.views.answers import answered_content
from channels.views.lists import page_content
from channels.views.proofs import offered_proof
from channels.views.times import milliseconds
from channels.websocket.request_key import answer_key
from server.http.desks import Desks
from server.http.device_proof import claim_of
from server.http.forms import DeviceProof
from server.http.gates import KnownDevice, Person, PersonWatching
from server.http.handover_forms import (
    AskedHandoverContent,
    BridgeActForm,
    BridgeAnswerForm,
    BridgeDigitsForm,
    HandoverContent,
    WaitingHandoverContent,
)
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row
from server.http.tables.challenges import ANSWER_ERRORS


async def ask(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    handover = await desks.handovers.ask(call.caller.login.id, ChallengeId(call.path["challenge"]))
    expires = milliseconds(handover.expires_at)
    return Reply(body=AskedHandoverContent(id=handover.id, digits=handover.digits, expires=expires))


async def show(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    handover = await desks.handovers.show(call.caller.login.id, _handover_id(call.path["handover"]))
    return Reply(body=_content(handover))


async def list_waiting(desks: Desks, call: Call[Device, None, NoQuery]) -> Reply:
    waiting = await desks.handovers.waiting(call.caller)
    return Reply(body=page_content(Page(items=waiting, next=None), _waiting))


async def take(desks: Desks, call: Call[Device, BridgeDigitsForm, NoQuery]) -> Reply:
    claim = _claim(call.caller, call.body.device)
    handover = await desks.handovers.take(claim, _handover_id(call.path["handover"]), call.body.digits)
    sheet = await desks.actions.of_challenge(handover.challenge_id, handover.user_id)
    person = await desks.devices.person(handover.user_id)
    return Reply(body=signer_content(sheet, person, desks.profiles, desks.clock.now()))


async def answer(desks: Desks, call: Call[Device, BridgeAnswerForm, NoQuery]) -> Reply:
    claim, key = _claim(call.caller, call.body.device), _key(desks, call)
    handover_id = _handover_id(call.path["handover"])
    answered = await desks.handovers.answer(claim, handover_id, offered_proof(call.body.proof), key)
    person = await desks.devices.person(call.caller.user_id)
    return Reply(body=answered_content(answered, person.language), replayed=answered.replayed)


def _key(desks: Desks, call: Call[Device, BridgeAnswerForm, NoQuery]) -> RequestKey | None:
    """Return a key over what is answered: the signature, new with each try, is no part of it."""
    if call.key is None:
        return None
    frame = Answer(req=call.key.key, challenge=call.path["handover"], proof=call.body.proof)
    return answer_key(desks.request_secret, call.caller.user_id, frame)


async def give_back(desks: Desks, call: Call[Device, BridgeActForm, NoQuery]) -> Reply:
    claim = _claim(call.caller, call.body.device)
    await desks.handovers.give_back(claim, _handover_id(call.path["handover"]))
    return Reply()


def _handover_id(named: str) -> HandoverId:
    return HandoverId(named)


def _claim(device: Device, proof: DeviceProof) -> BridgeClaim:
    return BridgeClaim(token_of=device.id, signed=claim_of(proof))


def _content(handover: Handover) -> HandoverContent:
    return HandoverContent(
        id=handover.id,
        challenge=handover.challenge_id,
        status=handover.status,
        answer=handover.answer,
        expires=milliseconds(handover.expires_at),
    )


def _waiting(handover: Handover) -> WaitingHandoverContent:
    return WaitingHandoverContent(
        id=handover.id, asked=milliseconds(handover.asked_at), expires=milliseconds(handover.expires_at)
    )


_OF_THE_BRIDGE = (NotFound, BridgeNeeded, DeviceSignatureRefused, HandoverTaken, HandoverClosed)

ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/challenges/{challenge}/handover",
        summary="Hand a challenge over to one's card bridge; the two digits given are to be shown",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=ask,
        gives=Gives(status=201, struct=AskedHandoverContent),
        errors=(NotFound, BridgeNeeded, ChallengeClosed, ChallengeWaiting, NoAttemptLeft),
    ),
    Route(
        method="GET",
        path="/v1/handovers/{handover}",
        summary="Ask, as the screen that shows the digits, how far the hand-over is",
        who=PersonWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=show,
        gives=Gives(status=200, struct=HandoverContent),
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/handovers",
        summary="List, as a card bridge, what waits for the digits of another screen: opaque ids",
        who=KnownDevice(),
        intake=NoBody(),
        query=NoQuery,
        handler=list_waiting,
        gives=Gives(status=200, struct=PageContent[WaitingHandoverContent]),
        errors=(BridgeNeeded,),
    ),
    Route(
        method="POST",
        path="/v1/handovers/{handover}/digits",
        summary="Take a challenge over with the digits the screen shows, and be shown it; others end it",
        who=KnownDevice(),
        intake=Json(BridgeDigitsForm),
        query=NoQuery,
        handler=take,
        gives=Gives(status=200, struct=ActionContent),
        errors=(*_OF_THE_BRIDGE, DigitsWrong, LoginEnded, PersonLocked),
    ),
    Route(
        method="POST",
        path="/v1/handovers/{handover}/answers",
        summary="Answer what was taken over, as the screen would; a wrong code is an answer, not an error",
        who=KnownDevice(),
        intake=Json(BridgeAnswerForm),
        query=NoQuery,
        handler=answer,
        gives=Gives(status=200, struct=AnsweredContent),
        errors=(*_OF_THE_BRIDGE, LoginEnded, PersonLocked, *ANSWER_ERRORS),
        is_idempotent=True,
    ),
    Route(
        method="POST",
        path="/v1/handovers/{handover}/return",
        summary="Give a challenge back unanswered: the screen goes on without the bridge",
        who=KnownDevice(),
        intake=Json(BridgeActForm),
        query=NoQuery,
        handler=give_back,
        gives=NOTHING,
        errors=_OF_THE_BRIDGE,
    ),
)
