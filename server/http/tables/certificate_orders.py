"""Orders of certificates from the partner's shop: asked for, and followed by their person and their adviser."""

from approvals.credentials.adviser_refusals import OutsidePortfolio
from approvals.credentials.certificate_refusals import CertificateOrderClosed, CertificateOrderOpen
from approvals.desk.certificates.ordering import ForWhom
from approvals.desk.presence import Presence
from approvals.errors import InvalidRequest, MeansNotAccepted, NotFound
from approvals.model.certificate_order import CertificateOrderStatus
from approvals.model.ids import CertificateOrderId
from server.http.certificate_forms import CertificateOrderContent, CertificateOrderForm, CertificateOrderMoveForm
from server.http.desks import Desks
from server.http.gates import Person
from server.http.intake import Json
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row
from server.http.tables.certificates import order_content


async def request(desks: Desks, call: Call[Presence, CertificateOrderForm, NoQuery]) -> Reply:
    order = await desks.certificates.ordering.request(call.caller.login.id, _whom(call.body))
    return Reply(body=order_content(order, {call.caller.user.id: call.caller.user}))


def _whom(form: CertificateOrderForm) -> ForWhom | None:
    match form.client, form.user:
        case None, None:
            return None
        case str() as client, str() as user:
            return ForWhom(client_identifier=client, user_number=user)
        case _:
            raise InvalidRequest("client: name client and user, or neither", field="client")


async def move(desks: Desks, call: Call[Presence, CertificateOrderMoveForm, NoQuery]) -> Reply:
    order_id, status = CertificateOrderId(call.path["order"]), CertificateOrderStatus(call.body.status)
    order = await desks.certificates.ordering.move(call.caller.login.id, order_id, status)
    return Reply(body=order_content(order, {call.caller.user.id: call.caller.user}))


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/certificate-orders",
        summary="Ask for a certificate: be given the partner shop's address, the request recorded",
        who=Person(),
        intake=Json(CertificateOrderForm),
        query=NoQuery,
        handler=request,
        gives=Gives(status=201, struct=CertificateOrderContent),
        errors=(CertificateOrderOpen, MeansNotAccepted, OutsidePortfolio),
    ),
    Route(
        method="POST",
        path="/v1/certificate-orders/{order}/moves",
        summary="Say how far an order is: ordered, received, abandoned",
        who=Person(),
        intake=Json(CertificateOrderMoveForm),
        query=NoQuery,
        handler=move,
        gives=Gives(status=200, struct=CertificateOrderContent),
        errors=(NotFound, CertificateOrderClosed),
    ),
)
