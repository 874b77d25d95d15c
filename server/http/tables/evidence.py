"""The evidence of an action's approval, for the bank's core, its advisers and its auditors."""

from approvals.credentials.adviser import Right
from approvals.errors import NotFound
from approvals.evidence.file import EvidenceFile
from approvals.model.api_key import ApiKey, Scope
from approvals.model.ids import ActionId
from server.http.desks import Desks
from server.http.gates import Advising, BankerOrCore
from server.http.intake import NoBody
from server.http.replies import JSON, Document
from server.http.routes import Call, Gives, NoQuery, Route, Row


async def show_evidence(desks: Desks, call: Call[Advising | ApiKey, None, NoQuery]) -> Document:
    """As it was signed, byte by byte: kept as it comes, it can be checked for ever."""
    action_id = ActionId(call.path["action"])
    if isinstance(call.caller, Advising):
        await desks.staff.company_actions.require(call.caller.adviser, action_id)
    return Document(media_type=JSON, content=await desks.evidence.of_action(action_id))


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/actions/{action}/evidence",
        summary="Get the signed file of evidence of an action, to be kept byte by byte",
        who=BankerOrCore(Scope.READ, Right.AUDIT),
        intake=NoBody(),
        query=NoQuery,
        handler=show_evidence,
        gives=Gives(status=200, struct=EvidenceFile),
        errors=(NotFound,),
    ),
)
