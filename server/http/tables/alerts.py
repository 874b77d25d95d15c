"""What people say was not them: read and taken by the advisers who look after them."""

from approvals.credentials.adviser import Right
from approvals.credentials.adviser_refusals import AlertTaken
from approvals.desk.alerts import AlertSheet
from approvals.errors import NotFound
from approvals.model.ids import AlertId
from channels.frames.content import PageContent, PersonContent
from channels.views.lists import page_content
from channels.views.times import milliseconds
from server.http.desks import Desks
from server.http.gates import Advising, Banker
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row
from server.http.staff_forms import AlertContent, AlertQuery


async def list_alerts(desks: Desks, call: Call[Advising, None, AlertQuery]) -> Reply:
    page = await desks.staff.alerts.browse(call.caller.adviser, call.query.after, call.query.limit)
    return Reply(body=page_content(page, _content))


async def take(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    return Reply(body=_content(await desks.staff.alerts.take(call.caller.adviser, AlertId(call.path["alert"]))))


def _content(sheet: AlertSheet) -> AlertContent:
    alert, user, company = sheet.alert, sheet.user, sheet.company
    return AlertContent(
        id=alert.id,
        kind=alert.kind,
        client_identifier=company.client_identifier,
        company=company.name,
        user=PersonContent(id=user.id, number=user.number, name=user.name),
        found=alert.found,
        raised=milliseconds(alert.raised_at),
        action=alert.action_id,
        stopped=alert.login_id is not None,
        device=alert.device_id,
        taken_by=alert.taken_by,
        taken=None if alert.taken_at is None else milliseconds(alert.taken_at),
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/alerts",
        summary="List what people of one's portfolio say was not them, newest first",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=AlertQuery,
        handler=list_alerts,
        gives=Gives(status=200, struct=PageContent[AlertContent]),
    ),
    Route(
        method="POST",
        path="/v1/alerts/{alert}/taking",
        summary="Look into an alert; twice is once",
        who=Banker(Right.SERVE),
        intake=NoBody(),
        query=NoQuery,
        handler=take,
        gives=Gives(status=200, struct=AlertContent),
        errors=(NotFound, AlertTaken),
    ),
)
