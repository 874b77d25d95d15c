"""An adviser's portfolio and audit: nothing of a company in a colleague's is shown, nor that it is there."""

from datetime import UTC, datetime

import msgspec

from approvals import statement
from approvals.credentials.adviser import Right
from approvals.credentials.adviser_refusals import OutsidePortfolio
from approvals.desk.advisers import CompanyFile
from approvals.errors import NotFound
from approvals.model.audit import AuditEntry
from approvals.model.ids import ActionId, UserId
from approvals.model.page import Page
from approvals.model.person import Subscription, User
from approvals.ports.advisers import PortfolioFilter
from approvals.ports.audit_lines import AuditFilter
from channels.frames.content import HeldCardContent, PageContent, PersonContent
from channels.views.lists import page_content
from channels.views.people import held_card_content
from channels.views.times import milliseconds
from server.http.desks import Desks
from server.http.gates import Advising, Banker
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row
from server.http.staff_forms import (
    AuditLineContent,
    AuditQuery,
    CompanyContent,
    CompanyFileContent,
    CompanyPersonContent,
    PortfolioQuery,
)


async def list_companies(desks: Desks, call: Call[Advising, None, PortfolioQuery]) -> Reply:
    query = call.query
    wanted = PortfolioFilter(adviser_id=UserId(query.adviser) if query.adviser else None, text=query.text)
    page = await desks.staff.advisers.portfolio(call.caller.adviser, wanted, query.after, query.limit)
    return Reply(body=page_content(page, _company))


async def show_company(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    return Reply(body=_file(await desks.staff.advisers.company(call.caller.adviser, call.path["client"])))


async def list_cards(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    client, language = call.path["client"], call.caller.presence.user.language
    await desks.staff.advisers.company(call.caller.adviser, client)
    held = await desks.cards.own.of_holder(client, call.path["user"])
    return Reply(body=page_content(Page(items=held, next=None), lambda each: held_card_content(each, language)))


async def list_audit(desks: Desks, call: Call[Advising, None, AuditQuery]) -> Reply:
    query = call.query
    wanted = AuditFilter(
        action_id=ActionId(query.action) if query.action else None,
        user_id=UserId(query.user) if query.user else None,
        code=query.code,
        since=_moment(query.since),
        until=_moment(query.until),
    )
    page = await desks.staff.audit.browse(call.caller.adviser, wanted, query.after, query.limit)
    return Reply(body=page_content(page, _line))


def _moment(value: int | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


def _company(company: Subscription) -> CompanyContent:
    return CompanyContent(
        id=company.id,
        client_identifier=company.client_identifier,
        name=company.name,
        siren=company.siren,
        legal_form=company.legal_form,
        sol=company.has_sol,
        means=sorted(company.means),
        adviser=company.adviser_id,
    )


def _file(file: CompanyFile) -> CompanyFileContent:
    return CompanyFileContent(company=_company(file.company), people=[_person(user) for user in file.people])


def _person(user: User) -> CompanyPersonContent:
    person = PersonContent(id=user.id, number=user.number, name=user.name)
    return CompanyPersonContent(person=person, status=user.status, main=user.is_main)


def _line(entry: AuditEntry) -> AuditLineContent:
    return AuditLineContent(
        code=entry.code,
        actor=entry.actor,
        at=milliseconds(entry.at),
        action=entry.action_id,
        value=msgspec.Raw(statement.canonical(entry.value)),
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/portfolio",
        summary="List the companies one looks after",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=PortfolioQuery,
        handler=list_companies,
        gives=Gives(status=200, struct=PageContent[CompanyContent]),
    ),
    Route(
        method="GET",
        path="/v1/portfolio/{client}",
        summary="Show a company one looks after, and its people",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=NoQuery,
        handler=show_company,
        gives=Gives(status=200, struct=CompanyFileContent),
        errors=(OutsidePortfolio,),
    ),
    Route(
        method="GET",
        path="/v1/portfolio/{client}/people/{user}/cards",
        summary="List the cards of a person one looks after, by their user number, from their orders on",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=NoQuery,
        handler=list_cards,
        gives=Gives(status=200, struct=PageContent[HeldCardContent]),
        errors=(OutsidePortfolio, NotFound),
    ),
    Route(
        method="GET",
        path="/v1/audit",
        summary="Read the audit, as far as one's role and portfolio reach",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=AuditQuery,
        handler=list_audit,
        gives=Gives(status=200, struct=PageContent[AuditLineContent]),
    ),
)
