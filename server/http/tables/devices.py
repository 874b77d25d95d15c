"""Devices: numbers to sign, enrolment, revocation."""

from approvals.desk.devices import EnrolmentRequest
from approvals.desk.presence import Presence
from approvals.errors import DeviceKnownAlready, DeviceSignatureRefused, FreshProofNeeded, NotFound
from approvals.model.ids import DeviceId
from approvals.model.page import Page
from channels.frames.content import DeviceContent, PageContent
from channels.views.lists import page_content
from channels.views.people import device_content
from channels.views.times import milliseconds
from server.http.binary import decoded
from server.http.desks import Desks
from server.http.forms import EnrolledContent, EnrolmentForm, NonceContent
from server.http.gates import Anyone, Person
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row


async def make_nonce(desks: Desks, _call: Call[None, None, NoQuery]) -> Reply:
    nonce, expires_at = await desks.devices.nonce()
    return Reply(body=NonceContent(nonce=nonce, expires=milliseconds(expires_at)))


async def enrol(desks: Desks, call: Call[Presence, EnrolmentForm, NoQuery]) -> Reply:
    form = call.body
    enrolled = await desks.devices.enrol(
        call.caller.login.id,
        EnrolmentRequest(
            public_key=decoded(form.public_key),
            name=form.name,
            nonce=form.nonce,
            signature=decoded(form.signature),
        ),
    )
    return Reply(body=EnrolledContent(device=device_content(enrolled.device), token=enrolled.token))


async def list_devices(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    devices = await desks.devices.mine(call.caller.user.id)
    return Reply(body=page_content(Page(items=devices, next=None), device_content))


async def revoke(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    device_id = DeviceId(call.path["device"])
    await desks.devices.revoke(call.caller.login.id, device_id)
    desks.hub.close_device(call.caller.user.id, device_id)
    return Reply()


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/nonces",
        summary="Get a number for a device to sign, good once",
        who=Anyone(),
        intake=NoBody(),
        query=NoQuery,
        handler=make_nonce,
        gives=Gives(status=201, struct=NonceContent),
    ),
    Route(
        method="POST",
        path="/v1/devices",
        summary="Enrol one's first device, straight after signing in with confidential code and CAP code",
        who=Person(),
        intake=Json(EnrolmentForm),
        query=NoQuery,
        handler=enrol,
        gives=Gives(status=201, struct=EnrolledContent),
        errors=(FreshProofNeeded, DeviceKnownAlready, DeviceSignatureRefused),
    ),
    Route(
        method="GET",
        path="/v1/devices",
        summary="List one's own devices, revoked ones included",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=list_devices,
        gives=Gives(status=200, struct=PageContent[DeviceContent]),
    ),
    Route(
        method="DELETE",
        path="/v1/devices/{device}",
        summary="Revoke a device; twice is once",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=revoke,
        gives=NOTHING,
        errors=(NotFound,),
    ),
)
