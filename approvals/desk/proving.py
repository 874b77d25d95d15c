"""A signer's proof, by its kind: what it risks is spent inside the transaction, the check runs outside (DESIGN).

Which challenge it is for, and what comes of the verdict, is `answers`' to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from approvals.certificates.fitness import may_approve, reaches
from approvals.credentials.card_choice import choose
from approvals.credentials.certificate_refusals import BrowserKeysOff
from approvals.credentials.totp import SEED_KIND
from approvals.desk import counting
from approvals.desk.certified import Found, NotTheirs, Signature, find_signed
from approvals.desk.reader import asked_of
from approvals.desk.terms import Terms
from approvals.errors import CodeLengthWrong, ConfidentialCodeNeeded, MeansNotAccepted
from approvals.model.action import Action
from approvals.model.adviser import Adviser
from approvals.model.card import Card
from approvals.model.certificate import CertificateUse, Level
from approvals.model.challenge import Challenge
from approvals.model.ids import UserId
from approvals.model.json import Facts
from approvals.model.paris import day_in_paris
from approvals.model.person import User
from approvals.model.policy import Means
from approvals.model.proof import CapProof, CertificateProof, Checked, OfferedProof, TotpProof
from approvals.model.reader import ReaderInput
from approvals.ports.book import Ledger
from approvals.ports.vault import SealedSecret
from approvals.ports.world import CardProfiles, CertificateChecker, Clock, CodeHasher, ProofChecker, TotpChecker
from approvals.statement import canonical, envelope_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticator:
    """An adviser and the sealed seed of their authenticator, as a transaction read them."""

    adviser: Adviser
    seed: SealedSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedCap:
    """A CAP code whose attempt is spent: the card it is tried against, and what was typed into the reader."""

    proof: CapProof
    card: Card
    asked: ReaderInput


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTotp:
    """A TOTP whose attempt is spent."""

    proof: TotpProof
    authenticator: Authenticator


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSignature:
    """A signature by certificate whose attempt is spent; `code_hash` is of the code it needs besides, if it does."""

    found: Found
    code: str | None = field(default=None, repr=False)
    code_hash: str | None = field(default=None, repr=False)


Offered: TypeAlias = OfferedCap | OfferedTotp | OfferedSignature

_MEANS: Final[Mapping[type[OfferedProof], Means]] = {
    CapProof: Means.CAP,
    TotpProof: Means.TOTP,
    CertificateProof: Means.CERTIFICATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkers:
    """Who judges each kind of proof."""

    cap: ProofChecker
    totp: TotpChecker
    certificate: CertificateChecker
    hasher: CodeHasher


class Proving:
    """Spends and checks."""

    def __init__(self, *, checkers: Checkers, profiles: CardProfiles, clock: Clock, terms: Terms) -> None:
        self._checkers = checkers
        self._profiles = profiles
        self._clock = clock
        self._terms = terms

    async def spend(
        self, ledger: Ledger, user: User, action: Action, challenge: Challenge, proof: OfferedProof
    ) -> Offered:
        """Take the attempt a proof for this challenge risks.

        Raises MeansNotAccepted where the policy takes another means or the person has not this one, CardChoiceNeeded,
        CodeLengthWrong, ConfidentialCodeNeeded, BrowserKeysOff, and what `counting` raises.
        """
        if _MEANS[type(proof)] not in action.policy.means:
            raise MeansNotAccepted("this action takes another strong means")
        match proof:
            case CapProof():
                return await self._spend_cap(ledger, user, action, challenge, proof)
            case TotpProof():
                return await _spend_totp(ledger, user, proof)
            case CertificateProof():
                return await self._spend_signature(ledger, user, action, challenge, proof)
            case _:
                assert_never(proof)

    async def check(self, offered: Offered) -> Checked:
        """Judge it, with no transaction held. Raises RevocationUnavailable."""
        match offered:
            case OfferedCap(proof=proof, card=card, asked=asked):
                return Checked(verdict=await self._checkers.cap.check_cap(card, asked, proof))
            case OfferedTotp(proof=proof, authenticator=known):
                now = self._clock.now()
                return Checked(verdict=self._checkers.totp.check_totp(known.adviser, known.seed, proof, now))
            case OfferedSignature():
                return await self._check_signature(offered)
            case _:
                assert_never(offered)

    async def _spend_cap(
        self, ledger: Ledger, user: User, action: Action, challenge: Challenge, proof: CapProof
    ) -> OfferedCap:
        today = day_in_paris(self._clock.now())
        card = choose(await ledger.cards.of_users([user.id]), proof.card, user.language, today)
        expected = self._profiles.code_length(card)
        if len(proof.code) != expected:
            raise CodeLengthWrong(expected)
        await counting.spend(ledger, user, card)
        return OfferedCap(proof=proof, card=card, asked=asked_of(action, challenge, card, self._profiles))

    async def _spend_signature(
        self, ledger: Ledger, user: User, action: Action, challenge: Challenge, proof: CertificateProof
    ) -> OfferedSignature:
        now, least = self._clock.now(), action.policy.certificate_level
        own = await ledger.certificates.of_users([user.id])
        if not any(may_approve(each, least, now) for each in own):
            raise MeansNotAccepted("you have no certificate that signs this")
        environment = self._terms.parties.environment
        envelope = envelope_of(action, challenge, environment, proof.language or user.language)
        content = canonical(envelope.facts())
        found = await find_signed(
            ledger, user.id, Signature(jws=proof.jws, content=content, use=CertificateUse.APPROVAL), now
        )
        needs_code = self._require_suited(found, least, proof)
        await counting.spend_person(ledger, user)
        return OfferedSignature(
            found=found, code=proof.code if needs_code else None, code_hash=user.code_hash if needs_code else None
        )

    async def _check_signature(self, offered: OfferedSignature) -> Checked:
        if isinstance(offered.found, NotTheirs):
            return offered.found.checked
        checked = await self._checkers.certificate.check(offered.found, self._clock.now())
        if offered.code is None or not checked.verdict.right:
            return checked
        return _with_code(checked, is_right=await self._checkers.hasher.verify(offered.code_hash, offered.code))

    def _require_suited(self, found: Found, least: Level | None, proof: CertificateProof) -> bool:
        """Say whether the confidential code is needed besides.

        Raises MeansNotAccepted below the policy's level, BrowserKeysOff, ConfidentialCodeNeeded: nothing was then
        spent.
        """
        if isinstance(found, NotTheirs):
            return False
        if not reaches(found.certificate, least):
            raise MeansNotAccepted("this action takes a certificate of a higher level")
        if not found.certificate.in_browser:
            return False
        if not self._terms.takes(found.certificate):
            raise BrowserKeysOff("this bank takes no more signatures by keys that browsers keep")
        if proof.code is None:
            raise ConfidentialCodeNeeded("this certificate's key is kept by a browser: add the confidential code")
        return True


def _with_code(checked: Checked, *, is_right: bool) -> Checked:
    """Note the confidential code beside a signature that holds: that one is the bank's word, not the signer's."""
    kept: Facts = {"certificate": checked.verdict.evidence["certificate"], "key_kept_by": "browser"}
    if not is_right:
        told: Facts = {**kept, "asserted_by": "bank", "confidential_code": "wrong"}
        return Checked(verdict=replace(checked.verdict, right=False, reason="wrong_code", evidence=told))
    told = {**checked.verdict.evidence, **kept, "confidential_code": "right"}
    return replace(checked, verdict=replace(checked.verdict, reason="signature_and_code_right", evidence=told))


async def _spend_totp(ledger: Ledger, user: User, proof: TotpProof) -> OfferedTotp:
    authenticator = await find_authenticator(ledger, user.id)
    if authenticator is None:
        raise MeansNotAccepted("you have no authenticator")
    await counting.spend_person(ledger, user)
    return OfferedTotp(proof=proof, authenticator=authenticator)


async def find_authenticator(ledger: Ledger, user_id: UserId) -> Authenticator | None:
    """Return the adviser's authenticator; None for who is no adviser, or has none yet."""
    adviser = await ledger.advisers.load(user_id)
    if adviser is None or adviser.seed_version == 0:
        return None
    seed = await ledger.secrets.load(SEED_KIND, user_id, adviser.seed_version)
    if seed is None:
        raise LookupError("an adviser's seed is not in the book")
    return Authenticator(adviser=adviser, seed=seed)
