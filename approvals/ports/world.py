"""Clock, ids, announcements, keys and the checks of proofs: everything outside that is not the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from approvals.model.adviser import Adviser
from approvals.model.card import Card
from approvals.model.certificate import Authority, Certificate, CertificateUse
from approvals.model.ids import UserId
from approvals.model.json import Facts
from approvals.model.proof import CapProof, Checked, TotpProof, Verdict
from approvals.model.reader import LinkSubject, ReaderInput
from approvals.ports.vault import SealedSecret


class Clock(Protocol):
    """The one source of time; aware, UTC."""

    def now(self) -> datetime: ...


class Ids(Protocol):
    """New ids and secrets, which hold 80 and 256 random bits; what people type is shorter."""

    def make(self, prefix: str) -> str: ...

    def secret(self) -> str: ...

    def letter_secret(self) -> str:
        """Return 16 digits of Crockford's base 32, lower case: 80 random bits."""
        ...

    def two_digits(self) -> str: ...


class Announcer(Protocol):
    """Tells live connections that inboxes have grown, after the commit; a lost hint costs time, never truth."""

    async def announce(self, heads: Mapping[UserId, int]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOffer:
    """A detached JWS, and what it must be over: `content` is rebuilt here, `certificate` enrolled under its person."""

    use: CertificateUse
    jws: str = field(repr=False)
    content: bytes = field(repr=False)
    certificate: Certificate
    authority: Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCertificate:
    """A certificate enrolled under its person, whose key was proved elsewhere: by TLS, where nothing else signs."""

    certificate: Certificate
    authority: Authority


class ProofChecker(Protocol):
    """Judges a proof with no transaction held. `card` is as the first transaction read it."""

    async def check_cap(self, card: Card, asked: ReaderInput, proof: CapProof) -> Verdict: ...

    async def check_resync(self, card: Card, first: CapProof, second: CapProof) -> Verdict: ...


class TotpChecker(Protocol):
    """Judges an adviser's TOTP; too quick to be waited for. `adviser` and `seed` are as they were read."""

    def check_totp(self, adviser: Adviser, seed: SealedSecret, proof: TotpProof, now: datetime) -> Verdict: ...


class CertificateChecker(Protocol):
    """Judges a signature by certificate with no transaction held."""

    async def check(self, offered: SignedOffer, now: datetime) -> Checked:
        """Raises RevocationUnavailable when nobody says whether the certificate is revoked."""
        ...

    async def check_shown(self, shown: ShownCertificate, now: datetime) -> Checked:
        """Judge the certificate alone, for sign-in. Raises as `check`."""
        ...


class CodeRechecker(Protocol):
    """Computes a code that was taken again, from the card's key."""

    def recheck(self, card: Card, asked: ReaderInput, verdict: Verdict) -> bool: ...


class CodeHasher(Protocol):
    """The confidential code's slow hash (Argon2id), computed off the loop."""

    async def hash(self, code: str) -> str: ...

    async def verify(self, code_hash: str | None, code: str) -> bool:
        """Take the same time for a person who does not exist (`code_hash` None), and say no."""
        ...


class CardProfiles(Protocol):
    """What the card's profile says: what is typed into its reader, how long its codes are, how hard to guess."""

    def link(self, card: Card, subject: LinkSubject) -> ReaderInput:
        """Say what is typed so that the code binds its subject (RULES 12)."""
        ...

    def code_length(self, card: Card) -> int: ...

    def strength(self, card: Card) -> int:
        """Bits of the cryptogram a code shows: what guessing has to beat."""
        ...


class ReleaseSigner(Protocol):
    """Signs the claims of a release token (JWS, ES256) with the server's current key."""

    def sign(self, claims: Facts) -> str: ...


class PublishedKeys(Protocol):
    """Public keys as a JWKS document (RFC 7517 section 5), old ones included."""

    def published_keys(self) -> bytes: ...
