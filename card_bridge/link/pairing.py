"""Pairing: the code of a signed-in screen is typed here, the digits shown here are typed there (RULES 24)."""

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from approvals.credentials.device import ENROLMENT
from card_bridge.link.identity import Paired, keep, new_identity, public_point, sign
from card_bridge.link.pinning import Pin, require_address
from card_bridge.link.refusals import PairingNotConfirmed
from card_bridge.link.server import Server

_LOOK_SECONDS: Final = 1.0


class _Nonce(msgspec.Struct):
    nonce: str


class _Device(msgspec.Struct):
    id: str


class _Asked(msgspec.Struct):
    device: _Device
    token: str
    digits: str


class _State(msgspec.Struct):
    status: str


def pair(address: str, code: str, *, authority: str | None, file: Path, show_digits: Callable[[str], None]) -> Paired:
    """Become a bridge of whoever is signed in on that screen; the file is written once they have confirmed.

    `authority` is the PEM of the bank's own authority; without it the server's key is pinned as it is now. Raises
    LinkRefusal.
    """
    origin = require_address(address)
    pin = Pin(authority=authority) if authority else Pin(key=Server(origin, Pin()).key())
    server, unknown = Server(origin, pin), new_identity(origin, pin)
    asked = _type_code(server, unknown, code)
    show_digits(asked.digits)
    _await_confirmation(server, asked.token)
    paired = msgspec.structs.replace(unknown, device=asked.device.id, token=asked.token)
    keep(file, paired)
    return paired


def _type_code(server: Server, unknown: Paired, code: str) -> _Asked:
    nonce = server.ask("POST", "/v1/nonces", _Nonce).nonce
    form = {
        "code": code,
        "name": socket.gethostname()[:60] or "PC",
        "public_key": public_point(unknown),
        "nonce": nonce,
        "signature": sign(unknown, ENROLMENT, nonce),
    }
    return server.ask("POST", "/v1/pairings/codes", _Asked, form=form)


def _await_confirmation(server: Server, ticket: str) -> None:
    """The server ends it after two minutes by itself."""
    while (status := server.ask("POST", "/v1/enrolments/state", _State, form={"ticket": ticket}).status) == "scanned":
        time.sleep(_LOOK_SECONDS)
    if status != "done":
        raise PairingNotConfirmed
