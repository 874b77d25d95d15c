"""The accounts a company pays: walked by name, searched, by list. Adding or changing one is POST /v1/actions."""

from approvals.desk.beneficiaries import BeneficiariesRequest
from approvals.desk.presence import Presence
from approvals.errors import InvalidRequest, NotFound
from approvals.model.api_key import ApiKey, Scope
from approvals.model.ids import SubscriptionId
from channels.frames.content import BeneficiaryContent, PageContent
from channels.views.lists import beneficiary_content, page_content
from server.http.desks import Desks
from server.http.forms import BeneficiariesQuery, BeneficiaryListsContent, CompanyQuery
from server.http.gates import Guest, PersonOrCore
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, Route, Row


async def list_beneficiaries(desks: Desks, call: Call[Presence | ApiKey, None, BeneficiariesQuery]) -> Reply:
    query = call.query
    request = BeneficiariesRequest(
        subscription_id=await _company(desks, call.caller, query.client),
        text=query.text,
        list=query.list,
        after=query.after,
        limit=query.limit,
    )
    return Reply(body=page_content(await desks.beneficiaries.browse(request), beneficiary_content))


async def list_lists(desks: Desks, call: Call[Presence | ApiKey, None, CompanyQuery]) -> Reply:
    company = await _company(desks, call.caller, call.query.client)
    return Reply(body=BeneficiaryListsContent(items=await desks.beneficiaries.lists(company)))


async def _company(desks: Desks, caller: Presence | ApiKey, client: str | None) -> SubscriptionId:
    """A person sees their own company's; the core says whose. Raises InvalidRequest, NotFound."""
    if isinstance(caller, Presence):
        return caller.user.subscription_id
    if client is None:
        raise InvalidRequest("client: say whose beneficiaries", field="client")
    return await desks.beneficiaries.company(client)


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/beneficiaries",
        summary="Walk and search the accounts a company pays, by name",
        who=PersonOrCore(Scope.READ, Guest()),
        intake=NoBody(),
        query=BeneficiariesQuery,
        handler=list_beneficiaries,
        gives=Gives(status=200, struct=PageContent[BeneficiaryContent]),
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/beneficiary-lists",
        summary="List the names of a company's lists of beneficiaries",
        who=PersonOrCore(Scope.READ, Guest()),
        intake=NoBody(),
        query=CompanyQuery,
        handler=list_lists,
        gives=Gives(status=200, struct=BeneficiaryListsContent),
        errors=(NotFound,),
    ),
)
