"""Who opened an action: a key of the bank's own systems, or a person who is signed in (RULES 5)."""

from typing import Final, NewType

from approvals.model.ids import ApiKeyId, UserId

Opener = NewType("Opener", str)
"""`api_key:<id>` or `user:<id>`: the actor the audit names."""


def opened_by_key(key_id: ApiKeyId) -> Opener:
    return Opener(f"api_key:{key_id}")


def opened_by_person(user_id: UserId) -> Opener:
    return Opener(f"user:{user_id}")


OPERATOR: Final = Opener("operator")
"""Somebody who runs this machine: hands in, and approves nothing."""


def is_person(opener: Opener) -> bool:
    return opener.startswith("user:")
