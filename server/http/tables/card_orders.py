"""Orders of cards: listed for the bank, reported on by their makers, each maker with a scope of its own.

A report is answered with nothing: neither maker learns from us what the other has done (RTS 2018/389 art. 25).
"""

from calendar import monthrange
from datetime import date
from typing import TypeAlias

from approvals.credentials.card_order import Holder
from approvals.credentials.card_refusals import CardReportForeign, CardReportOutOfOrder, CardReportRepeated
from approvals.desk.cards.making import CardReport, MadeCard
from approvals.errors import CapProfileUnknown, NotFound
from approvals.model.api_key import ApiKey, Scope
from approvals.model.card_order import CardOrder
from approvals.model.ids import CardId, ProfileId
from approvals.ports.cards import CardOrderFilter
from channels.frames.content import PageContent
from channels.views.lists import page_content
from channels.views.times import milliseconds
from server.http.desks import Desks
from server.http.forms import (
    CardOrderContent,
    CardOrdersQuery,
    HolderForm,
    PinForm,
    ProducedForm,
    ReturnedForm,
    SentForm,
)
from server.http.gates import Core
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row

CardReportForm: TypeAlias = ProducedForm | SentForm | ReturnedForm

_REPORT_ERRORS = (NotFound, CardReportForeign, CardReportRepeated, CardReportOutOfOrder)


async def list_orders(desks: Desks, call: Call[ApiKey, None, CardOrdersQuery]) -> Reply:
    query = call.query
    wanted = CardOrderFilter(kind=query.kind, is_produced=query.produced)
    page = await desks.cards.making.browse(wanted, query.after, query.limit)
    return Reply(body=page_content(page, _order_content))


async def report_card(desks: Desks, call: Call[ApiKey, CardReportForm, NoQuery]) -> Reply:
    card_id, holder, making = CardId(call.path["card"]), _holder(call.body.holder), desks.cards.making
    match call.body:
        case ProducedForm():
            await making.made(call.caller, card_id, holder, _made(call.body))
        case SentForm():
            await making.report(call.caller, card_id, holder, CardReport.SENT)
        case ReturnedForm():
            await making.report(call.caller, card_id, holder, CardReport.RETURNED)
    return Reply()


async def report_pin(desks: Desks, call: Call[ApiKey, PinForm, NoQuery]) -> Reply:
    holder = _holder(call.body.holder)
    await desks.cards.making.report_pin(call.caller, CardId(call.path["card"]), holder, call.body.report)
    return Reply()


def _holder(form: HolderForm) -> Holder:
    return Holder(client_identifier=form.client_identifier, user_number=form.user_number)


def _made(form: ProducedForm) -> MadeCard:
    year, month = map(int, form.expires.split("-"))
    return MadeCard(
        profile_id=ProfileId(form.profile),
        issuer_key_id=form.issuer_key,
        issuer_key_version=form.issuer_key_version,
        pan=form.pan,
        psn=form.psn,
        expires_on=date(year, month, monthrange(year, month)[1]),
    )


def _order_content(order: CardOrder) -> CardOrderContent:
    return CardOrderContent(
        card=order.card_id,
        client_identifier=order.client_identifier,
        user_number=order.user_number,
        kind=order.kind,
        delivery=order.delivery,
        reason=order.reason,
        replaces=order.replaces,
        ordered=milliseconds(order.ordered_at),
        produced=None if order.produced_at is None else milliseconds(order.produced_at),
        pin_letter=order.pin_letter,
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/card-orders",
        summary="List orders of cards, newest first",
        who=Core(Scope.READ),
        intake=NoBody(),
        query=CardOrdersQuery,
        handler=list_orders,
        gives=Gives(status=200, struct=PageContent[CardOrderContent]),
    ),
    Route(
        method="POST",
        path="/v1/card-orders/{card}/reports",
        summary="Report a card produced, sent or come back: the card manufacturer's",
        who=Core(Scope.CARDS),
        intake=Json[CardReportForm](ProducedForm, SentForm, ReturnedForm),
        query=NoQuery,
        handler=report_card,
        gives=NOTHING,
        errors=(*_REPORT_ERRORS, CapProfileUnknown),
    ),
    Route(
        method="POST",
        path="/v1/card-orders/{card}/pin-reports",
        summary="Report the PIN's letter mailed or come back: the PIN printer's",
        who=Core(Scope.PINS),
        intake=Json(PinForm),
        query=NoQuery,
        handler=report_pin,
        gives=NOTHING,
        errors=_REPORT_ERRORS,
    ),
)
