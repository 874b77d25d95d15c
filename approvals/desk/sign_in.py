"""Signing in (RULES 7 to 10, RTS 2018/389 art. 4).

It runs like an answer: what is risked is spent first, the slow checks run with no transaction held, the outcome is
recorded after. Who shows neither a known device nor the confidential code risks only the door of the identity they
claim and their own buckets, never a card; and every refusal looks and costs the same, whoever exists.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from approvals.credentials import counters, throttle
from approvals.credentials import device as device_rules
from approvals.credentials.card import as_of
from approvals.credentials.card_choice import choose
from approvals.credentials.login import LONGEST
from approvals.desk import counting
from approvals.desk.cards.refused import refusals_noted
from approvals.desk.devices import DeviceClaim, find_claimed_device
from approvals.desk.terms import Terms
from approvals.desk.tokens import LOGIN, digest_of, new_token
from approvals.errors import DeviceSignatureRefused, InvalidRequest, SignInRefused
from approvals.model.audit import AuditEntry
from approvals.model.card import Card, CardStatus
from approvals.model.device import Device, Factor, Login
from approvals.model.ids import LoginId, ProofId, UserId
from approvals.model.paris import day_in_paris
from approvals.model.person import User
from approvals.model.proof import Answer, CapProof, Proof, ProofStatus, Purpose, Verdict
from approvals.model.reader import CODE_KEY
from approvals.model.throttle import FailureBucket
from approvals.ports.book import Book, Ledger
from approvals.ports.world import CardProfiles, Clock, CodeHasher, Ids, ProofChecker

_STRONG_ALONE: Final = 20
"""Bits of cryptogram from which a CAP code may sign in from an unknown device (RULES 9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRequest:
    """What the person typed, and where they come from; `address` is the caller's, as the trusted proxy says it."""

    client_identifier: str
    user_number: str
    address: str
    code: str | None = field(default=None, repr=False)
    cap: CapProof | None = None
    device: DeviceClaim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The login, its token (told this once, kept as a digest) and the person."""

    login: Login
    token: str = field(repr=False)
    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInParts:
    """What signing in leans on."""

    book: Book
    clock: Clock
    ids: Ids
    checker: ProofChecker
    profiles: CardProfiles
    hasher: CodeHasher
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class _Caller:
    """Who knocks: the person claimed (if there is one), their known device, and what a refusal may tell."""

    request: SignInRequest
    user: User | None
    device: Device | None
    is_shut: bool
    attempts_left: int

    @property
    def buckets(self) -> tuple[str, str, str]:
        return _bucket_keys(self.request)


class SignIn:
    """One sign-in from the knock to the login."""

    def __init__(self, parts: SignInParts) -> None:
        self._parts = parts

    async def run(self, request: SignInRequest) -> SignedIn:
        """Sign in with the confidential code, with code and CAP, or with CAP alone where RULES 9 allows.

        Raises SignInRefused, TooManyFailures; and behind a first factor PersonLocked, CardLocked, CardBlocked,
        CardResyncDue, CardNotUsable, CardChoiceNeeded, NoAttemptLeft.
        """
        if request.code is None and request.cap is None:
            raise InvalidRequest("a confidential code or a CAP code is needed", field="code")
        caller = await self._parts.book.transaction(lambda ledger: self._knock(ledger, request))
        factors = {Factor.DEVICE} if caller.device else set()
        if request.code is not None:
            await self._check_code(caller, request.code)
            factors.add(Factor.CONFIDENTIAL_CODE)
        if request.cap is not None:
            await self._check_cap(caller, request.cap, is_behind_a_factor=bool(factors))
            factors.add(Factor.CAP)
        if caller.user is None:
            return await self._refuse(caller, "nobody")
        return await self._let_in(caller, caller.user, frozenset(factors))

    # --- the knock ----------------------------------------------------------------------------------------

    async def _knock(self, ledger: Ledger, request: SignInRequest) -> _Caller:
        """Spend what this caller risks, before anything is checked."""
        now = self._parts.clock.now()
        user = await ledger.people.user_named(request.client_identifier, request.user_number)
        device = await self._known_device(ledger, request, user, now)
        keys = _bucket_keys(request)
        found = {bucket.key: bucket for bucket in await ledger.failures.load(keys)}
        if device is not None and user is not None:
            return await self._knock_from_known(ledger, request, user, device)
        throttle.require_patience(found, keys, now)
        is_shut = throttle.is_shut(found, keys[0], now)
        for key in keys:
            await ledger.failures.save(throttle.failed(found.get(key), key, now))
        left = max(int(throttle.DOOR.capacity - throttle.level(found.get(keys[0]), throttle.DOOR, now)) - 1, 0)
        return _Caller(request=request, user=user, device=None, is_shut=is_shut, attempts_left=left)

    async def _knock_from_known(self, ledger: Ledger, request: SignInRequest, user: User, device: Device) -> _Caller:
        counters.require_usable_person(user)
        if request.code is not None:
            user = counters.spend_person(user)
            await ledger.people.save_user(user)
        return _Caller(request=request, user=user, device=device, is_shut=False, attempts_left=user.attempts_left)

    async def _known_device(
        self, ledger: Ledger, request: SignInRequest, user: User | None, now: datetime
    ) -> Device | None:
        if request.device is None:
            return None
        origin = self._parts.terms.origin
        try:
            device = await find_claimed_device(ledger, request.device, device_rules.SIGN_IN, origin, now)
        except DeviceSignatureRefused:
            return None
        return device if user is not None and device.user_id == user.id else None

    # --- the factors --------------------------------------------------------------------------------------

    async def _check_code(self, caller: _Caller, code: str) -> None:
        code_hash = caller.user.code_hash if caller.user and not caller.is_shut else None
        if not await self._parts.hasher.verify(code_hash, code):
            await self._refuse(caller, "door_shut" if caller.is_shut else "wrong_code")
        if caller.device is not None and caller.user is not None:
            user_id = caller.user.id
            await self._parts.book.transaction(lambda ledger: _return_attempt(ledger, user_id))

    async def _check_cap(self, caller: _Caller, cap: CapProof, *, is_behind_a_factor: bool) -> None:
        if caller.user is None or caller.is_shut:
            await self._refuse(caller, "nobody" if caller.user is None else "door_shut")
            return
        user = caller.user
        if is_behind_a_factor:
            await self._check_counted(caller, user, cap)
        else:
            await self._check_uncounted(caller, user, cap)

    async def _check_counted(self, caller: _Caller, user: User, cap: CapProof) -> None:
        """Check a code behind a first factor: card and person risk an attempt each."""
        async with refusals_noted(self._parts.book, self._parts.clock):
            proof, card = await self._parts.book.transaction(
                lambda ledger: self._offer(ledger, user.id, cap, caller.device)
            )
        verdict = await self._parts.checker.check_cap(card, CODE_KEY, cap)

        async def record(ledger: Ledger) -> counting.Judged:
            now = self._parts.clock.now()
            judged = await counting.judge(ledger, proof, verdict, now)
            answer = Answer.ACCEPTED if judged.verdict.right else Answer.PROOF_REFUSED
            await counting.record(ledger, proof, judged, answer, now)
            await ledger.inboxes.append(judged.news, now)
            return judged

        judged = await self._parts.book.transaction(record)
        if not judged.verdict.right:
            await self._refuse(replace(caller, attempts_left=judged.attempts_left), judged.verdict.reason)

    async def _check_uncounted(self, caller: _Caller, user: User, cap: CapProof) -> None:
        """Check a code from an unknown device without code: only for profiles hard to guess, and no card is risked."""
        card = await self._parts.book.reading(
            lambda ledger: _only_active_card(ledger, user.id, cap.card, day_in_paris(self._parts.clock.now()))
        )
        if card is None or card.resync_due or self._parts.profiles.strength(card) < _STRONG_ALONE:
            await self._refuse(caller, "cap_alone_not_taken")
            return
        verdict = await self._parts.checker.check_cap(card, CODE_KEY, cap)
        if not verdict.right or not await self._parts.book.transaction(lambda ledger: _consume(ledger, card, verdict)):
            await self._refuse(caller, verdict.reason)

    async def _offer(self, ledger: Ledger, user_id: UserId, cap: CapProof, device: Device | None) -> tuple[Proof, Card]:
        now = self._parts.clock.now()
        user = await ledger.people.user(user_id)
        if user is None:
            raise LookupError("the person is no longer in the book")
        card = choose(await ledger.cards.of_users([user_id]), cap.card, user.language, day_in_paris(now))
        await counting.spend(ledger, user, card)
        proof = Proof(
            id=ProofId(self._parts.ids.make("prf")),
            purpose=Purpose.SIGN_IN,
            challenge_id=None,
            user_id=user_id,
            card_id=card.id,
            login_id=None,
            device_id=device.id if device else None,
            status=ProofStatus.CHECKING,
            offered_at=now,
            deadline=now + self._parts.terms.check_limit,
        )
        await ledger.proofs.add(proof)
        return proof, card

    # --- the end ------------------------------------------------------------------------------------------

    async def _refuse(self, caller: _Caller, reason: str) -> SignedIn:
        """Note why, for the audit alone; the caller is told nothing of it."""

        async def work(ledger: Ledger) -> None:
            now = self._parts.clock.now()
            user = await ledger.people.user(caller.user.id) if caller.user else None
            actor = f"user:{user.id}" if user else "unknown"
            value = {"reason": reason, "door": caller.buckets[0]}
            await ledger.audit.append([AuditEntry(code="sign_in_refused", actor=actor, at=now, value=value)])
            if user is not None and caller.device is not None:
                await counting.lock_person_if_spent(ledger, user, now)

        await self._parts.book.transaction(work)
        raise SignInRefused(caller.attempts_left)

    async def _let_in(self, caller: _Caller, user: User, factors: frozenset[Factor]) -> SignedIn:
        token = new_token(LOGIN, self._parts.ids)

        async def work(ledger: Ledger) -> SignedIn:
            now = self._parts.clock.now()
            person = await ledger.people.user(user.id) or user
            counters.require_usable_person(person)
            login = self._login(user.id, caller.device, factors, token, now)
            await ledger.people.save_user(counters.clear_person(person))
            await ledger.logins.add(login)
            await self._forgive(ledger, caller, now)
            value = {"login": login.id, "factors": sorted(factors)}
            await ledger.audit.append([AuditEntry(code="signed_in", actor=f"user:{user.id}", at=now, value=value)])
            return SignedIn(login=login, token=token, user=person)

        return await self._parts.book.transaction(work)

    def _login(
        self, user_id: UserId, device: Device | None, factors: frozenset[Factor], token: str, now: datetime
    ) -> Login:
        return Login(
            id=LoginId(self._parts.ids.make("log")),
            user_id=user_id,
            device_id=device.id if device else None,
            factors=factors,
            token_digest=digest_of(token),
            created_at=now,
            last_act_at=now,
            expires_at=now + LONGEST,
        )

    async def _forgive(self, ledger: Ledger, caller: _Caller, now: datetime) -> None:
        """The caller was right: the door opens wide again, and what this knock cost is given back."""
        found = {bucket.key: bucket for bucket in await ledger.failures.load(caller.buckets)}
        door, *others = caller.buckets
        await ledger.failures.save(FailureBucket(key=door, level=0, at=now))
        if caller.device is None:
            for key in others:
                await ledger.failures.save(throttle.forgiven(found.get(key), key, now))


def _bucket_keys(request: SignInRequest) -> tuple[str, str, str]:
    door = throttle.door_key(request.client_identifier, request.user_number)
    return door, throttle.address_key(request.address), throttle.HOUSE_KEY


async def _return_attempt(ledger: Ledger, user_id: UserId) -> None:
    user = await ledger.people.user(user_id)
    if user is not None:
        await ledger.people.save_user(counters.return_person(user))


async def _only_active_card(ledger: Ledger, user_id: UserId, wanted: str | None, today: date) -> Card | None:
    """Return the active card that is meant; None where none is, or no telling which: nobody is asked (RULES 9)."""
    cards = [as_of(card, today) for card in await ledger.cards.of_users([user_id])]
    meant = [card for card in cards if card.status is CardStatus.ACTIVE and wanted in {None, card.id, card.last4}]
    return meant[0] if len(meant) == 1 else None


async def _consume(ledger: Ledger, card: Card, verdict: Verdict) -> bool:
    return verdict.atc is not None and await ledger.cards.advance(card.id, verdict.atc)
