"""How an adviser comes by password and authenticator: a one-use secret, a seed shown once, a first right code.

The secret is used up by that code: until then it may be shown again, and each time password and seed are new.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from approvals.credentials import activation as letter
from approvals.credentials import totp
from approvals.credentials.adviser import require_strong_password
from approvals.credentials.adviser_refusals import EnrolmentCodeWrong
from approvals.credentials.login import FRESH
from approvals.credentials.recovery import COUNT, SIZE, digest_of_code, shown_code
from approvals.credentials.refusals import ActivationRefused
from approvals.desk.adviser_door import NOBODY, Knock, forgive, knock
from approvals.desk.presence import require_presence
from approvals.desk.terms import Terms
from approvals.desk.tokens import digest_of, draw
from approvals.errors import FreshProofNeeded
from approvals.model.activation import Activation
from approvals.model.adviser import HOUSE_CLIENT, Adviser, Colleague
from approvals.model.audit import AuditEntry
from approvals.model.ids import LoginId, UserId
from approvals.model.person import UserStatus
from approvals.model.proof import TotpProof
from approvals.ports.book import Book, Ledger
from approvals.ports.vault import Keyring, SealedSecret
from approvals.ports.world import Clock, CodeHasher, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who says they are the adviser of this number, by their letter's secret; `address` is the caller's."""

    number: str
    address: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSeed:
    """A new authenticator's seed as base32 and as the QR code's text: shown this once."""

    seed: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """An invited adviser, and their letter as it is once used up."""

    colleague: Colleague
    used: Activation


class AdviserEnrolment:
    """Brings advisers in, and gives them another authenticator."""

    def __init__(
        self, *, book: Book, clock: Clock, ids: Ids, hasher: CodeHasher, keyring: Keyring, terms: Terms
    ) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._hasher = hasher
        self._keyring = keyring
        self._terms = terms

    async def begin(self, claim: Claim, password: str) -> ShownSeed:
        """Choose the password, and be shown the seed.

        Raises PasswordWeak (nothing is then counted), ActivationRefused, ActivationExpired, TooManyFailures.
        """
        require_strong_password(password, number=claim.number)
        visitor = await self._knock(claim)
        password_hash = await self._hasher.hash(password)
        drawn = draw(self._ids, totp.SEED_SIZE)

        async def work(ledger: Ledger) -> ShownSeed:
            now = self._clock.now()
            waiting = await _require_waiting(ledger, visitor, claim, now)
            await forgive(ledger, visitor, now)
            adviser = replace(waiting.colleague.adviser, password_hash=password_hash)
            return await self._show(ledger, replace(waiting.colleague, adviser=adviser), drawn, now)

        return await self._book.transaction(work)

    async def confirm(self, claim: Claim, proof: TotpProof) -> Sequence[str]:
        """Show the first code: the adviser may work from now on. Return the recovery codes, shown this once.

        Raises ActivationRefused, ActivationExpired, EnrolmentCodeWrong, TooManyFailures. Who holds the secret was shown
        the seed, so a wrong code costs no more than any failure at the door.
        """
        visitor = await self._knock(claim)

        async def work(ledger: Ledger) -> Sequence[str]:
            now = self._clock.now()
            waiting = await _require_waiting(ledger, visitor, claim, now)
            await forgive(ledger, visitor, now)
            await ledger.activations.save(waiting.used)
            await ledger.people.save_user(replace(waiting.colleague.user, status=UserStatus.ACTIVE))
            return await self._finish(ledger, waiting.colleague.adviser, proof, now)

        return await self._book.transaction(work)

    async def begin_again(self, login_id: LoginId) -> ShownSeed:
        """Show a signed-in adviser the seed of another authenticator; the old one serves until that is confirmed.

        Raises LoginEnded, PersonLocked, FreshProofNeeded: password and second factor were shown minutes ago.
        """
        drawn = draw(self._ids, totp.SEED_SIZE)

        async def work(ledger: Ledger) -> ShownSeed:
            now = self._clock.now()
            return await self._show(ledger, await _require_fresh(ledger, login_id, now), drawn, now)

        return await self._book.transaction(work)

    async def confirm_again(self, login_id: LoginId, proof: TotpProof) -> Sequence[str]:
        """Show the other authenticator's first code: it takes the old one's place, with new recovery codes.

        Raises LoginEnded, PersonLocked, FreshProofNeeded, EnrolmentCodeWrong.
        """

        async def work(ledger: Ledger) -> Sequence[str]:
            now = self._clock.now()
            colleague = await _require_fresh(ledger, login_id, now)
            return await self._finish(ledger, colleague.adviser, proof, now)

        return await self._book.transaction(work)

    # --- both ways in -------------------------------------------------------------------------------------

    async def _knock(self, claim: Claim) -> Knock:
        async def work(ledger: Ledger) -> Knock:
            return await knock(ledger, claim.number, claim.address, self._clock.now())

        return await self._book.transaction(work)

    async def _show(self, ledger: Ledger, colleague: Colleague, drawn: bytes, now: datetime) -> ShownSeed:
        adviser, user = colleague.adviser, colleague.user
        version = adviser.seed_version + 1
        sealed = self._keyring.seal(totp.SEED_KIND, user.id, version, drawn)
        await ledger.secrets.put(
            SealedSecret(kind=totp.SEED_KIND, id=user.id, version=version, sealed=sealed, created_at=now)
        )
        await ledger.advisers.save(replace(adviser, enrolling_version=version))
        await _note(ledger, user.id, "authenticator_shown", now)
        issuer = self._terms.parties.issuer
        uri = totp.provisioning_uri(drawn, account=f"{HOUSE_CLIENT}/{user.number}", issuer=issuer)
        return ShownSeed(seed=totp.shown_seed(drawn), uri=uri)

    async def _finish(self, ledger: Ledger, adviser: Adviser, proof: TotpProof, now: datetime) -> Sequence[str]:
        step = await self._first_step(ledger, adviser, proof, now)
        if adviser.seed_version:
            old = await ledger.secrets.load(totp.SEED_KIND, adviser.user_id, adviser.seed_version)
            if old is not None:
                await ledger.secrets.drop(old)
        enrolled = replace(adviser, seed_version=adviser.enrolling_version, enrolling_version=0, last_step=step)
        await ledger.advisers.save(enrolled)
        codes = [shown_code(draw(self._ids, SIZE)) for _ in range(COUNT)]
        await ledger.advisers.replace_recovery_codes(adviser.user_id, [digest_of_code(code) for code in codes])
        await _note(ledger, adviser.user_id, "authenticator_enrolled", now)
        return codes

    async def _first_step(self, ledger: Ledger, adviser: Adviser, proof: TotpProof, now: datetime) -> int:
        seed = await ledger.secrets.load(totp.SEED_KIND, adviser.user_id, adviser.enrolling_version)
        if seed is None:
            raise EnrolmentCodeWrong("no authenticator waits for its first code")
        opened = self._keyring.open(seed.kind, seed.id, seed.version, seed.sealed)
        outcome = totp.check_totp(opened, proof.code, 0, now)
        if not isinstance(outcome, totp.RightStep):
            raise EnrolmentCodeWrong("this is not the code of now: look at the clock of the device")
        return outcome.step


async def _require_waiting(ledger: Ledger, visitor: Knock, claim: Claim, now: datetime) -> _Waiting:
    """Return the invited adviser whose secret this is, as read now. Raises ActivationRefused, ActivationExpired."""
    user_id = visitor.colleague.user.id if visitor.colleague else NOBODY
    used = letter.use(await ledger.activations.load(user_id), digest_of(letter.read(claim.secret)), now)
    user, adviser = await ledger.people.user(user_id), await ledger.advisers.load(user_id)
    if used is None or user is None or adviser is None or user.status is not UserStatus.INVITED:
        raise ActivationRefused(visitor.attempts_left)
    return _Waiting(colleague=Colleague(user=user, adviser=adviser), used=used)


async def _require_fresh(ledger: Ledger, login_id: LoginId, now: datetime) -> Colleague:
    presence = await require_presence(ledger, login_id, now)
    adviser = await ledger.advisers.load(presence.user.id)
    if adviser is None or now - presence.login.created_at > FRESH:
        raise FreshProofNeeded("sign in again first, with the authenticator or a recovery code")
    return Colleague(user=presence.user, adviser=adviser)


async def _note(ledger: Ledger, user_id: UserId, code: str, now: datetime) -> None:
    await ledger.audit.append([AuditEntry(code=code, actor=f"user:{user_id}", at=now)])
