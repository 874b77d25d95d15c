"""The claims of a release token, and the body of the webhook that carries it: pure (DESIGN, RULES 2 and 28).

The token is a JWS by the server's own key; the bank's core checks it offline with the public key it pinned. It names
people by user id, never by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from approvals.model.action import Action
from approvals.model.ids import ReleaseId, UserId
from approvals.model.json import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One signature that counts."""

    user_id: UserId
    means: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who issues tokens, for whom, in which environment; a core refuses a token of another."""

    issuer: str
    audience: str
    environment: str


def claims(
    action: Action, release_id: ReleaseId, approvals: Sequence[Approval], parties: Parties, now: datetime
) -> Facts:
    """Return the token's claims; `iat` in seconds, `at` of each approval in milliseconds since 1970."""
    return {
        "iss": parties.issuer,
        "aud": parties.audience,
        "env": parties.environment,
        "jti": release_id,
        "iat": int(now.timestamp()),
        "action": action.id,
        "kind": action.kind,
        "bundle": action.bundle_id,
        "reference": action.reference,
        "payload_sha256": action.payload_digest,
        "statement_sha256": action.statement_digest,
        "payment_information_ids": action.facts.get("blocks"),
        "approvals": [
            {"user": approval.user_id, "means": approval.means, "at": int(approval.at.timestamp() * 1000)}
            for approval in approvals
        ],
    }


def body(action: Action, release_id: ReleaseId, token: str) -> bytes:
    """Return the webhook's JSON, frozen with the release: the core needs no more than this and the payload it sent."""
    return msgspec.json.encode(
        {
            "type": "action.approved",
            "data": {
                "release": release_id,
                "action": action.id,
                "kind": action.kind,
                "reference": action.reference,
                "bundle": action.bundle_id,
                "payload_sha256": action.payload_digest,
                "token": token,
            },
        }
    )
