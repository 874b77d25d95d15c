"""Advisers sign in with password and TOTP, judged together: no answer says which was wrong (RTS art. 4(3)(a)).

It runs like everybody's sign-in: what is risked is counted first, the slow check runs with no transaction held, the
outcome is recorded after. A number nobody has costs the same work and is told the same.
"""

from dataclasses import dataclass, field
from datetime import datetime

from approvals.credentials import counters
from approvals.credentials.login import LONGEST
from approvals.credentials.recovery import digest_of_code
from approvals.desk import counting
from approvals.desk.adviser_door import NOBODY, Knock, forgive, knock
from approvals.desk.proving import Authenticator, find_authenticator
from approvals.desk.sign_in import SignedIn
from approvals.desk.tokens import LOGIN, digest_of, new_token
from approvals.errors import SignInRefused
from approvals.model.audit import AuditEntry, Retention
from approvals.model.device import Factor, Login
from approvals.model.ids import LoginId, UserId
from approvals.model.person import User
from approvals.model.proof import TotpProof
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock, CodeHasher, Ids, TotpChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCode:
    """What stands in for the authenticator once."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserSignInRequest:
    """What an adviser typed, and the caller's address as the trusted proxy says it."""

    number: str
    address: str
    password: str = field(repr=False)
    second: TotpProof | RecoveryCode


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visitor:
    """Who knocks, with the authenticator they would have to read."""

    knock: Knock
    authenticator: Authenticator | None


class AdviserSignIn:
    """One sign-in from the knock to the login."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids, hasher: CodeHasher, totp: TotpChecker) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._hasher = hasher
        self._totp = totp

    async def run(self, request: AdviserSignInRequest) -> SignedIn:
        """Sign in. Raises SignInRefused, TooManyFailures; PersonLocked to who showed both factors and is locked."""
        visitor = await self._book.transaction(lambda ledger: self._knock(ledger, request))
        colleague = visitor.knock.colleague
        password_hash = colleague.adviser.password_hash if colleague else None
        is_right = await self._hasher.verify(password_hash, request.password)
        token = new_token(LOGIN, self._ids)
        signed_in = await self._book.transaction(
            lambda ledger: self._conclude(ledger, request, visitor, token, password_right=is_right)
        )
        if signed_in is None:
            raise SignInRefused(visitor.knock.attempts_left)
        return signed_in

    async def _knock(self, ledger: Ledger, request: AdviserSignInRequest) -> _Visitor:
        visitor = await knock(ledger, request.number, request.address, self._clock.now())
        user_id = visitor.colleague.user.id if visitor.colleague else NOBODY
        return _Visitor(knock=visitor, authenticator=await find_authenticator(ledger, user_id))

    async def _conclude(
        self, ledger: Ledger, request: AdviserSignInRequest, visitor: _Visitor, token: str, *, password_right: bool
    ) -> SignedIn | None:
        now = self._clock.now()
        colleague = visitor.knock.colleague
        user = await ledger.people.user(colleague.user.id if colleague else NOBODY)
        if user is None or not password_right:
            await _refuse(ledger, visitor.knock, "nobody" if user is None else "wrong_password", now)
            return None
        if not await self._is_second_right(ledger, request, visitor, now):
            await _refuse(ledger, visitor.knock, "wrong_second_factor", now)
            await _count(ledger, user, now)
            return None
        counters.require_usable_person(user)
        login = self._login(user.id, request, token, now)
        await ledger.people.save_user(counters.clear_person(user))
        await ledger.logins.add(login)
        await forgive(ledger, visitor.knock, now)
        value = {"login": login.id, "factors": sorted(login.factors)}
        await ledger.audit.append([AuditEntry(code="signed_in", actor=f"user:{user.id}", at=now, value=value)])
        return SignedIn(login=login, token=token, user=user)

    async def _is_second_right(
        self, ledger: Ledger, request: AdviserSignInRequest, visitor: _Visitor, now: datetime
    ) -> bool:
        """Use the second factor up if it is right: its time step, or the recovery code."""
        known, second = visitor.authenticator, request.second
        if known is None:
            return False
        user_id = known.adviser.user_id
        if isinstance(second, RecoveryCode):
            return await ledger.advisers.use_recovery_code(user_id, digest_of_code(second.code), now)
        step = self._totp.check_totp(known.adviser, known.seed, second, now).time_step
        return step is not None and await ledger.advisers.advance(user_id, step)

    def _login(self, user_id: UserId, request: AdviserSignInRequest, token: str, now: datetime) -> Login:
        second = Factor.RECOVERY_CODE if isinstance(request.second, RecoveryCode) else Factor.TOTP
        return Login(
            id=LoginId(self._ids.make("log")),
            user_id=user_id,
            device_id=None,
            factors=frozenset({Factor.PASSWORD, second}),
            token_digest=digest_of(token),
            created_at=now,
            last_act_at=now,
            expires_at=now + LONGEST,
        )


async def _refuse(ledger: Ledger, visitor: Knock, reason: str, now: datetime) -> None:
    """Note why, for the audit alone."""
    actor = f"user:{visitor.colleague.user.id}" if visitor.colleague else "unknown"
    value = {"reason": reason, "door": visitor.buckets[0]}
    entry = AuditEntry(code="sign_in_refused", actor=actor, at=now, value=value, retention=Retention.ADDRESS)
    await ledger.audit.append([entry])


async def _count(ledger: Ledger, user: User, now: datetime) -> None:
    """Behind the right password the person's own attempts are risked, over all factors (RULES 7)."""
    if user.attempts_left > 0:
        await ledger.inboxes.append(await counting.fail_person(ledger, user, now), now)
