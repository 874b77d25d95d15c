"""Companies' operations as advisers and auditors follow them: one company's list, one of them, a day's figures."""

from datetime import date
from typing import Final

from approvals.credentials.adviser import Right
from approvals.credentials.adviser_refusals import OutsidePortfolio
from approvals.errors import InvalidRequest, NotFound
from approvals.model.action import ActionStatus
from approvals.model.figures import SIGNED_WITHIN, DayFigures
from approvals.model.ids import ActionId
from channels.frames.content import ActionContent, PageContent
from channels.views.lists import page_content
from server.http.desks import Desks
from server.http.gates import Advising, Banker
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row
from server.http.sheets import shown
from server.http.staff_forms import (
    CompanyActionsQuery,
    CountedContent,
    FiguresContent,
    FiguresQuery,
    SignedWithinContent,
)

_YEARS: Final = range(2000, 3000)


async def list_actions(desks: Desks, call: Call[Advising, None, CompanyActionsQuery]) -> Reply:
    query, presence = call.query, call.caller.presence
    page = await desks.staff.company_actions.browse(
        call.caller.adviser, call.path["client"], query.status, query.after, query.limit
    )
    return Reply(body=page_content(page, lambda sheet: shown(desks, sheet, presence, presence.user.language)))


async def show_action(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    presence, action_id = call.caller.presence, ActionId(call.path["action"])
    sheet = await desks.staff.company_actions.show(call.caller.adviser, call.path["client"], action_id)
    return Reply(body=shown(desks, sheet, presence, presence.user.language))


async def show_figures(desks: Desks, call: Call[Advising, None, FiguresQuery]) -> Reply:
    return Reply(body=_figures(await desks.staff.company_actions.figures(call.caller.adviser, _day(call.query.day))))


def _day(typed: str | None) -> date | None:
    try:
        day = None if typed is None else date.fromisoformat(typed)
    except ValueError:
        raise InvalidRequest("day: not a day of the calendar", field="day") from None
    if day is not None and day.year not in _YEARS:
        raise InvalidRequest(f"day: a year from {_YEARS.start} to {_YEARS.stop - 1} is needed", field="day")
    return day


def _figures(figures: DayFigures) -> FiguresContent:
    return FiguresContent(
        day=figures.day.isoformat(),
        operations=[CountedContent(status=each, count=figures.by_status.get(each, 0)) for each in ActionStatus],
        signatures=[
            SignedWithinContent(
                seconds=None if bound is None else int(bound.total_seconds()),
                count=figures.signed_within.get(bound, 0),
            )
            for bound in (*SIGNED_WITHIN, None)
        ],
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/portfolio/{client}/actions",
        summary="List the operations of a company one looks after, newest first",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=CompanyActionsQuery,
        handler=list_actions,
        gives=Gives(status=200, struct=PageContent[ActionContent]),
        errors=(OutsidePortfolio,),
    ),
    Route(
        method="GET",
        path="/v1/portfolio/{client}/actions/{action}",
        summary="Show an operation of a company one looks after",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=NoQuery,
        handler=show_action,
        gives=Gives(status=200, struct=ActionContent),
        errors=(OutsidePortfolio, NotFound),
    ),
    Route(
        method="GET",
        path="/v1/figures",
        summary="Count a day's operations by state, and their signatures by how soon they came",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=FiguresQuery,
        handler=show_figures,
        gives=Gives(status=200, struct=FiguresContent),
    ),
)
