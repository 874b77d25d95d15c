"""What the rights of people refuse: one tree under `ApprovalError`, a stable code each.

RightsError
├── NotEntitled, CeilingExceeded, SelfGranting
├── EntitlementError: LimitBelowZero, AccountNotHeld, PeriodReversed, PersonNotHere, UserNumberTaken
└── SubstituteError: SubstituteLoop, SubstituteTaken, SubstitutePowerless
"""

from approvals.errors import ApprovalError


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
