"""What a push target may be: an address at a known push service, and keys that can be encrypted to.

A subscription's address is chosen by whoever subscribes and asked by us: but for this it would reach inside the house
(server-side request forgery). What is refused when the address is asked is `channels.push`'s.
"""

import base64
from collections.abc import Collection
from hashlib import sha256
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from approvals.credentials.refusals import PushTargetRefused
from approvals.model.push import FcmTarget, PushTarget, WebPushTarget

_AUTH_LENGTH: Final = 16  # RFC 8291 section 3.2


def require_target(target: PushTarget, hosts: Collection[str]) -> None:
    """Raise PushTargetRefused, naming the field, unless messages can be sent there; `hosts` are the services known."""
    if isinstance(target, WebPushTarget):
        _require_endpoint(target.endpoint, hosts)
        _require_point(target.p256dh)
        if len(target.auth) != _AUTH_LENGTH:
            raise PushTargetRefused(f"{_AUTH_LENGTH} bytes are needed", field="keys.auth")


def digest_of_target(target: PushTarget) -> bytes:
    """Return what tells two targets apart without showing either."""
    return sha256((target.endpoint if isinstance(target, WebPushTarget) else target.registration).encode()).digest()


def write_target(target: PushTarget) -> bytes:
    """Return the target as it is sealed."""
    if isinstance(target, FcmTarget):
        return msgspec.json.encode({"registration": target.registration})
    keys = {"p256dh": _text(target.p256dh), "auth": _text(target.auth)}
    return msgspec.json.encode({"endpoint": target.endpoint, **keys})


def read_target(written: bytes) -> PushTarget:
    kept = msgspec.json.decode(written, type=dict[str, str])
    if "registration" in kept:
        return FcmTarget(registration=kept["registration"])
    return WebPushTarget(endpoint=kept["endpoint"], p256dh=_bytes(kept["p256dh"]), auth=_bytes(kept["auth"]))


def _require_endpoint(endpoint: str, hosts: Collection[str]) -> None:
    parts = _split(endpoint)
    host = (parts.hostname or "") if parts else ""
    if parts is None or parts.username or parts.password or parts.fragment or not _is_known(host, hosts):
        raise PushTargetRefused("not an address of a push service that is known here", field="endpoint")
    if _is_own_machine(host):
        return  # only a test's or a demo's list names it
    if parts.scheme != "https" or parts.port not in {None, 443}:
        raise PushTargetRefused("https is needed, at its own port", field="endpoint")


def _split(endpoint: str) -> SplitResult | None:
    """Return its parts; None for what two readers of URLs might read differently."""
    if not endpoint.isascii() or not endpoint.isprintable() or set(endpoint) & set(" \\"):
        return None
    try:
        parts = urlsplit(endpoint)
        is_whole = parts.port != 0 and parts.scheme in {"https", "http"}
    except ValueError:
        return None
    return parts if is_whole else None


def _is_known(host: str, hosts: Collection[str]) -> bool:
    """`*.example.org` stands for every host below example.org; any other entry for itself."""
    return any(host == each or (each.startswith("*.") and host.endswith(each[1:])) for each in hosts)


def _is_own_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _require_point(point: bytes) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        point = b""
    if len(point) != 65:
        raise PushTargetRefused("not an uncompressed P-256 point", field="keys.p256dh")


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
