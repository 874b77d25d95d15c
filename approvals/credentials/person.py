"""The life of a user: invited -> active -> locked or left (pure). Counting towards a lock is `counters`'."""

from dataclasses import replace

from approvals.credentials.counters import PERSON_ATTEMPTS
from approvals.model.change import UserInvited
from approvals.model.person import User, UserStatus


def invite(invited: UserInvited) -> User:
    """Return the new user: known to the house, and unable to come in before a confidential code is chosen."""
    return User(
        id=invited.user_id,
        subscription_id=invited.subscription_id,
        number=invited.number,
        name=invited.name,
        language=invited.language,
        status=UserStatus.INVITED,
        code_hash=None,
        attempts_left=PERSON_ATTEMPTS,
        is_main=invited.is_main,
    )


def leave(user: User) -> User:
    """The person leaves, from whatever status, and nothing brings them back; the confidential code is forgotten."""
    return replace(user, status=UserStatus.LEFT, code_hash=None)
