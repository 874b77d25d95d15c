"""CAP codes: finds the card's profile and key, asks the pure rules, and notes what an auditor needs (RULES 33)."""

import asyncio
import hmac
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

from approvals.cap import linking
from approvals.cap.card_key import CardKeyReference
from approvals.cap.check import CheckedCard, Outcome, Right, check_code, is_code_at, resynchronise
from approvals.cap.profile import CapProfile
from approvals.errors import CapProfileUnknown, CardKeysUnavailable
from approvals.model.card import Card
from approvals.model.ids import ProfileId
from approvals.model.json import Facts
from approvals.model.proof import CapProof, Verdict
from approvals.model.reader import CODE_KEY, LinkSubject, ReaderInput

_SEALING: Final = b"contreseing cap codes v1"
_SEAL: Final = "code_hmac"
_PATIENCE: Final = 5.0
"""Seconds a token has for one check: fewer than a proof may be under check (`approvals.check_limit`)."""


class CardKeys(Protocol):
    """Where card keys are: in software, or in a token. One cryptogram is all it gives (CAP.md, point 7)."""

    def cryptogram(self, card: CardKeyReference, atc: int, message: bytes) -> bytes: ...


class CapProfiles:
    """The card profiles of this house; implements the CardProfiles port."""

    def __init__(self, profiles: Mapping[ProfileId, CapProfile], linking_secret: bytes) -> None:
        self._profiles = profiles
        self._linking_secret = linking_secret

    def of(self, card: Card) -> CapProfile:
        """Raises CapProfileUnknown when the card's profile is no longer configured."""
        profile = self._profiles.get(card.profile_id)
        if profile is None:
            raise CapProfileUnknown(f"no CAP profile is named {card.profile_id}")
        return profile

    def code_seal(self, card: Card, atc: int, code: str) -> str:
        """Return an HMAC of a code in lower-case hex: what evidence keeps of it, which nobody can guess it from."""
        key = hmac.digest(self._linking_secret, _SEALING, "sha256")
        return hmac.digest(key, f"{card.id}/{atc}/{code}".encode(), "sha256").hex()

    def code_length(self, card: Card) -> int:
        return self.of(card).layout.code_length

    def strength(self, card: Card) -> int:
        return self.of(card).cryptogram_bits

    def link(self, card: Card, subject: LinkSubject) -> ReaderInput:
        profile = self.of(card)
        statement_hash = bytes.fromhex(subject.statement_digest)
        hashed = linking.hashed_digits(self._linking_secret, subject.challenge_id, statement_hash)
        if subject.amount is not None and subject.currency is not None:
            return linking.payment_input(
                profile,
                subject.purpose,
                amount=subject.amount,
                currency=subject.currency,
                hashed=hashed,
                iban=subject.payee_iban,
            )
        if subject.payee_iban is not None:
            return linking.payee_input(profile, subject.purpose, iban=subject.payee_iban, hashed=hashed)
        return linking.statement_input(profile, subject.purpose, hashed=hashed)


class CapChecker:
    """Implements the ProofChecker port for CAP: one candidate counter, one input, one comparison."""

    def __init__(self, profiles: CapProfiles, keys: CardKeys, executor: Executor | None = None) -> None:
        """Keys in a token are asked on the one thread of `executor`: its calls wait for a device, and may hang."""
        self._profiles = profiles
        self._keys = keys
        self._executor = executor

    async def check_cap(self, card: Card, asked: ReaderInput, proof: CapProof) -> Verdict:
        outcome = await self._judged(partial(check_code, self._checked(card), asked, proof.code))
        verdict = _verdict(card, asked, outcome)
        if not isinstance(outcome, Right):
            return verdict
        seal = self._profiles.code_seal(card, outcome.atc, proof.code)
        return replace(verdict, evidence={**verdict.evidence, _SEAL: seal})

    def recheck(self, card: Card, asked: ReaderInput, verdict: Verdict) -> bool:
        """Say whether the code that was taken is the card's own at that counter, computed again with its key."""
        atc, seal = verdict.atc, verdict.evidence.get(_SEAL)
        if atc is None or not isinstance(seal, str):
            return False

        def is_it(code: str) -> bool:
            return hmac.compare_digest(seal, self._profiles.code_seal(card, atc, code))

        return is_code_at(self._checked(card), asked, atc, is_it)

    async def check_resync(self, card: Card, first: CapProof, second: CapProof) -> Verdict:
        outcome = await self._judged(partial(resynchronise, self._checked(card), first.code, second.code))
        return _verdict(card, CODE_KEY, outcome)

    async def _judged(self, judge: Callable[[], Outcome]) -> Outcome:
        """Raises CardKeysUnavailable when the token does not answer in time."""
        if self._executor is None:
            return judge()
        try:
            async with asyncio.timeout(_PATIENCE):
                return await asyncio.get_running_loop().run_in_executor(self._executor, judge)
        except TimeoutError:
            raise CardKeysUnavailable("the token with the issuer keys does not answer in time") from None

    def _checked(self, card: Card) -> CheckedCard:
        profile = self._profiles.of(card)
        reference = CardKeyReference(
            card_id=card.id,
            issuer_key_id=card.issuer_key_id,
            key_version=card.issuer_key_version,
            pan_sealed=card.pan_sealed,
            psn=card.psn,
            profile=profile,
        )
        cryptogram = partial(self._keys.cryptogram, reference)
        return CheckedCard(profile=profile, psn=card.psn, last_atc=card.last_atc, cryptogram=cryptogram)


def _verdict(card: Card, asked: ReaderInput, outcome: Outcome) -> Verdict:
    evidence: Facts = {
        "asserted_by": "bank",
        "card": card.id,
        "issuer_key": f"{card.issuer_key_id}/{card.issuer_key_version}",
        "mode": asked.mode.value,
        "digits_asked": asked.digits or list(asked.fields),
        "amount_asked": asked.amount,
        "atc_before": card.last_atc,
    }
    if isinstance(outcome, Right):
        return Verdict(right=True, reason="cap_right", atc=outcome.atc, evidence={**evidence, "atc": outcome.atc})
    return Verdict(right=False, reason=outcome.reason.value, evidence=evidence)
