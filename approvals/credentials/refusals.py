"""Refusals of the ways in: choosing a code, first entry, further devices, screens confirmed by phone.

They belong to the one tree of `approvals.errors`, each with its own stable code:

    ApprovalError
    ├── CodeNotAllowed            the code chosen is easily guessed
    ├── ProofRefused              what was typed is wrong; which part is never told
    ├── ActivationRefused         no first entry with this
    ├── ActivationExpired         the letter is too old
    ├── EnrolmentTicketRefused    the QR code is used, too old or none of ours
    ├── EnrolmentClosed           the enrolment came to its end
    ├── EnrolmentWaiting          the new device has not scanned yet
    ├── DigitsWrong               not the two digits shown there
    ├── DeviceNeeded              only an enrolled device may do this
    ├── SignInWaiting             the phone has not answered yet
    └── ConfirmationClosed        the other screen waits no more
"""

from approvals.errors import ApprovalError
from approvals.model.throttle import AtStake


class CodeNotAllowed(ApprovalError):
    """The confidential code chosen is easily guessed; `rule` says how."""

    code = "code_not_allowed"

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


class ProofRefused(ApprovalError):
    """What was typed is wrong; which part is never told (RTS art. 4(3)(a)). `attempts_left` before a lock."""

    code = "proof_refused"

    def __init__(self, attempts_left: int) -> None:
        super().__init__("refused")
        self.attempts_left = attempts_left
        self.at_stake = AtStake.ACCESS


class ActivationRefused(ApprovalError):
    """No first entry with this; which element was wrong is never told, nor whether anybody was invited."""

    code = "activation_refused"

    def __init__(self, attempts_left: int, *, at_stake: AtStake = AtStake.DOOR) -> None:
        super().__init__("activation refused")
        self.attempts_left = attempts_left
        self.at_stake = at_stake


class ActivationExpired(ApprovalError):
    """The secret is right and too old: the adviser has another letter sent. Told behind the secret alone."""

    code = "activation_expired"


class EnrolmentTicketRefused(ApprovalError):
    """The QR code was scanned before, is too old, or none of ours."""

    code = "enrolment_ticket_refused"


class EnrolmentClosed(ApprovalError):
    """The enrolment came to its end: begin again."""

    code = "enrolment_closed"


class EnrolmentWaiting(ApprovalError):
    """The new device has not scanned the QR code yet."""

    code = "enrolment_waiting"


class DigitsWrong(ApprovalError):
    """Not the two digits shown on the other screen: it is over, begin again (RULES 24)."""

    code = "digits_wrong"


class DeviceNeeded(ApprovalError):
    """Only somebody signed in on an enrolled device may do this."""

    code = "device_needed"


class SignInWaiting(ApprovalError):
    """The phone has not answered yet: ask again."""

    code = "sign_in_waiting"


class ConfirmationClosed(ApprovalError):
    """The other screen waits no more: answered, refused, or too old."""

    code = "confirmation_closed"
