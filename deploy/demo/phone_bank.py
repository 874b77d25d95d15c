"""What the phone asks the bank over HTTP: enrolment, signing in, the snapshot of what waits."""

from collections.abc import Mapping
from typing import TypeVar

import aiohttp
import msgspec

from approvals.credentials.device import ENROLMENT, SIGN_IN
from channels.frames.content import ActionContent, Problem
from deploy.demo.phone_identity import PhoneIdentity
from deploy.demo.places import CLIENT, SIGNER

Wanted = TypeVar("Wanted")


class BankRefused(Exception):
    """The bank said no; the text is its own."""


class _Nonce(msgspec.Struct):
    nonce: str


class _SignedIn(msgspec.Struct):
    token: str


class _Device(msgspec.Struct):
    id: str


class _Enrolled(msgspec.Struct):
    device: _Device
    token: str


class Snapshot(msgspec.Struct):
    """What waits for this person, and the inbox's head it goes with."""

    epoch: str
    head: int
    actions: list[ActionContent]


class PhoneBank:
    """One person's phone talking to the bank."""

    def __init__(self, session: aiohttp.ClientSession, server: str, identity: PhoneIdentity) -> None:
        self._session = session
        self._server = server
        self._identity = identity

    async def enrol(self, code: str, cap: str) -> str:
        """Make this phone the person's first device; return the login's token. Raises BankRefused."""
        signed_in = await self._sign_in({"code": code, "cap": cap})
        nonce = await self._nonce()
        form = {
            "name": "Téléphone de la démonstration",
            "public_key": self._identity.public_key,
            "nonce": nonce,
            "signature": self._identity.sign(ENROLMENT, nonce),
        }
        enrolled = await self._ask("POST", "/v1/devices", _Enrolled, form=form, token=signed_in)
        self._identity.keep(enrolled.device.id, enrolled.token)
        return signed_in

    async def sign_in(self, code: str) -> str:
        """Sign in on this phone, which is known; return the login's token. Raises BankRefused."""
        nonce = await self._nonce()
        device = {
            "device": self._identity.device,
            "nonce": nonce,
            "signature": self._identity.sign(SIGN_IN, nonce),
        }
        return await self._sign_in({"code": code, "device": device})

    async def snapshot(self, token: str) -> Snapshot:
        """Raises BankRefused."""
        return await self._ask("GET", "/v1/inbox", Snapshot, token=token)

    async def _sign_in(self, factors: Mapping[str, object]) -> str:
        form = {"client_identifier": CLIENT, "user_number": SIGNER, **factors}
        return (await self._ask("POST", "/v1/sessions", _SignedIn, form=form)).token

    async def _nonce(self) -> str:
        return (await self._ask("POST", "/v1/nonces", _Nonce)).nonce

    async def _ask(
        self,
        method: str,
        path: str,
        wanted: type[Wanted],
        *,
        form: Mapping[str, object] | None = None,
        token: str | None = None,
    ) -> Wanted:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._session.request(method, self._server + path, json=form, headers=headers) as response:
            body = await response.read()
        if response.status >= 400:
            raise BankRefused(msgspec.json.decode(body, type=Problem).detail)
        return msgspec.json.decode(body, type=wanted)
