"""People's certificates: enrolled, listed, removed; what a company's people hold, for its adviser."""

from collections.abc import Mapping
from datetime import datetime

from approvals.certificates.pasting import read_pasted
from approvals.certificates.refusals import CertificateRefused, EnrolmentRefused, RevocationUnavailable
from approvals.certificates.signature_refusals import SignatureRefused
from approvals.credentials.adviser import Right
from approvals.credentials.adviser_refusals import OutsidePortfolio
from approvals.credentials.certificate_refusals import (
    BrowserKeysOff,
    CertificateKnownAlready,
    CertificateNotActive,
    CertificateTaken,
)
from approvals.desk.certificates.enrolling import CertificateEnrolment
from approvals.desk.certificates.showing import Held
from approvals.desk.presence import Presence
from approvals.errors import FreshProofNeeded, MeansNotAccepted, NotFound
from approvals.model.certificate import Certificate, Holder
from approvals.model.certificate_order import CertificateOrder
from approvals.model.ids import CertificateId, UserId
from approvals.model.person import User
from channels.views.people import colleague
from channels.views.times import milliseconds
from server.http.certificate_forms import (
    CertificateContent,
    CertificateForm,
    CertificateOrderContent,
    HeldCertificatesContent,
    HolderContent,
)
from server.http.desks import Desks
from server.http.gates import Advising, Banker, Person
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row


async def enrol(desks: Desks, call: Call[Presence, CertificateForm, NoQuery]) -> Reply:
    presence, request = call.caller, _enrolment(call.body)
    written = await desks.certificates.enrolling.enrol(presence.login.id, request)
    held = await desks.certificates.showing.mine(presence.user)
    authority = held.authorities[written.authority_id]
    return Reply(body=_certificate(written, authority, held.people, desks.clock.now()))


def _enrolment(form: CertificateForm) -> CertificateEnrolment:
    """Raises EnrolmentRefused for what is no certificate."""
    try:
        der = read_pasted(form.certificate)
    except CertificateRefused as refused:
        raise EnrolmentRefused(refused.reason) from None
    return CertificateEnrolment(
        certificate=der,
        nonce=form.nonce,
        jws=form.jws,
        in_browser=form.in_browser,
        renews=CertificateId(form.renews.certificate) if form.renews else None,
        renewal=form.renews.jws if form.renews else None,
    )


async def list_mine(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    return Reply(body=_held(await desks.certificates.showing.mine(call.caller.user), desks.clock.now()))


async def list_of_company(desks: Desks, call: Call[Advising, None, NoQuery]) -> Reply:
    held = await desks.certificates.showing.of_company(call.caller.adviser, call.path["client"])
    return Reply(body=_held(held, desks.clock.now()))


async def remove(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    await desks.certificates.ending.remove(call.caller.login.id, CertificateId(call.path["certificate"]))
    return Reply()


def _held(held: Held, now: datetime) -> HeldCertificatesContent:
    return HeldCertificatesContent(
        certificates=[
            _certificate(each, held.authorities[each.authority_id], held.people, now) for each in held.certificates
        ],
        orders=[order_content(each, held.people) for each in held.orders],
        keys_in_browsers=held.keys_in_browsers,
    )


def _certificate(
    certificate: Certificate, authority: str, people: Mapping[UserId, User], now: datetime
) -> CertificateContent:
    return CertificateContent(
        id=certificate.id,
        person=colleague(certificate.user_id, people),
        authority=authority,
        holder=holder_content(certificate.holder),
        level=certificate.level,
        uses=sorted(certificate.uses),
        thumbprint=certificate.thumbprint,
        not_before=milliseconds(certificate.not_before),
        not_after=milliseconds(certificate.not_after),
        status=certificate.status,
        expired=now >= certificate.not_after,
        enrolled=milliseconds(certificate.enrolled_at),
        in_browser=certificate.in_browser,
    )


def holder_content(holder: Holder) -> HolderContent:
    return HolderContent(
        serial_number=holder.serial_number,
        given_name=holder.given_name,
        surname=holder.surname,
        siren=holder.siren,
    )


def order_content(order: CertificateOrder, people: Mapping[UserId, User]) -> CertificateOrderContent:
    """Show an order; `people` may name whose it is."""
    return CertificateOrderContent(
        id=order.id,
        person=colleague(order.user_id, people),
        shop=order.shop,
        status=order.status,
        requested=milliseconds(order.requested_at),
        moved=milliseconds(order.moved_at),
        certificate=order.certificate_id,
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="POST",
        path="/v1/certificates",
        summary="Enrol a certificate, its key having signed a nonce; renewed, the former one is superseded",
        who=Person(),
        intake=Json(CertificateForm),
        query=NoQuery,
        handler=enrol,
        gives=Gives(status=201, struct=CertificateContent),
        errors=(
            EnrolmentRefused,
            CertificateTaken,
            CertificateKnownAlready,
            CertificateNotActive,
            SignatureRefused,
            FreshProofNeeded,
            MeansNotAccepted,
            BrowserKeysOff,
            NotFound,
            RevocationUnavailable,
        ),
    ),
    Route(
        method="GET",
        path="/v1/certificates",
        summary="List one's own certificates, and their orders",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=list_mine,
        gives=Gives(status=200, struct=HeldCertificatesContent),
    ),
    Route(
        method="DELETE",
        path="/v1/certificates/{certificate}",
        summary="Take a certificate out of use: one's own, or an adviser one of the portfolio; twice is once",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=remove,
        gives=NOTHING,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/v1/portfolio/{client}/certificates",
        summary="List the certificates and orders of a company one looks after",
        who=Banker(Right.AUDIT),
        intake=NoBody(),
        query=NoQuery,
        handler=list_of_company,
        gives=Gives(status=200, struct=HeldCertificatesContent),
        errors=(OutsidePortfolio,),
    ),
)
