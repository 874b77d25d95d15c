"""A browser's push service on this machine (RFC 8030): it takes messages, and the browser behind it opens them.

The keys are a browser's (RFC 8291), made here; http_ece decrypts, and the token is checked as RFC 8292 says.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from approvals.model.push import WebPushTarget
from tests.server.outside.receiver import listening


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """The half of a subscription that never leaves the browser."""

    key: ec.EllipticCurvePrivateKey
    auth: bytes

    def target(self, endpoint: str) -> WebPushTarget:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return WebPushTarget(endpoint=endpoint, p256dh=point, auth=self.auth)

    def opened(self, body: bytes) -> dict[str, object]:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        found: dict[str, object] = json.loads(plain)
        return found


def new_browser() -> Browser:
    return Browser(key=ec.generate_private_key(ec.SECP256R1()), auth=bytes(range(16)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message as it came in."""

    headers: dict[str, str]
    body: bytes

    def claims(self) -> dict[str, object]:
        """The token's claims, once its signature is checked with the key beside it."""
        scheme, _, parts = self.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        given = dict(part.strip().split("=", 1) for part in parts.split(","))
        point = base64.urlsafe_b64decode(given["k"] + "=" * (-len(given["k"]) % 4))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        key = ECKey.import_key(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        return dict(jwt.decode(given["t"], key, algorithms=["ES256"]).claims)


Answer = Callable[[], web.Response]


@dataclass(slots=True, kw_only=True)
class PushService:
    """Answers with its script, the last answer for ever, and keeps what it was sent."""

    origin: str = ""
    script: list[Answer]
    received: list[Received] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"{self.origin}/push/v1/of-one-browser"

    async def so_many(self, count: int) -> list[Received]:
        """What came in, once there is so much."""
        async with asyncio.timeout(30):
            while True:
                if len(self.received) >= count:
                    return self.received
                await asyncio.sleep(0.01)

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.received.append(Received(headers=headers, body=await request.read()))
        return (self.script.pop(0) if len(self.script) > 1 else self.script[0])()


def answer(status: int, **headers: str) -> Answer:
    return lambda: web.Response(
        status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


@asynccontextmanager
async def push_service(*script: Answer) -> AsyncIterator[PushService]:
    """Listen on a free port of this machine; without a script, take everything."""
    service = PushService(script=list(script) or [answer(201)])
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.handle)
    async with listening(app) as origin:
        service.origin = origin
        yield service
