"""Finding and showing an action to whoever asks: one of its signers, or the bank's core."""

from typing import TypeVar

from msgspec import Struct

from approvals.desk.presence import Presence
from approvals.model.api_key import ApiKey
from approvals.model.ids import ActionId
from approvals.model.person import Language
from approvals.model.sheet import ActionSheet
from channels.frames.content import ActionContent
from channels.views.actions import core_content, signer_content
from server.http.desks import Desks
from server.http.routes import Call

Query = TypeVar("Query", bound=Struct)


async def find_sheet(desks: Desks, call: Call[Presence | ApiKey, None, Query]) -> ActionSheet:
    """Return the action of the address; a person finds those they started or are asked to sign. Raises NotFound."""
    person = call.caller.user.id if isinstance(call.caller, Presence) else None
    return await desks.actions.show(ActionId(call.path["action"]), to=person)


def shown(desks: Desks, sheet: ActionSheet, caller: Presence | ApiKey, language: Language) -> ActionContent:
    """`language` is the core's; people read in their own."""
    now = desks.clock.now()
    if isinstance(caller, Presence):
        return signer_content(sheet, caller.user, desks.profiles, now)
    return core_content(sheet, language, now)
