"""A signer's proof, by its kind: what it risks is spent inside the transaction, the check runs outside (DESIGN).

Which challenge it is for, and what comes of the verdict, is `answers`' to say.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from approvals.credentials.card_choice import choose
from approvals.credentials.totp import SEED_KIND
from approvals.desk import counting
from approvals.desk.reader import asked_of
from approvals.errors import CodeLengthWrong, MeansNotAccepted
from approvals.model.action import Action
from approvals.model.adviser import Adviser
from approvals.model.card import Card
from approvals.model.challenge import Challenge
from approvals.model.ids import UserId
from approvals.model.paris import day_in_paris
from approvals.model.person import User
from approvals.model.proof import CapProof, OfferedProof, TotpProof, Verdict
from approvals.model.reader import ReaderInput
from approvals.ports.book import Ledger
from approvals.ports.vault import SealedSecret
from approvals.ports.world import CardProfiles, Clock, ProofChecker, TotpChecker


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


Offered: TypeAlias = OfferedCap | OfferedTotp


class Proving:
    """Spends and checks."""

    def __init__(self, *, checker: ProofChecker, totp: TotpChecker, profiles: CardProfiles, clock: Clock) -> None:
        self._checker = checker
        self._totp = totp
        self._profiles = profiles
        self._clock = clock

    async def spend(
        self, ledger: Ledger, user: User, action: Action, challenge: Challenge, proof: OfferedProof
    ) -> Offered:
        """Take the attempt a proof for this challenge risks.

        Raises MeansNotAccepted where the challenge asks for another means, CardChoiceNeeded, CodeLengthWrong, and what
        `counting` raises.
        """
        match proof:
            case CapProof():
                return await self._spend_cap(ledger, user, action, challenge, proof)
            case TotpProof():
                return await _spend_totp(ledger, user, challenge, proof)
            case _:
                assert_never(proof)

    async def check(self, offered: Offered) -> Verdict:
        """Judge it, with no transaction held."""
        match offered:
            case OfferedCap(proof=proof, card=card, asked=asked):
                return await self._checker.check_cap(card, asked, proof)
            case OfferedTotp(proof=proof, authenticator=known):
                return self._totp.check_totp(known.adviser, known.seed, proof, self._clock.now())
            case _:
                assert_never(offered)

    async def _spend_cap(
        self, ledger: Ledger, user: User, action: Action, challenge: Challenge, proof: CapProof
    ) -> OfferedCap:
        if challenge.card_id is None:
            raise MeansNotAccepted("this action is signed with an authenticator, not with a card")
        today = day_in_paris(self._clock.now())
        card = choose(await ledger.cards.of_users([user.id]), proof.card, user.language, today)
        expected = self._profiles.code_length(card)
        if len(proof.code) != expected:
            raise CodeLengthWrong(expected)
        await counting.spend(ledger, user, card)
        return OfferedCap(proof=proof, card=card, asked=asked_of(action, challenge, card, self._profiles))


async def _spend_totp(ledger: Ledger, user: User, challenge: Challenge, proof: TotpProof) -> OfferedTotp:
    authenticator = await find_authenticator(ledger, user.id)
    if challenge.card_id is not None or authenticator is None:
        raise MeansNotAccepted("this action is signed with a card, not with an authenticator")
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
