"""What advisers are refused; each error owns its stable code, as in `approvals.errors`."""

from approvals.errors import ApprovalError, Forbidden


class RoleInsufficient(Forbidden):
    """This adviser's role does not allow it."""

    code = "role_insufficient"


class OutsidePortfolio(ApprovalError):
    """No such company in this adviser's portfolio: one of a colleague's is not told apart from none."""

    code = "outside_portfolio"


class OwnActUnsignable(Forbidden):
    """Whoever asks for an act never approves it: another adviser does."""

    code = "own_act_unsignable"


class AdvisersOnly(Forbidden):
    """The bank's own acts are opened by signed-in advisers alone, never by a key of the bank's systems or a company."""

    code = "advisers_only"


class AdvisersExist(ApprovalError):
    """The first two advisers were made already; later ones are approved by two of them (RULES 26)."""

    code = "advisers_exist"


class AdviserNumberTaken(ApprovalError):
    """Another adviser has this number."""

    code = "adviser_number_taken"


class TooFewAdvisers(ApprovalError):
    """Two advisers who can sign must stay: one asks, another approves."""

    code = "advisers_too_few"


class EnrolmentCodeWrong(ApprovalError):
    """The new authenticator's first code is not right: nothing was enrolled."""

    code = "enrolment_code_wrong"


class PasswordWeak(ApprovalError):
    """The password is too short, or one that others would try."""

    code = "password_weak"


class AlertTaken(ApprovalError):
    """A colleague looks into this alert already."""

    code = "alert_taken"
