"""The life of an enrolment (RULES 24): a QR code good once for 60 s, then two digits, confirmed once.

Somebody who photographs the QR code and is faster shows digits the person never sees; one guess in a hundred is right,
and there is no second.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from approvals.credentials.refusals import EnrolmentClosed, EnrolmentTicketRefused, EnrolmentWaiting
from approvals.model.device import Device
from approvals.model.enrolment import Enrolment, EnrolmentStatus

QR_LIFE: Final = timedelta(seconds=60)
CONFIRM_WITHIN: Final = timedelta(minutes=2)


def scan(enrolment: Enrolment | None, device: Device, digits: str, now: datetime) -> Enrolment:
    """The new device has read the QR code. Raises EnrolmentTicketRefused when it is used, too old or none of ours."""
    if enrolment is None or enrolment.status is not EnrolmentStatus.OFFERED or now >= enrolment.expires_at:
        raise EnrolmentTicketRefused("the QR code is used or too old: show a new one")
    scanned = replace(enrolment, status=EnrolmentStatus.SCANNED, device=device, digits=digits)
    return replace(scanned, expires_at=now + CONFIRM_WITHIN)


def confirm(enrolment: Enrolment, digits: str, now: datetime) -> Enrolment:
    """Return it done, or closed when these are not the digits. Raises EnrolmentWaiting, EnrolmentClosed."""
    match stands(enrolment, now):
        case EnrolmentStatus.OFFERED:
            raise EnrolmentWaiting("scan the QR code with the new device first")
        case EnrolmentStatus.SCANNED:
            is_right = digits == enrolment.digits
            return replace(enrolment, status=EnrolmentStatus.DONE if is_right else EnrolmentStatus.CLOSED)
        case EnrolmentStatus.DONE | EnrolmentStatus.CLOSED:
            raise EnrolmentClosed("this enrolment is over: begin again")


def stands(enrolment: Enrolment, now: datetime) -> EnrolmentStatus:
    """Return where it stands now: what is past its time is closed."""
    is_under_way = enrolment.status in {EnrolmentStatus.OFFERED, EnrolmentStatus.SCANNED}
    return EnrolmentStatus.CLOSED if is_under_way and now >= enrolment.expires_at else enrolment.status
