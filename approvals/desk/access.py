"""Staying signed in: whose token this is, what renews it, what ends it; and the keys of the bank's own systems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from approvals.credentials.adviser_refusals import AdvisersOnly
from approvals.credentials.login import ends_at
from approvals.desk.presence import Presence, require_stay
from approvals.desk.sign_in import SignedIn, SignIn, SignInRequest
from approvals.desk.tokens import digest_of
from approvals.errors import NotAuthenticated, NotFound
from approvals.model.adviser import Adviser
from approvals.model.api_key import ApiKey
from approvals.model.audit import AuditEntry
from approvals.model.device import Device, Login
from approvals.model.ids import LoginId, UserId
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock

_TOUCH_AFTER: Final = timedelta(seconds=10)
"""A human act this soon after the last one written is not written: five minutes are kept to within ten seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A login that is good now, and the device it is bound to."""

    login: Login
    device: Device | None


class AccessDesk:
    """Signs in and out, and says who a token belongs to."""

    def __init__(self, *, book: Book, clock: Clock, sign_in: SignIn) -> None:
        self._book = book
        self._clock = clock
        self._sign_in = sign_in

    async def sign_in(self, request: SignInRequest) -> SignedIn:
        """See `SignIn.run`."""
        return await self._sign_in.run(request)

    async def presence(self, token: str) -> Presence:
        """Return who holds this login token. Raises NotAuthenticated, LoginEnded, PersonLocked."""

        async def work(ledger: Ledger) -> Presence:
            login = await ledger.logins.with_token(digest_of(token))
            if login is None:
                raise NotAuthenticated("no such login")
            return await require_stay(ledger, login.id, self._clock.now())

        return await self._book.lookup(work)

    async def device(self, token: str) -> Device:
        """Return the device this token is of. Raises NotAuthenticated when there is none, or it was revoked."""
        device = await self._book.lookup(lambda ledger: ledger.devices.with_token(digest_of(token)))
        if device is None or device.revoked_at is not None:
            raise NotAuthenticated("no such device, or it was revoked")
        return device

    async def adviser(self, presence: Presence) -> Adviser:
        """Return what the bank keeps of the adviser signed in. Raises AdvisersOnly for anybody else."""
        found = await self._book.reading(lambda ledger: ledger.advisers.load(presence.user.id))
        if found is None:
            raise AdvisersOnly("this is for advisers of the bank")
        return found

    async def touch(self, presence: Presence) -> None:
        """A human act: the five minutes begin again (RULES 23)."""
        now = self._clock.now()
        if now - presence.login.last_act_at >= _TOUCH_AFTER:
            await self._book.statement(lambda ledger: ledger.logins.touch(presence.login.id, now))

    async def sign_out(self, presence: Presence, which: LoginId) -> None:
        """End one of the person's logins, this one or another; twice is once. Raises NotFound."""

        async def work(ledger: Ledger) -> None:
            login = await ledger.logins.load(which)
            if login is None or login.user_id != presence.user.id:
                raise NotFound("no such login of yours")
            if login.ended_at is None:
                now = self._clock.now()
                await ledger.logins.end(which, now)
                actor = f"user:{presence.user.id}"
                await ledger.audit.append([AuditEntry(code="signed_out", actor=actor, at=now, value={"login": which})])

        await self._book.transaction(work)

    async def sign_out_elsewhere(self, presence: Presence) -> Sequence[LoginId]:
        """End every other login of the person's; return which."""

        async def work(ledger: Ledger) -> Sequence[LoginId]:
            now = self._clock.now()
            ended = [login.id for login in await ledger.logins.of_user(presence.user.id)]
            others = [login_id for login_id in ended if login_id != presence.login.id]
            await ledger.logins.end_others(presence.user.id, presence.login.id, now)
            actor, value = f"user:{presence.user.id}", {"logins": others}
            await ledger.audit.append([AuditEntry(code="signed_out_elsewhere", actor=actor, at=now, value=value)])
            return others

        return await self._book.transaction(work)

    async def stays(self, user_id: UserId) -> Sequence[Stay]:
        """The person's logins that are good now, newest first, each with its device."""

        async def work(ledger: Ledger) -> Sequence[Stay]:
            devices = {device.id: device for device in await ledger.devices.of_user(user_id)}
            return [
                Stay(login=login, device=devices.get(login.device_id) if login.device_id else None)
                for login in await ledger.logins.of_user(user_id)
                if self._clock.now() < ends_at(login)
            ]

        return await self._book.reading(work)

    async def api_key(self, token: str) -> ApiKey:
        """Return the key this token is of. Raises NotAuthenticated when there is none, or it was revoked."""
        key = await self._book.lookup(lambda ledger: ledger.api_keys.with_token(digest_of(token)))
        if key is None or key.revoked_at is not None:
            raise NotAuthenticated("no such API key, or it was revoked")
        return key
