"""Further devices: offered by a signed-in screen, scanned or paired by the device, confirmed on that screen."""

from typing import Final

from approvals.credentials.enrolment import stands
from approvals.credentials.refusals import (
    DigitsWrong,
    EnrolmentClosed,
    EnrolmentTicketRefused,
    EnrolmentWaiting,
    PairingCodeRefused,
)
from approvals.desk.devices import EnrolmentRequest
from approvals.desk.enrolments import Scanned
from approvals.desk.presence import Presence
from approvals.errors import DeviceSignatureRefused, FreshProofNeeded, NotFound, TooManyFailures
from approvals.model.enrolment import Enrolment
from approvals.model.ids import EnrolmentId
from channels.frames.content import DeviceContent
from channels.views.people import device_content
from channels.views.times import milliseconds
from server.http.access_forms import (
    DigitsForm,
    EnrolmentContent,
    OfferedEnrolmentContent,
    OfferedPairingContent,
    PairingForm,
    ScanForm,
    ScannedContent,
    TicketForm,
)
from server.http.binary import decoded
from server.http.desks import Desks
from server.http.forms import EnrolmentForm
from server.http.gates import Anyone, Person, PersonWatching
from server.http.intake import Json, NoBody
from server.http.qr import qr_code
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row

_SCREEN: Final = "/app/enrol"
"""Where a phone's camera leads; the ticket stands in the fragment, which no browser sends and no log sees."""


async def offer(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    offered = await desks.ways_in.enrolments.offer(call.caller.login.id)
    return Reply(
        body=OfferedEnrolmentContent(
            id=offered.enrolment.id,
            ticket=offered.ticket,
            qr=qr_code(f"{desks.ways_in.origin}{_SCREEN}#{offered.ticket}"),
            expires=milliseconds(offered.enrolment.expires_at),
        )
    )


async def scan(desks: Desks, call: Call[None, ScanForm, NoQuery]) -> Reply:
    return _scanned(await desks.ways_in.enrolments.scan(call.body.ticket, _request(call.body)))


async def offer_pairing(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    offered = await desks.ways_in.enrolments.offer_pairing(call.caller.login.id)
    expires = milliseconds(offered.enrolment.expires_at)
    return Reply(body=OfferedPairingContent(id=offered.enrolment.id, code=offered.ticket, expires=expires))


async def pair(desks: Desks, call: Call[None, PairingForm, NoQuery]) -> Reply:
    return _scanned(await desks.ways_in.enrolments.pair(call.body.code, call.address, _request(call.body)))


def _request(form: EnrolmentForm) -> EnrolmentRequest:
    return EnrolmentRequest(
        public_key=decoded(form.public_key), name=form.name, nonce=form.nonce, signature=decoded(form.signature)
    )


def _scanned(scanned: Scanned) -> Reply:
    return Reply(
        body=ScannedContent(
            device=device_content(scanned.device),
            token=scanned.token,
            digits=scanned.digits,
            expires=milliseconds(scanned.enrolment.expires_at),
        )
    )


async def show_to_device(desks: Desks, call: Call[None, TicketForm, NoQuery]) -> Reply:
    return Reply(body=_content(desks, await desks.ways_in.enrolments.with_ticket(call.body.ticket)))


async def show(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    enrolment_id = EnrolmentId(call.path["enrolment"])
    return Reply(body=_content(desks, await desks.ways_in.enrolments.show(call.caller.login.id, enrolment_id)))


async def confirm(desks: Desks, call: Call[Presence, DigitsForm, NoQuery]) -> Reply:
    enrolment_id = EnrolmentId(call.path["enrolment"])
    device = await desks.ways_in.enrolments.confirm(call.caller.login.id, enrolment_id, call.body.digits)
    return Reply(body=device_content(device))


def _content(desks: Desks, enrolment: Enrolment) -> EnrolmentContent:
    device = enrolment.device
    return EnrolmentContent(
        id=enrolment.id,
        status=stands(enrolment, desks.clock.now()),
        device=None if device is None else device.name,
        expires=milliseconds(enrolment.expires_at),
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/enrolments",
        summary="Show a QR code for a further device, straight after signing in with confidential code and CAP code",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=offer,
        gives=Gives(status=201, struct=OfferedEnrolmentContent),
        errors=(FreshProofNeeded,),
    ),
    Route(
        method="POST",
        path="/v1/enrolments/scans",
        summary="Ask to be enrolled, having read the QR code; the two digits given are to be shown",
        who=Anyone(),
        intake=Json(ScanForm),
        query=NoQuery,
        handler=scan,
        gives=Gives(status=201, struct=ScannedContent),
        errors=(EnrolmentTicketRefused, DeviceSignatureRefused),
    ),
    Route(
        method="POST",
        path="/v1/pairings",
        summary="Show a pairing code for a card bridge, straight after signing in with confidential code and CAP code",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=offer_pairing,
        gives=Gives(status=201, struct=OfferedPairingContent),
        errors=(FreshProofNeeded,),
    ),
    Route(
        method="POST",
        path="/v1/pairings/codes",
        summary="Ask, as a card bridge, to be enrolled with the code typed; the two digits given are to be shown",
        who=Anyone(),
        intake=Json(PairingForm),
        query=NoQuery,
        handler=pair,
        gives=Gives(status=201, struct=ScannedContent),
        errors=(PairingCodeRefused, TooManyFailures, DeviceSignatureRefused),
    ),
    Route(
        method="POST",
        path="/v1/enrolments/state",
        summary="Ask, as the new device, how far the enrolment is; a card bridge's ticket is its token",
        who=Anyone(),
        intake=Json(TicketForm),
        query=NoQuery,
        handler=show_to_device,
        gives=Gives(status=200, struct=EnrolmentContent),
        errors=(EnrolmentTicketRefused,),
    ),
    Route(
        method="GET",
        path="/v1/enrolments/{enrolment}",
        summary="Ask, as the screen that shows the QR code, how far the enrolment is",
        who=PersonWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=show,
        gives=Gives(status=200, struct=EnrolmentContent),
        errors=(NotFound,),
    ),
    Route(
        method="POST",
        path="/v1/enrolments/{enrolment}/confirmation",
        summary="Confirm the two digits the new device shows; others end the enrolment",
        who=Person(),
        intake=Json(DigitsForm),
        query=NoQuery,
        handler=confirm,
        gives=Gives(status=201, struct=DeviceContent),
        errors=(NotFound, EnrolmentWaiting, EnrolmentClosed, DigitsWrong),
    ),
)
