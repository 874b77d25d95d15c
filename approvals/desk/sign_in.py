"""Signing in (RULES 7 to 10, RTS 2018/389 art. 4).

It runs like an answer: what is risked is spent first (`knocking`), the slow checks run with no transaction held, the
outcome is recorded after. Every refusal looks and costs the same, whoever exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from approvals.credentials import counters
from approvals.credentials.card import as_of
from approvals.credentials.login import LONGEST
from approvals.desk.counting import Judged
from approvals.desk.factors import FactorParts, Factors, Prover
from approvals.desk.knocking import Caller, Knocking, Visitor
from approvals.desk.tokens import LOGIN, digest_of, new_token
from approvals.errors import InvalidRequest, SignInRefused
from approvals.model.audit import AuditEntry
from approvals.model.card import Card, CardStatus
from approvals.model.device import Factor, Login
from approvals.model.ids import DeviceId, LoginId, UserId
from approvals.model.paris import day_in_paris
from approvals.model.person import User, UserStatus
from approvals.model.proof import CapProof, Purpose, Verdict
from approvals.model.reader import CODE_KEY
from approvals.model.throttle import AtStake
from approvals.ports.book import Ledger
from approvals.ports.world import CardProfiles

_STRONG_ALONE: Final = 20
"""Bits of cryptogram from which a CAP code may sign in from an unknown device (RULES 9)."""

_NOBODY: Final = UserId("nobody")
"""Whose cards are looked for where the person claimed does not exist, so that looking costs the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRequest(Visitor):
    """What the person typed besides who they are."""

    code: str | None = field(default=None, repr=False)
    cap: CapProof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The login, its token (told this once, kept as a digest) and the person."""

    login: Login
    token: str = field(repr=False)
    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guessable:
    """The card a code is tried against without a first factor; a decoy never lets anybody in."""

    card: Card
    is_decoy: bool


class SignIn:
    """One sign-in from the knock to the login."""

    def __init__(self, *, parts: FactorParts, profiles: CardProfiles, knocking: Knocking, factors: Factors) -> None:
        self._parts = parts
        self._profiles = profiles
        self._knocking = knocking
        self._factors = factors

    async def run(self, request: SignInRequest) -> SignedIn:
        """Sign in with the confidential code, with code and CAP, or with CAP alone where RULES 9 allows.

        Raises SignInRefused, TooManyFailures; and behind a first factor PersonLocked, CardLocked, CardBlocked,
        CardResyncDue, CardNotUsable, CardChoiceNeeded, NoAttemptLeft.
        """
        if request.code is None and request.cap is None:
            raise InvalidRequest("a confidential code or a CAP code is needed", field="code")
        caller = await self._knocking.knock(request)
        factors = {Factor.DEVICE} if caller.device else set()
        if request.code is not None:
            await self.check_code(caller, request.code)
            factors.add(Factor.CONFIDENTIAL_CODE)
        if request.cap is not None:
            await self._check_cap(caller, request.cap, is_behind_a_factor=bool(factors))
            factors.add(Factor.CAP)
        return await self.let_in(caller, frozenset(factors))

    async def let_in(self, caller: Caller, factors: frozenset[Factor]) -> SignedIn:
        """Open a login for somebody whose factors were right. Raises PersonLocked, SignInRefused."""
        user = caller.user
        if user is None or user.status is UserStatus.INVITED:  # a card alone is no first entry
            return await self.refuse(caller, "invited" if user else "nobody")
        token = new_token(LOGIN, self._parts.ids)

        async def work(ledger: Ledger) -> SignedIn:
            now = self._parts.clock.now()
            person = await ledger.people.user(user.id) or user
            counters.require_usable_person(person)
            login = self._login(user.id, caller.device.id if caller.device else None, factors, token, now)
            await ledger.people.save_user(counters.clear_person(person))
            await ledger.logins.add(login)
            await self._knocking.forgive(ledger, caller, now)
            value = {"login": login.id, "factors": sorted(factors)}
            await ledger.audit.append([AuditEntry(code="signed_in", actor=f"user:{user.id}", at=now, value=value)])
            return SignedIn(login=login, token=token, user=person)

        return await self._parts.book.transaction(work)

    # --- the factors --------------------------------------------------------------------------------------

    async def check_code(self, caller: Caller, code: str) -> None:
        """On a known device an attempt of the person's is at stake; elsewhere the door's, spent by the knock."""
        if caller.user is not None and caller.device is not None:
            await self._conclude(caller, await self._factors.check_code(_prover(caller, caller.user), code))
            return
        code_hash = caller.user.code_hash if caller.user and not caller.is_shut else None
        if not await self._parts.hasher.verify(code_hash or None, code):
            await self.refuse(caller, "door_shut" if caller.is_shut else "wrong_code")

    async def _check_cap(self, caller: Caller, cap: CapProof, *, is_behind_a_factor: bool) -> None:
        if caller.user is not None and is_behind_a_factor:
            await self._conclude(caller, await self._factors.check_cap(_prover(caller, caller.user), cap))
        else:
            await self._check_uncounted(caller, cap)

    async def _conclude(self, caller: Caller, judged: Judged) -> None:
        if not judged.verdict.right:
            spent = replace(caller, attempts_left=judged.attempts_left, at_stake=AtStake.ACCESS)
            await self.refuse(spent, judged.verdict.reason)

    async def _check_uncounted(self, caller: Caller, cap: CapProof) -> None:
        """Check a code from an unknown device without code: only for profiles hard to guess, and no card is risked.

        Where no such card is (nobody, a weak profile, a shut door), a decoy is checked: no answer comes sooner.
        """
        found = await self._parts.book.reading(lambda ledger: self._guessable(ledger, caller, cap))
        if found is None:
            await self.refuse(caller, "cap_alone_not_taken")
            return
        verdict = await self._parts.checker.check_cap(found.card, CODE_KEY, cap)
        if found.is_decoy:
            await self.refuse(caller, "cap_alone_not_taken")
        elif not verdict.right or not await self._parts.book.transaction(
            lambda ledger: _consume(ledger, found.card, verdict)
        ):
            await self.refuse(caller, verdict.reason)

    async def _guessable(self, ledger: Ledger, caller: Caller, cap: CapProof) -> _Guessable | None:
        user_id, today = caller.user.id if caller.user else _NOBODY, day_in_paris(self._parts.clock.now())
        card = _only_active(await ledger.cards.of_users([user_id]), cap.card, today)
        decoys = await ledger.cards.browse(None, 1)
        if card is not None and not caller.is_shut and self._may_sign_in_alone(card):
            return _Guessable(card=card, is_decoy=False)
        return _Guessable(card=decoys[0], is_decoy=True) if decoys else None

    def _may_sign_in_alone(self, card: Card) -> bool:
        return not card.resync_due and self._profiles.strength(card) >= _STRONG_ALONE

    # --- the end ------------------------------------------------------------------------------------------

    async def refuse(self, caller: Caller, reason: str) -> SignedIn:
        """Note why, for the audit alone. Raises SignInRefused."""
        await self._knocking.refuse(caller, "sign_in_refused", reason)
        raise SignInRefused(caller.attempts_left, at_stake=caller.at_stake)

    def _login(
        self, user_id: UserId, device_id: DeviceId | None, factors: frozenset[Factor], token: str, now: datetime
    ) -> Login:
        return Login(
            id=LoginId(self._parts.ids.make("log")),
            user_id=user_id,
            device_id=device_id,
            factors=factors,
            token_digest=digest_of(token),
            created_at=now,
            last_act_at=now,
            expires_at=now + LONGEST,
        )


def _only_active(cards: Sequence[Card], wanted: str | None, today: date) -> Card | None:
    """Return the active card that is meant; None where none is, or no telling which: nobody is asked (RULES 9)."""
    current = [as_of(card, today) for card in cards]
    meant = [card for card in current if card.status is CardStatus.ACTIVE and wanted in {None, card.id, card.last4}]
    return meant[0] if len(meant) == 1 else None


def _prover(caller: Caller, user: User) -> Prover:
    device_id = caller.device.id if caller.device else None
    return Prover(user_id=user.id, purpose=Purpose.SIGN_IN, device_id=device_id)


async def _consume(ledger: Ledger, card: Card, verdict: Verdict) -> bool:
    return verdict.atc is not None and await ledger.cards.advance(card.id, verdict.atc)
