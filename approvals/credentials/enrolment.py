"""The life of an enrolment (RULES 24): a QR or pairing code good once, then two digits, confirmed once.

Somebody who sees the code and is faster shows digits the person never sees; one guess in a hundred is right,
and there is no second.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from approvals.credentials.refusals import (
    EnrolmentClosed,
    EnrolmentTicketRefused,
    EnrolmentWaiting,
    PairingCodeRefused,
)
from approvals.model.device import Device
from approvals.model.enrolment import Enrolment, EnrolmentStatus

QR_LIFE: Final = timedelta(seconds=60)
PAIRING_LIFE: Final = timedelta(minutes=2)  # it is read from one screen and typed on another
PAIRING_LENGTH: Final = 8
"""Digits of a pairing code, in Crockford's base 32: 40 bits, behind a count of tries per address and for the house."""

CONFIRM_WITHIN: Final = timedelta(minutes=2)


def scan(enrolment: Enrolment | None, device: Device, digits: str, now: datetime) -> Enrolment:
    """The new device has read the QR code. Raises EnrolmentTicketRefused when it is used, too old or none of ours."""
    if enrolment is None or not _is_offered(enrolment, now):
        raise EnrolmentTicketRefused("the QR code is used or too old: show a new one")
    return _scanned(enrolment, device, digits, now)


def pair(enrolment: Enrolment | None, device: Device, digits: str, now: datetime) -> Enrolment:
    """The pairing code was typed at a card bridge, whose token is its ticket from now on. Raises PairingCodeRefused."""
    if enrolment is None or not _is_offered(enrolment, now):
        raise PairingCodeRefused("the pairing code is wrong, used or too old: ask for a new one")
    return replace(_scanned(enrolment, device, digits, now), ticket_digest=device.token_digest)


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


def _is_offered(enrolment: Enrolment, now: datetime) -> bool:
    return enrolment.status is EnrolmentStatus.OFFERED and now < enrolment.expires_at


def _scanned(enrolment: Enrolment, device: Device, digits: str, now: datetime) -> Enrolment:
    scanned = replace(enrolment, status=EnrolmentStatus.SCANNED, device=device, digits=digits)
    return replace(scanned, expires_at=now + CONFIRM_WITHIN)
