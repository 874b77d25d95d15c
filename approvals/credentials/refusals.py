"""Refusals of the ways in and of people's rights, in the one tree of `approvals.errors`, each with its stable code.

ApprovalError
├── CodeNotAllowed            the code chosen is easily guessed
├── ProofRefused              what was typed is wrong; which part is never told
├── ActivationRefused         no first entry with this
├── ActivationExpired         the letter is too old
├── EnrolmentTicketRefused    the QR code is used, too old or none of ours
├── PairingCodeRefused        the pairing code is used, too old or none of ours
├── EnrolmentClosed           the enrolment came to its end
├── EnrolmentWaiting          the new device has not scanned yet
├── DigitsWrong               not the two digits shown there
├── DeviceNeeded              only an enrolled device may do this
├── SignInWaiting             the phone has not answered yet
├── ConfirmationClosed        the other screen waits no more
├── WidgetMayNot              the widget shows and starts, no more
├── BridgeNeeded              only a card bridge may do this, or the person has none
├── HandoverTaken             another card bridge has it
├── PushNotServed             this house wakes nobody that way
├── PushTargetRefused         no message can be sent there
├── HandoverClosed            the challenge is no longer handed over to this card bridge
└── RightsError               somebody's rights do not reach this far
├── NotEntitled, CeilingExceeded, SelfGranting
├── EntitlementError: LimitBelowZero, AccountNotHeld, PeriodReversed, PersonNotHere, UserNumberTaken
└── SubstituteError: SubstituteLoop, SubstituteTaken, SubstitutePowerless
"""

from approvals.errors import ApprovalError
from approvals.model.throttle import AtStake


class WidgetMayNot(ApprovalError):
    """The widget shows and starts; this is for the app or the phone (RULES 25)."""

    code = "widget_may_not"


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


class PairingCodeRefused(ApprovalError):
    """The pairing code was used before, is too old, or none of ours."""

    code = "pairing_code_refused"


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


class PushNotServed(ApprovalError):
    """This house wakes nobody over that channel."""

    code = "push_not_served"


class PushTargetRefused(ApprovalError):
    """No message can be sent there: an unknown push service, or unusable keys; `field` says which."""

    code = "push_target_refused"

    def __init__(self, detail: str, *, field: str) -> None:
        super().__init__(detail)
        self.field = field


class SignInWaiting(ApprovalError):
    """The phone has not answered yet: ask again."""

    code = "sign_in_waiting"


class ConfirmationClosed(ApprovalError):
    """The other screen waits no more: answered, refused, or too old."""

    code = "confirmation_closed"


class BridgeNeeded(ApprovalError):
    """Only a card bridge may do this, or the person has none."""

    code = "bridge_needed"


class HandoverTaken(ApprovalError):
    """Another card bridge of the person's was first."""

    code = "handover_taken"


class HandoverClosed(ApprovalError):
    """The challenge is no longer handed over to this card bridge: begin again on the screen."""

    code = "handover_closed"


# --- rights -----------------------------------------------------------------------------------------------


class RightsError(ApprovalError):
    """Somebody's rights do not reach this far."""

    code = "rights_refused"


class NotEntitled(RightsError):
    """The person's entitlement does not cover this, or no longer."""

    code = "not_entitled"


class CeilingExceeded(RightsError):
    """The amount is over the signer's ceiling, or over what the day leaves of it: nothing was checked or spent."""

    code = "ceiling_exceeded"


class SelfGranting(RightsError):
    """Nobody starts or signs a change of their own rights."""

    code = "self_granting"


class EntitlementError(RightsError):
    """An entitlement that could not be meant; `field` names what of it."""

    code = "entitlement_invalid"

    def __init__(self, detail: str, *, field: str) -> None:
        super().__init__(detail)
        self.field = field


class LimitBelowZero(EntitlementError):
    """A ceiling is below zero."""

    code = "limit_below_zero"


class AccountNotHeld(EntitlementError):
    """The account is not one of this company's."""

    code = "account_not_held"


class PeriodReversed(EntitlementError):
    """The last day comes before the first, or is past."""

    code = "period_reversed"


class PersonNotHere(EntitlementError):
    """The company has no such user, or the person has left."""

    code = "person_not_here"


class UserNumberTaken(EntitlementError):
    """Another user of the company has this number."""

    code = "user_number_taken"


class SubstituteError(RightsError):
    """Somebody who cannot stand in for somebody (RULES 27)."""

    code = "substitute_invalid"


class SubstituteLoop(SubstituteError):
    """The substitute is away in these days, or the absent stands in for somebody: nobody stands in for a substitute."""

    code = "substitute_loop"


class SubstituteTaken(SubstituteError):
    """The absent has a substitute in these days, or the substitute stands in for somebody else."""

    code = "substitute_taken"


class SubstitutePowerless(SubstituteError):
    """The substitute, or the absent, has no signing power."""

    code = "substitute_powerless"
