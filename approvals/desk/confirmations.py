"""Signing in on a screen by confirming on one's phone: the two digits shown there are typed here (RULES 24).

Asking costs what a failed sign-in costs, and is given back when the person comes in, so that nobody is pestered for
ever. Who is unknown, or whose door is shut, gets digits to show all the same, and nobody hears of it (RULES 9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from approvals.credentials import confirmation as rules
from approvals.credentials.refusals import ConfirmationClosed, DeviceNeeded, DigitsWrong
from approvals.desk.alarm import raise_alarm
from approvals.desk.factors import FactorParts
from approvals.desk.knocking import Caller, Knocking, Visitor
from approvals.desk.presence import Presence, require_presence
from approvals.desk.sign_in import SignedIn, SignIn
from approvals.desk.tokens import CONFIRMATION, digest_of, new_token
from approvals.errors import NotFound
from approvals.model.alert import Alert, AlertKind
from approvals.model.audit import AuditEntry
from approvals.model.confirmation import Confirmation, ConfirmationStatus
from approvals.model.device import Factor
from approvals.model.ids import AlertId, ConfirmationId, LoginId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.person import UserStatus
from approvals.model.throttle import AtStake
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What the screen shows (`confirmation.digits`), and the secret it comes back with: told this once."""

    confirmation: Confirmation
    secret: str = field(repr=False)


class ConfirmationDesk:
    """Asks, takes the phone's answer, lets the screen in."""

    def __init__(self, *, parts: FactorParts, knocking: Knocking, sign_in: SignIn) -> None:
        self._book = parts.book
        self._clock = parts.clock
        self._ids = parts.ids
        self._announcer = parts.announcer
        self._hasher = parts.hasher
        self._knocking = knocking
        self._sign_in = sign_in

    async def ask(self, visitor: Visitor) -> AskedFor:
        """Ask the person's devices. Raises TooManyFailures."""
        caller = await self._knocking.knock(visitor)
        secret = new_token(CONFIRMATION, self._ids)
        await self._hasher.verify(None, secret)  # a failed sign-in's work: the time telling somebody takes drowns in it
        asked = self._confirmation(caller, secret)
        await self._announcer.announce(await self._book.transaction(lambda ledger: _write(ledger, asked)))
        return AskedFor(confirmation=asked, secret=secret)

    async def waiting(self, user_id: UserId) -> Sequence[Confirmation]:
        """What the person may confirm or refuse now, oldest first."""
        return await self._book.reading(lambda ledger: ledger.confirmations.waiting(user_id, self._clock.now()))

    async def confirm(self, login_id: LoginId, confirmation_id: ConfirmationId, digits: str) -> None:
        """Take the digits the other screen shows; others end it.

        Raises NotFound, LoginEnded, DeviceNeeded, ConfirmationClosed, DigitsWrong.
        """
        answered = await self._answer(login_id, confirmation_id, digits)
        if answered.status is not ConfirmationStatus.CONFIRMED:
            raise DigitsWrong("not the digits the other screen shows: begin again there")

    async def refuse(self, login_id: LoginId, confirmation_id: ConfirmationId) -> None:
        """The person says no. Raises NotFound, LoginEnded, DeviceNeeded, ConfirmationClosed."""
        await self._answer(login_id, confirmation_id, None)

    async def disavow(self, login_id: LoginId, confirmation_id: ConfirmationId) -> None:
        """The person did not ask: the screen stays out, or is shown out again, and the adviser hears of it, once.

        Raises NotFound, LoginEnded.
        """

        async def work(ledger: Ledger) -> Mapping[UserId, int]:
            now = self._clock.now()
            presence = await require_presence(ledger, login_id, now)
            found = await ledger.confirmations.load(confirmation_id)
            if found is None or found.user_id != presence.user.id:
                raise NotFound("no such sign-in of yours")
            await ledger.logins.touch(login_id, now)
            closed = rules.disavow(found)
            if closed != found:
                await ledger.confirmations.save(closed)
            news = await raise_alarm(ledger, await self._alert(ledger, presence, found, now), now)
            return await ledger.inboxes.append(news, now)

        await self._announcer.announce(await self._book.transaction(work))

    async def complete(self, visitor: Visitor, secret: str) -> SignedIn:
        """Let the screen in, once. Raises SignInWaiting, ConfirmationClosed, PersonLocked."""

        async def work(ledger: Ledger) -> Caller:
            user = await ledger.people.user_named(visitor.client_identifier, visitor.user_number)
            found = await ledger.confirmations.with_secret(digest_of(secret))
            done = rules.complete(found, self._clock.now())
            if user is None or done.user_id != user.id:
                raise ConfirmationClosed("asked for by somebody else")
            await ledger.confirmations.save(done)
            return Caller(
                visitor=visitor, user=user, device=None, is_shut=False, attempts_left=0, at_stake=AtStake.DOOR
            )

        caller = await self._book.transaction(work)
        return await self._sign_in.let_in(caller, frozenset({Factor.PHONE}))

    async def _answer(self, login_id: LoginId, confirmation_id: ConfirmationId, digits: str | None) -> Confirmation:
        async def work(ledger: Ledger) -> Confirmation:
            now = self._clock.now()
            presence = await require_presence(ledger, login_id, now)
            if presence.device is None:
                raise DeviceNeeded("confirm on a device of yours, signed in there")
            found = await ledger.confirmations.load(confirmation_id)
            if found is None or found.user_id != presence.user.id:
                raise NotFound("no such sign-in of yours")
            answered = rules.answer(found, presence.device.id, digits, now)
            await ledger.confirmations.save(answered)
            value = {"confirmation": confirmation_id, "device": presence.device.id, "answer": answered.status.value}
            actor = f"user:{presence.user.id}"
            await ledger.audit.append([AuditEntry(code="sign_in_answered", actor=actor, at=now, value=value)])
            return answered

        return await self._book.transaction(work)

    async def _alert(self, ledger: Ledger, presence: Presence, found: Confirmation, now: datetime) -> Alert:
        """Of a screen that is in, the stay it is in is named: the first confirmed by phone since it asked."""
        stays = await ledger.logins.of_user(presence.user.id) if found.status is ConfirmationStatus.DONE else ()
        led_to = [stay.id for stay in stays if Factor.PHONE in stay.factors and stay.created_at >= found.asked_at]
        return Alert(
            id=AlertId(self._ids.make("alt")),
            kind=AlertKind.SIGN_IN,
            subscription_id=presence.user.subscription_id,
            user_id=presence.user.id,
            subject=found.id,
            found=found.status,
            raised_at=now,
            login_id=led_to[-1] if led_to else None,
        )

    def _confirmation(self, caller: Caller, secret: str) -> Confirmation:
        now, user = self._clock.now(), caller.user
        is_told = user is not None and user.status is UserStatus.ACTIVE and not caller.is_shut
        return Confirmation(
            id=ConfirmationId(self._ids.make("cfm")),
            user_id=user.id if user is not None and is_told else None,
            secret_digest=digest_of(secret),
            digits=self._ids.two_digits(),
            status=ConfirmationStatus.WAITING,
            asked_at=now,
            expires_at=now + rules.LIFE,
        )


async def _write(ledger: Ledger, asked: Confirmation) -> Mapping[UserId, int]:
    """Keep it, and tell the person's devices; return the heads to announce."""
    await ledger.confirmations.add(asked)
    actor = f"user:{asked.user_id}" if asked.user_id else "unknown"
    value = {"confirmation": asked.id}
    await ledger.audit.append([AuditEntry(code="sign_in_requested", actor=actor, at=asked.asked_at, value=value)])
    news = [News(user_id=asked.user_id, kind=EventKind.SIGN_IN_REQUESTED)] if asked.user_id else []
    return await ledger.inboxes.append(news, asked.asked_at)
