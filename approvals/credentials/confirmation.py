"""The life of a sign-in confirmed by phone (RULES 24): the two digits the screen shows are typed on the phone, once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from approvals.credentials.refusals import ConfirmationClosed, SignInWaiting
from approvals.model.confirmation import Confirmation, ConfirmationStatus
from approvals.model.ids import DeviceId

LIFE: Final = timedelta(minutes=2)


def answer(confirmation: Confirmation, device_id: DeviceId, digits: str | None, now: datetime) -> Confirmation:
    """Return it confirmed; closed by other digits or a no (None). Raises ConfirmationClosed when it waits no more."""
    if confirmation.status is not ConfirmationStatus.WAITING or now >= confirmation.expires_at:
        raise ConfirmationClosed("the other screen waits no more")
    is_right = digits == confirmation.digits
    status = ConfirmationStatus.CONFIRMED if is_right else ConfirmationStatus.CLOSED
    return replace(confirmation, status=status, device_id=device_id)


def disavow(confirmation: Confirmation) -> Confirmation:
    """Return it closed, confirmed or not; a screen that is in already has to be shown out (the desk does)."""
    if confirmation.status is ConfirmationStatus.DONE:
        return confirmation
    return replace(confirmation, status=ConfirmationStatus.CLOSED)


def complete(confirmation: Confirmation | None, now: datetime) -> Confirmation:
    """Return it done: the screen may come in. Raises SignInWaiting, ConfirmationClosed.

    A no sounds like nobody's silence until the time is over: it would betray that there is somebody (RULES 9).
    """
    if confirmation is None or now >= confirmation.expires_at or confirmation.status is ConfirmationStatus.DONE:
        raise ConfirmationClosed("nobody confirmed in time: begin again")
    if confirmation.status is not ConfirmationStatus.CONFIRMED:
        raise SignInWaiting("not confirmed yet")
    return replace(confirmation, status=ConfirmationStatus.DONE)
