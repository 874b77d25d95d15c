"""How a bank's core checks a release by itself: who sent it, who signed it, for whom, for which file. No network.

The webhook's signature says it came from the server; the token proves it for ever, with the one key the core pinned.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from standardwebhooks import Webhook, WebhookVerificationError

from deploy.demo.places import AUDIENCE, ENVIRONMENT, ISSUER

_TYPE: Final = "contreseing-release+jwt"

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}(?![\s\S])")]


class Untrusted(Exception):
    """Not from the server, or not as it sent it: nothing is applied, and it may be sent again."""


class Impossible(Exception):
    """Genuine, and for something this core cannot carry out: a definite no, by its code."""


class PinnedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public release key as it was published when the core was set up (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str

    def key(self) -> ECKey:
        """Return the key. Raises Untrusted when its id is not its own thumbprint (RFC 7638)."""
        key = ECKey.import_key({"kty": self.kty, "crv": self.crv, "x": self.x, "y": self.y})
        if key.thumbprint() != self.kid:
            raise Untrusted("the pinned key is not the one its id names")
        return key


class PublishedKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The JWKS document."""

    keys: list[PinnedKey]


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed, by what means, when (milliseconds since 1970)."""

    user: str
    means: str
    at: int


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What the token says."""

    iss: str
    aud: str
    env: str
    jti: str
    action: str
    payload_sha256: Digest
    payment_information_ids: list[str]
    approvals: list[Approval]


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    release: str
    action: str
    token: str


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    data: _Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What a core was given when it was set up: the shared secret, and the release keys it pinned, by id."""

    secret: str = field(repr=False)
    keys: Mapping[str, ECKey]


def pin(published: bytes) -> dict[str, ECKey]:
    """Return the keys of a JWKS document by id. Raises Untrusted."""
    return {each.kid: each.key() for each in msgspec.json.decode(published, type=PublishedKeys).keys}


def check(headers: Mapping[str, str], body: bytes, trust: Trust, sent: Collection[str]) -> Claims:
    """Return what may be carried out. `sent` are the digests of the files this core sent.

    Raises Untrusted, Impossible.
    """
    try:
        Webhook(trust.secret).verify(body, dict(headers), json_parse=False)
        content = msgspec.json.decode(body, type=_Body).data
    except (WebhookVerificationError, msgspec.DecodeError, ValueError) as refusal:
        raise Untrusted("the webhook's signature is not right") from refusal
    claims = _claims(content.token, trust.keys)
    if (claims.iss, claims.aud, claims.env) != (ISSUER, AUDIENCE, ENVIRONMENT):
        raise Untrusted("the token is of another house, for another core or of another environment")
    if (claims.jti, claims.action) != (content.release, content.action):
        raise Untrusted("the token is of another release")
    if claims.payload_sha256 not in sent:
        raise Impossible("payload_unknown")
    return claims


def _claims(token: str, keys: Mapping[str, ECKey]) -> Claims:
    try:
        header = jws.extract_compact(token.encode()).headers()
        key = keys.get(str(header.get("kid")))
        if key is None or header.get("typ") != _TYPE:
            raise Untrusted("the token is of another type, or signed by a key that was never pinned")
        verified = jws.deserialize_compact(token, key, algorithms=["ES256"])
        return msgspec.json.decode(verified.payload, type=Claims)
    except (JoseError, msgspec.DecodeError, ValueError) as refusal:
        raise Untrusted("the token's signature is not right") from refusal
