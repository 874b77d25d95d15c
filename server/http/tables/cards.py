"""A person's own cards, and bringing one back into step."""

from approvals.desk.presence import Presence
from approvals.errors import (
    CardBlocked,
    CardLocked,
    CardNotUsable,
    CodeLengthWrong,
    NoAttemptLeft,
    NotFound,
    ProofNotChecked,
    ResyncRefused,
)
from approvals.model.ids import CardId
from approvals.model.page import Page
from approvals.model.proof import CapProof
from channels.frames.content import CardContent, PageContent
from channels.views.lists import page_content
from channels.views.people import card_content
from server.http.desks import Desks
from server.http.forms import ResynchronisationForm
from server.http.gates import Person
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row


async def list_cards(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    cards = await desks.cards.mine(call.caller.user.id)
    return Reply(body=page_content(Page(items=cards, next=None), card_content))


async def resynchronise(desks: Desks, call: Call[Presence, ResynchronisationForm, NoQuery]) -> Reply:
    first, second = CapProof(code=call.body.first), CapProof(code=call.body.second)
    await desks.cards.resynchronise(call.caller.login.id, CardId(call.path["card"]), first, second)
    return Reply()


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/cards",
        summary="List one's own cards",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=list_cards,
        gives=Gives(status=200, struct=PageContent[CardContent]),
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
