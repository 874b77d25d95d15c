"""Cards as their holders use them: listed with what to do, activated, brought back into step, reported."""

from approvals.credentials.card_refusals import (
    CardActivatedAlready,
    CardBlocked,
    CardChoiceNeeded,
    CardLocked,
    CardNotUsable,
    CardResyncDue,
)
from approvals.credentials.refusals import BridgeNeeded
from approvals.desk.bridges import BridgeClaim
from approvals.desk.presence import Presence
from approvals.errors import (
    AnswerInProgress,
    CodeLengthWrong,
    DeviceSignatureRefused,
    IdempotencyKeyReused,
    InvalidRequest,
    NoAttemptLeft,
    NotFound,
    ProofNotChecked,
    ResyncRefused,
)
from approvals.model.api_key import ApiKey, Scope
from approvals.model.device import Device
from approvals.model.ids import CardId
from approvals.model.page import Page
from approvals.model.proof import CapProof
from channels.frames.content import AnsweredContent, HeldCardContent, PageContent
from channels.views.answers import answered_content
from channels.views.lists import page_content
from channels.views.people import held_card_content
from server.http.desks import Desks
from server.http.device_proof import claim_of
from server.http.forms import CardActivationForm, CardsQuery, ResynchronisationForm, TroubleForm
from server.http.gates import KnownDevice, Person, PersonOrCore
from server.http.handover_forms import BlockedCardForm
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row


async def list_cards(desks: Desks, call: Call[Presence | ApiKey, None, CardsQuery]) -> Reply:
    caller, query = call.caller, call.query
    if isinstance(caller, Presence):
        held, language = await desks.cards.own.mine(caller.user.id), caller.user.language
    elif query.client is None or query.user is None:
        raise InvalidRequest("client: name client and user", field="client")
    else:
        held, language = await desks.cards.own.of_holder(query.client, query.user), query.language
    return Reply(body=page_content(Page(items=held, next=None), lambda each: held_card_content(each, language)))


async def activate(desks: Desks, call: Call[Presence, CardActivationForm, NoQuery]) -> Reply:
    card_id, proof = CardId(call.path["card"]), CapProof(code=call.body.code)
    answered = await desks.cards.own.activate(call.caller.login.id, card_id, proof, call.key)
    return Reply(body=answered_content(answered, call.caller.user.language), replayed=answered.replayed)


async def report(desks: Desks, call: Call[Presence | ApiKey, TroubleForm, NoQuery]) -> Reply:
    await desks.cards.reporting.report(call.caller, CardId(call.path["card"]), call.body.trouble)
    return Reply()


async def report_blocked(desks: Desks, call: Call[Device, BlockedCardForm, NoQuery]) -> Reply:
    claim = BridgeClaim(token_of=call.caller.id, signed=claim_of(call.body.device))
    held = await desks.cards.reporting.report_blocked(claim, call.body.card)
    person = await desks.devices.person(call.caller.user_id)
    return Reply(body=held_card_content(held, person.language))


async def resynchronise(desks: Desks, call: Call[Presence, ResynchronisationForm, NoQuery]) -> Reply:
    first, second = CapProof(code=call.body.first), CapProof(code=call.body.second)
    await desks.cards.own.resynchronise(call.caller.login.id, CardId(call.path["card"]), first, second)
    return Reply()


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/cards",
        summary="List a person's cards from their orders on, each with what to do and whom to call",
        who=PersonOrCore(Scope.READ),
        intake=NoBody(),
        query=CardsQuery,
        handler=list_cards,
        gives=Gives(status=200, struct=PageContent[HeldCardContent]),
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/cards/{card}/activation",
        summary="Activate a new card by its first code of the CODE key; a wrong code is an answer, not an error",
        who=Person(),
        intake=Json(CardActivationForm),
        query=NoQuery,
        handler=activate,
        gives=Gives(status=200, struct=AnsweredContent),
        errors=(
            NotFound,
            CardActivatedAlready,
            CardLocked,
            CardBlocked,
            CardNotUsable,
            CardResyncDue,
            CodeLengthWrong,
            NoAttemptLeft,
            IdempotencyKeyReused,
            AnswerInProgress,
            ProofNotChecked,
        ),
        is_idempotent=True,
    ),
    Route(
        method="POST",
        path="/v1/cards/{card}/report",
        summary="Report a card lost, stolen, broken or blocked: it is out of use at once; twice is once",
        who=PersonOrCore(Scope.REPORT_CARDS),
        intake=Json(TroubleForm),
        query=NoQuery,
        handler=report,
        gives=NOTHING,
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/cards/blocked",
        summary="Report, as a card bridge, that a card's chip is blocked, and be told what to do; twice is once",
        who=KnownDevice(),
        intake=Json(BlockedCardForm),
        query=NoQuery,
        handler=report_blocked,
        gives=Gives(status=200, struct=HeldCardContent),
        errors=(NotFound, BridgeNeeded, DeviceSignatureRefused, CardChoiceNeeded),
    ),
    Route(
        method="POST",
        path="/v1/cards/{card}/resync",
        summary="Bring a card back into step by two consecutive codes of the CODE key",
        who=Person(),
        intake=Json(ResynchronisationForm),
        query=NoQuery,
        handler=resynchronise,
        gives=NOTHING,
        errors=(
            NotFound,
            ResyncRefused,
            NoAttemptLeft,
            CardLocked,
            CardBlocked,
            CardNotUsable,
            CodeLengthWrong,
            ProofNotChecked,
        ),
    ),
)
