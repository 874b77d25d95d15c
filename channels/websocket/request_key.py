"""The idempotency key of an answer given over the stream (RULES 6)."""

import hmac

import msgspec

from approvals.model.idempotency import RequestKey
from approvals.model.ids import UserId
from channels.frames.from_device import Answer


def answer_key(secret: bytes, user_id: UserId, answer: Answer) -> RequestKey:
    """Return the key of an answer: the person's own `req`, and a digest that tells another answer under it.

    The digest is an HMAC: a bare hash of eight digits is guessed at once. `secret` outlives restarts and is the same
    on every node, so that a repeat after a reconnect finds its verdict.
    """
    told = msgspec.json.encode([user_id, answer], order="deterministic")
    return RequestKey(
        caller=f"user:{user_id}", key=answer.req, request_digest=hmac.digest(secret, told, "sha256").hex()
    )
