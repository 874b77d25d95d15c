"""What each role of the bank's own people may do, and which passwords they may choose. Pure.

| role       | serves companies | signs colleagues' acts | changes portfolios and advisers | reads the audit |
|------------|------------------|------------------------|---------------------------------|-----------------|
| adviser    | own portfolio    | yes                    | no                              | own portfolio   |
| supervisor | all              | yes                    | yes                             | all             |
| auditor    | no               | no                     | no                              | all             |
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from approvals.credentials.adviser_refusals import OutsidePortfolio, PasswordWeak, RoleInsufficient
from approvals.model.adviser import Adviser, Role
from approvals.model.person import Subscription, SubscriptionKind


class Right(Enum):
    """One thing a role allows."""

    SERVE = auto()  # ask for acts on companies
    SIGN = auto()  # approve what a colleague asks for
    STAFF = auto()  # ask for advisers and portfolios to be changed
    AUDIT = auto()  # read the audit
    EVERYWHERE = auto()  # whosever portfolio a company is in


_RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.ADVISER: frozenset({Right.SERVE, Right.SIGN, Right.AUDIT}),
    Role.SUPERVISOR: frozenset(Right),
    Role.AUDITOR: frozenset({Right.AUDIT, Right.EVERYWHERE}),
}


def has_right(role: Role, right: Right) -> bool:
    return right in _RIGHTS[role]


def require_right(adviser: Adviser, right: Right) -> None:
    """Raise RoleInsufficient unless the adviser's role allows it."""
    if not has_right(adviser.role, right):
        raise RoleInsufficient(f"the role {adviser.role} does not allow this")


def is_in_portfolio(adviser: Adviser, company: Subscription | None) -> bool:
    """The company is this adviser's own, or one they see because they see all."""
    if company is None or company.kind is not SubscriptionKind.COMPANY:
        return False
    return company.adviser_id == adviser.user_id or has_right(adviser.role, Right.EVERYWHERE)


def require_in_portfolio(adviser: Adviser, company: Subscription | None) -> Subscription:
    """Return the company if this adviser may see it. Raises OutsidePortfolio, for one that does not exist too."""
    if company is not None and is_in_portfolio(adviser, company):
        return company
    raise OutsidePortfolio("no such company in your portfolio")


_SHORTEST: Final = 12
_MOST_TRIED: Final = (
    "password",
    "motdepasse",
    "passw0rd",
    "azertyuiop",
    "azerty",
    "qwertyuiop",
    "qwerty",
    "qsdfghjklm",
    "wxcvbn",
    "bienvenue",
    "welcome",
    "administrateur",
    "administrator",
    "admin",
    "contreseing",
    "banque",
    "soleil",
    "doudou",
    "loulou",
    "iloveyou",
    "jetaime",
    "letmein",
    "0123456789",
    "123456789",
    "123456",
    "987654321",
    "abcdefgh",
)
"""What breached lists begin with, in French and English; the parts of a password that add nothing to it."""
_LEFT_AT_LEAST: Final = 6
_DIFFERENT_AT_LEAST: Final = 6


def require_strong_password(password: str, *, number: str) -> None:
    """Raise PasswordWeak for one too short or too monotonous, or made of what everybody tries (NIST SP 800-63B)."""
    if len(password) < _SHORTEST:
        raise PasswordWeak(f"a password has at least {_SHORTEST} characters")
    left = password.lower()
    for tried in (*_MOST_TRIED, number.lower()):
        left = left.replace(tried, "")
    if len(left) < _LEFT_AT_LEAST or len(set(password.lower())) < _DIFFERENT_AT_LEAST:
        raise PasswordWeak("this password is one of the first that others would try")
