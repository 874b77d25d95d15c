"""Devices: the first one enrolled under code and CAP, each recognised by token and key (RULES 22 to 24).

A further one comes in by `enrolments`.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from approvals.credentials import device as rules
from approvals.credentials.login import FRESH
from approvals.desk.presence import Presence, require_presence, require_stay
from approvals.desk.terms import Terms
from approvals.desk.tokens import DEVICE, digest_of, new_token
from approvals.errors import (
    DeviceKnownAlready,
    DeviceSignatureRefused,
    FreshProofNeeded,
    NotAuthenticated,
    NotFound,
)
from approvals.model.audit import AuditEntry
from approvals.model.device import Device, Factor
from approvals.model.ids import DeviceId, LoginId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.person import User
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, Ids

_NONCE_LIFE: Final = timedelta(minutes=2)
_STRONG: Final = frozenset({Factor.CONFIDENTIAL_CODE, Factor.CAP})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceClaim:
    """A device saying who it is over HTTP: its key signed a nonce of ours."""

    device_id: DeviceId
    nonce: str
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentRequest:
    """A new device: its public key (65 bytes, uncompressed P-256) signed a nonce of ours for enrolment."""

    public_key: bytes
    name: str
    nonce: str
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The device and its token, told this once."""

    device: Device
    token: str = field(repr=False)


class DeviceDesk:
    """Enrols, recognises and revokes."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids, announcer: Announcer, terms: Terms) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._announcer = announcer
        self._terms = terms

    async def nonce(self) -> tuple[str, datetime]:
        """Return a number good once, and until when."""
        nonce, expires_at = self._ids.secret(), self._clock.now() + _NONCE_LIFE
        await self._book.statement(lambda ledger: ledger.nonces.add(nonce, expires_at))
        return nonce, expires_at

    async def enrol(self, login_id: LoginId, request: EnrolmentRequest) -> Enrolled:
        """Enrol the person's first device; the same key again gets a new token, so a lost reply locks nobody out.

        Raises LoginEnded, FreshProofNeeded, DeviceKnownAlready, DeviceSignatureRefused, InvalidRequest.
        """
        token = new_token(DEVICE, self._ids)

        async def work(ledger: Ledger) -> tuple[Enrolled, Mapping[UserId, int]]:
            now = self._clock.now()
            presence = await require_presence(ledger, login_id, now)
            require_fresh(presence, now)
            await require_possession(ledger, request, self._terms.origin, now)
            device = await self._device(ledger, presence.user.id, request, digest_of(token))
            await ledger.devices.put(device)
            await ledger.logins.bind(login_id, device.id)
            heads = await note_device(ledger, device, EventKind.DEVICE_ENROLLED, now)
            return Enrolled(device=device, token=token), heads

        enrolled, heads = await self._book.transaction(work)
        await self._announcer.announce(heads)
        return enrolled

    async def revoke(self, login_id: LoginId, device_id: DeviceId) -> None:
        """Shut one of the person's devices out, and end what it is signed in to; twice is once.

        Raises NotFound, LoginEnded.
        """

        async def work(ledger: Ledger) -> Mapping[UserId, int]:
            now = self._clock.now()
            presence = await require_presence(ledger, login_id, now)
            device = await ledger.devices.load(device_id)
            if device is None or device.user_id != presence.user.id:
                raise NotFound("no such device of yours")
            if device.revoked_at is not None:
                return {}
            await ledger.devices.revoke(device_id, now)
            await ledger.logins.end_on_device(device_id, now)
            return await note_device(ledger, device, EventKind.DEVICE_REVOKED, now)

        await self._announcer.announce(await self._book.transaction(work))

    async def mine(self, user_id: UserId) -> Sequence[Device]:
        return await self._book.lookup(lambda ledger: ledger.devices.of_user(user_id))

    # --- the stream's questions ---------------------------------------------------------------------------

    async def recognise(self, device_id: DeviceId, token: str, nonce: str, signature: bytes) -> Device:
        """Return the device that greets on a connection whose nonce it signed.

        Raises NotAuthenticated for a wrong or revoked device, DeviceSignatureRefused. No slow hash is computed.
        """
        device = await self._book.lookup(lambda ledger: ledger.devices.load(device_id))
        if device is None or not hmac.compare_digest(device.token_digest, digest_of(token)):
            raise NotAuthenticated("no such device, or not its token")
        if device.revoked_at is not None:
            raise NotAuthenticated("this device was revoked")
        signed = rules.signed_bytes(rules.STREAM, self._terms.origin, nonce, device_id)
        rules.require_signature(device.public_key, signature, signed)
        return device

    async def presence(self, login_id: LoginId) -> Presence:
        """Read a login again. Raises LoginEnded, PersonLocked."""
        return await self._book.lookup(lambda ledger: require_stay(ledger, login_id, self._clock.now()))

    async def person(self, user_id: UserId) -> User:
        user = await self._book.lookup(lambda ledger: ledger.people.user(user_id))
        if user is None:
            raise NotFound("no such person")
        return user

    # --- enrolment ----------------------------------------------------------------------------------------

    async def _device(self, ledger: Ledger, user_id: UserId, request: EnrolmentRequest, token_digest: bytes) -> Device:
        """Return the device to keep: the one of this key, else the person's first."""
        known = [device for device in await ledger.devices.of_user(user_id) if device.revoked_at is None]
        same = next((device for device in known if device.public_key == request.public_key), None)
        if known and same is None:
            raise DeviceKnownAlready("a further device is enrolled from the one already known")
        return Device(
            id=same.id if same else DeviceId(self._ids.make("dev")),
            user_id=user_id,
            name=request.name,
            public_key=request.public_key,
            token_digest=token_digest,
            created_at=same.created_at if same else self._clock.now(),
            cursor=same.cursor if same else 0,
        )


async def note_device(ledger: Ledger, device: Device, kind: EventKind, now: datetime) -> Mapping[UserId, int]:
    """Tell every device of the person's; return the heads to announce."""
    value = {"device": device.id}
    await ledger.audit.append([AuditEntry(code=kind.value, actor=f"user:{device.user_id}", at=now, value=value)])
    return await ledger.inboxes.append([News(user_id=device.user_id, kind=kind, device_id=device.id)], now)


async def require_possession(ledger: Ledger, request: EnrolmentRequest, origin: str, now: datetime) -> None:
    """Check that the key to be enrolled signed a nonce of ours. Raises DeviceSignatureRefused, InvalidRequest."""
    rules.read_public_key(request.public_key)
    if not await ledger.nonces.take(request.nonce, now):
        raise DeviceSignatureRefused("the nonce is unknown, used or too old")
    signed = rules.signed_bytes(rules.ENROLMENT, origin, request.nonce, "")
    rules.require_signature(request.public_key, request.signature, signed)


def require_fresh(presence: Presence, now: datetime) -> None:
    """Raise FreshProofNeeded unless the person signed in with code and CAP, or by certificate, minutes ago."""
    if not is_strong(presence.login.factors) or now - presence.login.created_at > FRESH:
        raise FreshProofNeeded("sign in with confidential code and CAP code first")


def is_strong(factors: frozenset[Factor]) -> bool:
    """Two independent elements (RTS art. 4): code and card, or a certificate, whose key needs a PIN or the code."""
    return factors >= _STRONG or Factor.CERTIFICATE in factors


async def find_claimed_device(ledger: Ledger, claim: DeviceClaim, purpose: str, origin: str, now: datetime) -> Device:
    """Return the device whose key signed our nonce for this purpose. Raises DeviceSignatureRefused."""
    device = await ledger.devices.load(claim.device_id)
    if not await ledger.nonces.take(claim.nonce, now) or device is None or device.revoked_at is not None:
        raise DeviceSignatureRefused("the nonce is used or too old, or the device is not known")
    signed = rules.signed_bytes(purpose, origin, claim.nonce, claim.device_id)
    rules.require_signature(device.public_key, claim.signature, signed)
    return device
