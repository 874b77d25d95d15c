"""The core's own check of a release: the webhook's signature, the token's by the pinned key, the payload it sent.

The demo's core takes payment files alone; this one takes actions without payment blocks.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from standardwebhooks import Webhook, WebhookVerificationError

from deploy.demo.places import AUDIENCE, ENVIRONMENT, ISSUER
from deploy.demo.release_check import Approval, Trust, Untrusted


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What the token says, as far as it is looked at."""

    iss: str
    aud: str
    env: str
    jti: str
    action: str
    reference: str
    payload_sha256: str
    approvals: list[Approval]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A release that may be carried out, the webhook id it came under, and the digest of the whole."""

    claims: Claims
    webhook: str
    content: str


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    release: str
    action: str
    token: str


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    data: _Content


def check(headers: Mapping[str, str], body: bytes, trust: Trust, sent: Collection[str]) -> Parcel:
    """Return what may be carried out; `sent` are the digests of the payloads sent. Raises Untrusted."""
    try:
        Webhook(trust.secret).verify(body, dict(headers), json_parse=False)
        content = msgspec.json.decode(body, type=_Body).data
        key = trust.keys[str(jws.extract_compact(content.token.encode()).headers()["kid"])]
        payload = jws.deserialize_compact(content.token, key, algorithms=["ES256"]).payload
        claims = msgspec.json.decode(payload, type=Claims)
    except (WebhookVerificationError, JoseError, msgspec.DecodeError, ValueError, KeyError) as refusal:
        raise Untrusted("a signature is not right") from refusal
    house = (claims.iss, claims.aud, claims.env) == (ISSUER, AUDIENCE, ENVIRONMENT)
    if not house or (claims.jti, claims.action) != (content.release, content.action):
        raise Untrusted("the token is of another house or another release")
    if claims.payload_sha256 not in sent:
        raise Untrusted("the payload was never sent")
    return Parcel(claims=claims, webhook=headers["webhook-id"], content=hashlib.sha256(body).hexdigest())
