"""A company as its people and the bank's core read it; what changes it is an action (kinds entitlement, substitute)."""

from typing import Final, TypeAlias

from approvals.desk.company import PeopleQuery
from approvals.desk.presence import Presence
from approvals.errors import NotFound, PolicyUnreadable
from approvals.model.api_key import ApiKey, Scope
from approvals.model.page import Page
from approvals.model.person import Subscription
from channels.frames.company import AccountContent, PolicyContent, SubscriptionContent, SubstitutionContent, UserContent
from channels.frames.content import PageContent
from channels.views.company import (
    Shown,
    account_content,
    policy_content,
    subscription_content,
    substitution_content,
    user_content,
)
from channels.views.lists import page_content
from channels.views.people import colleague, numbered
from server.http.desks import Desks
from server.http.forms import PeopleListQuery
from server.http.gates import Guest, PersonOrCore
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Query, Route, Row

Reader: TypeAlias = Presence | ApiKey
OWN: Final = "mine"
"""The company of whoever is signed in: a page loaded again knows no client identifier, which is what people type."""


async def show_subscription(desks: Desks, call: Call[Reader, None, NoQuery]) -> Reply:
    return Reply(body=subscription_content(await _company(desks, call)))


async def list_people(desks: Desks, call: Call[Reader, None, PeopleListQuery]) -> Reply:
    company, query, shown = await _company(desks, call), call.query, _shown(call.caller)
    wanted = PeopleQuery(status=query.status, number=query.number, after=query.after, limit=query.limit)
    page = await desks.company.people(company.id, wanted)
    return Reply(body=page_content(page, lambda person: user_content(person, shown)))


async def list_accounts(desks: Desks, call: Call[Reader, None, NoQuery]) -> Reply:
    company = await _company(desks, call)
    accounts = await desks.company.accounts(company.id)
    return Reply(body=page_content(Page(items=accounts, next=None), account_content))


async def list_policies(desks: Desks, call: Call[Reader, None, NoQuery]) -> Reply:
    company = await _company(desks, call)
    rows = await desks.company.policies(company.id)
    return Reply(body=page_content(Page(items=rows, next=None), policy_content))


async def list_substitutions(desks: Desks, call: Call[Reader, None, NoQuery]) -> Reply:
    company, shown = await _company(desks, call), _shown(call.caller)
    found = await desks.company.substitutions(company.id)
    return Reply(body=page_content(Page(items=found, next=None), lambda each: substitution_content(each, shown)))


async def _company(desks: Desks, call: Call[Reader, None, Query]) -> Subscription:
    """Return the company of the address; a person finds their own and no other. Raises NotFound."""
    client, caller = call.path["client"], call.caller
    if isinstance(caller, ApiKey):
        return await desks.company.subscription(client, None)
    own = caller.user.subscription_id
    return await (desks.company.own(own) if client == OWN else desks.company.subscription(client, own))


def _shown(caller: Reader) -> Shown:
    return colleague if isinstance(caller, Presence) else numbered


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/subscriptions/{client}",
        summary="Show a company by its client identifier; people see their own, as `mine` too",
        who=PersonOrCore(Scope.READ),
        intake=NoBody(),
        query=NoQuery,
        handler=show_subscription,
        gives=Gives(status=200, struct=SubscriptionContent),
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/subscriptions/{client}/people",
        summary="List a company's people by number: status, entitlement, ceilings and what today took of them",
        who=PersonOrCore(Scope.READ, Guest()),
        intake=NoBody(),
        query=PeopleListQuery,
        handler=list_people,
        gives=Gives(status=200, struct=PageContent[UserContent]),
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/subscriptions/{client}/accounts",
        summary="List a company's own accounts",
        who=PersonOrCore(Scope.READ, Guest()),
        intake=NoBody(),
        query=NoQuery,
        handler=list_accounts,
        gives=Gives(status=200, struct=PageContent[AccountContent]),
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/subscriptions/{client}/policies",
        summary="List who must sign what in a company",
        who=PersonOrCore(Scope.READ),
        intake=NoBody(),
        query=NoQuery,
        handler=list_policies,
        gives=Gives(status=200, struct=PageContent[PolicyContent]),
        errors=(NotFound, PolicyUnreadable),
    ),
    Route(
        method="GET",
        path="/v1/subscriptions/{client}/substitutions",
        summary="List who stands in for whom in a company",
        who=PersonOrCore(Scope.READ),
        intake=NoBody(),
        query=NoQuery,
        handler=list_substitutions,
        gives=Gives(status=200, struct=PageContent[SubstitutionContent]),
        errors=(NotFound,),
    ),
)
