"""The snapshot a device begins again from after a `reset` (CHANNELS, "Resume" 3)."""

from typing import Final

from approvals.desk.presence import Presence
from approvals.model.action import ActionStatus
from approvals.ports.actions import ActionFilter
from channels.views.actions import signer_content
from server.http.desks import Desks
from server.http.forms import SnapshotContent
from server.http.gates import GuestWatching
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row

_MOST: Final = 100


async def take_snapshot(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    user = call.caller.user
    state = await desks.inbox.state(user.id)  # before the actions: what comes between is told twice, never lost
    wanted = ActionFilter(signer=user.id, status=ActionStatus.PENDING)
    page = await desks.actions.browse(wanted, None, _MOST)
    now = desks.clock.now()
    return Reply(
        body=SnapshotContent(
            epoch=state.epoch,
            head=state.inbox.head,
            actions=[signer_content(sheet, user, desks.profiles, now) for sheet in page.items],
            next=page.next,
        )
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/inbox",
        summary="Take a snapshot: the inbox's head, and the pending actions one is asked to sign",
        who=GuestWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=take_snapshot,
        gives=Gives(status=200, struct=SnapshotContent),
    ),
)
