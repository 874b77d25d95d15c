"""Web Push: a message encrypted to a browser (RFC 8291), brought to its push service (RFC 8030) in our name (RFC 8292).

The message has the declarative shape (W3C Push API, "declarative push message"): a browser that knows it shows it by
itself, every other hands it to `channels/web/app/push.js`, which shows the same.

pywebpush encrypts. It does not send: its own posting follows redirects and reads answers of any length, and the
address was chosen by whoever subscribed. Here nothing is followed, a private address is never asked, and of the answer
the status and one header are read.
"""

import asyncio
import base64
import logging
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from py_vapid import Vapid02
from pywebpush import WebPusher
from typing_extensions import override

from approvals.model.person import Language
from approvals.model.push import WebPushTarget
from approvals.ports.world import Clock
from channels.push.notices import Notice, topic_of
from channels.push.outcomes import Gone, Later, Outcome, Parcel, Refused, Sent, read_retry_after, worst

log = logging.getLogger(__name__)

MOST_BYTES: Final = 3_993
"""Of plain text: the 4,096 that every service takes, less what aes128gcm adds (RFC 8291 section 4)."""
_BLOCK: Final = 512
"""Messages are filled up to multiples of this, so that their length tells nothing of what they say."""
_DECLARATIVE: Final = 8030
_TOKEN_LIFE: Final = timedelta(hours=12)  # RFC 8292 section 2: at most 24
_TAKEN: Final = {200, 201, 202, 204}
_GONE: Final = {404, 410}
_NEVER: Final = {400, 413}
_TITLE: Final = "Contreseing"


class VapidTokens:
    """Says who asks: one signed token a push service (RFC 8292), kept for half of its life."""

    def __init__(self, private_key: bytes, contact: str, clock: Clock) -> None:
        """`private_key` in PEM; `contact` is where a push service finds us, `mailto:` or `https:`."""
        self._key = Vapid02.from_pem(private_key)
        self._contact = contact
        self._clock = clock
        self._kept: dict[str, tuple[datetime, str]] = {}

    def authorization(self, endpoint: str) -> str:
        """Return the header for this address."""
        parts, now = urlsplit(endpoint), self._clock.now()
        audience = f"{parts.scheme}://{parts.netloc}"
        until, header = self._kept.get(audience, (now, ""))
        if until <= now:
            expires = int((now + _TOKEN_LIFE).timestamp())
            header = str(self._key.sign({"aud": audience, "exp": expires, "sub": self._contact})["Authorization"])
            self._kept[audience] = (now + _TOKEN_LIFE / 2, header)
        return header


class WebPushSender:
    """Satisfies `outcomes.PushSender`."""

    at_once = 1  # a browser's service holds up nobody but the browsers of that service

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        tokens: VapidTokens,
        origin: str,
        clock: Clock,
        limit: timedelta = timedelta(seconds=10),
    ) -> None:
        """`origin` is where a tap leads; `limit` bounds one whole request."""
        self._session = session
        self._tokens = tokens
        self._origin = origin
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=limit.total_seconds())

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        return [await self._send(parcel) for parcel in parcels]

    async def _send(self, parcel: Parcel) -> Outcome:
        target = parcel.mail.target
        if not isinstance(target, WebPushTarget):
            return Refused("another_channel")
        outcomes: list[Outcome] = []
        for notice in parcel.notices:
            outcomes.append(await self._tell(parcel, target, notice))
            if not isinstance(outcomes[-1], Sent):
                break
        return worst(outcomes)

    async def _tell(self, parcel: Parcel, target: WebPushTarget, notice: Notice) -> Outcome:
        headers = {
            "Authorization": self._tokens.authorization(target.endpoint),
            "Content-Encoding": "aes128gcm",
            "TTL": str(max(int(notice.life.total_seconds()), 0)),
            "Urgency": "high" if notice.is_urgent else "normal",
            "Topic": topic_of(parcel.mail.subscription.id, notice.tag),
        }
        body = encrypted(target, message(notice, parcel.mail.user.language, self._origin))
        try:
            return await self._post(target.endpoint, headers, body)
        except TimeoutError:
            return Later("timeout")
        except aiohttp.ClientSSLError:
            return Later("tls")
        except (aiohttp.ClientError, OSError):
            return Later("unreachable")

    async def _post(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        async with self._session.post(
            endpoint, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
        ) as response:
            wait = read_retry_after(response.headers.get("Retry-After"), self._clock.now())
            return outcome_of(response.status, wait)


def outcome_of(status: int, wait: timedelta | None) -> Outcome:
    """Say what a status means: redirects are not followed, and come again like any trouble of the service's."""
    if status in _TAKEN:
        return Sent()
    if status in _GONE:
        return Gone(f"http_{status}")
    if status in _NEVER:
        log.warning("a push message is not taken", extra={"status": status})
        return Refused(f"http_{status}")
    return Later(f"http_{status}", wait)


def message(notice: Notice, language: Language, origin: str) -> bytes:
    """Return the declarative message: ids and generic words, filled up to a whole block."""
    notification = {
        "title": _TITLE,
        "body": notice.words,
        "lang": language.value,
        "tag": notice.tag,
        "navigate": origin + notice.path,
        "silent": notice.is_settled,
        "data": {"kind": notice.kind.value, "settled": notice.is_settled},
    }
    written = msgspec.json.encode({"web_push": _DECLARATIVE, "mutable": True, "notification": notification})
    return written.ljust(-(-len(written) // _BLOCK) * _BLOCK)


def encrypted(target: WebPushTarget, plain: bytes) -> bytes:
    """Encrypt to the browser's keys. Raises ValueError for what is longer than push services take."""
    if len(plain) > MOST_BYTES:
        raise ValueError("a push message is too long")
    keys = {"p256dh": _text(target.p256dh), "auth": _text(target.auth)}
    encoded = WebPusher({"endpoint": target.endpoint, "keys": keys}).encode(plain, "aes128gcm")
    return bytes(encoded["body"])


class PublicAddresses(AbstractResolver):
    """Finds a push service's addresses, and none inside the house: a name may point anywhere."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise OSError("no public address")
        return public

    @override
    async def close(self) -> None:
        await self._resolver.close()


def is_public(address: str) -> bool:
    """Whether the address is one of the Internet's, an IPv4 address inside an IPv6 one included."""
    found = ip_address(address.partition("%")[0])
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (inner or found).is_global


@asynccontextmanager
async def open_push_session() -> AsyncIterator[aiohttp.ClientSession]:
    """A session that keeps no cookies, reads no proxy from the environment, and connects to public addresses alone.

    An address written as digits needs no resolver: whether it may be asked was decided when the device subscribed.
    """
    connector = aiohttp.TCPConnector(resolver=PublicAddresses(aiohttp.DefaultResolver()), limit_per_host=16)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False
    ) as session:
        yield session
    await asyncio.sleep(0)  # TLS transports end in the next turn of the loop


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
