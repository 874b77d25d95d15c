"""Signing in by certificate: the key signs hashes of our origin and of a nonce made for this attempt, nothing else.

On the mTLS host the handshake has proved the key, and what was shown there stands for the signature.

It is counted and refused like every other sign-in (`knocking`). The signature is verified against the certificate it
claims before anybody is looked up, so that no answer comes sooner for who does not exist (RULES 9).
"""

import hashlib
from base64 import urlsafe_b64decode
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from approvals.certificates.reading import thumbprint
from approvals.certificates.refusals import RevocationUnavailable
from approvals.certificates.signature import SignedType, read_detached, sign_in_payload, verify
from approvals.certificates.signature_refusals import SignatureRefused
from approvals.desk.certified import Found, NotTheirs, Signature, find_own, find_signed
from approvals.desk.factors import FactorParts
from approvals.desk.knocking import Caller, Knocking, Visitor
from approvals.desk.sign_in import SignedIn, SignIn
from approvals.errors import ProofNotChecked
from approvals.model.certificate import Certificate, CertificateUse
from approvals.model.device import Factor
from approvals.model.proof import Checked
from approvals.ports.book import Ledger
from approvals.ports.world import CertificateChecker

_NONCE_LIFE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest(Visitor):
    """A signature over a nonce given for this client identifier and user number.

    `code` is the confidential code, which a key kept by a browser needs besides (RULES 15).
    """

    nonce: str = field(repr=False)
    jws: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRequest(Visitor):
    """What the mTLS host saw: the certificate (DER) a handshake proved the key of, None where there was none.

    `code` as in CertificateRequest.
    """

    certificate: bytes | None = field(repr=False)
    code: str | None = field(default=None, repr=False)


class CertificateSignIn:
    """From a nonce to a login."""

    def __init__(self, *, parts: FactorParts, checker: CertificateChecker, knocking: Knocking, sign_in: SignIn) -> None:
        self._parts = parts
        self._checker = checker
        self._knocking = knocking
        self._sign_in = sign_in

    async def nonce(self, client_identifier: str, user_number: str) -> tuple[str, datetime]:
        """Return 32 random bytes (base64url), good once within five minutes for who claims to be this person."""
        nonce, expires_at = self._parts.ids.secret(), self._parts.clock.now() + _NONCE_LIFE
        kept = _kept(nonce, client_identifier, user_number)
        await self._parts.book.statement(lambda ledger: ledger.nonces.add(kept, expires_at))
        return nonce, expires_at

    async def run(self, request: CertificateRequest) -> SignedIn:
        """Let the holder in. Raises SignInRefused, TooManyFailures, PersonLocked, ProofNotChecked."""
        caller = await self._knocking.knock(request)
        found = await self._parts.book.transaction(lambda ledger: self._find(ledger, caller, request))
        if isinstance(found, NotTheirs):
            return await self._sign_in.refuse(caller, found.reason)
        await self._require_right(caller, self._checker.check(found, self._parts.clock.now()))
        return await self._admit(caller, found.certificate, request.code)

    async def run_shown(self, request: ShownRequest) -> SignedIn:
        """Let in whose certificate the mTLS host saw; it is counted and judged as a signature's. Raises as `run`."""
        caller = await self._knocking.knock(request)
        if request.certificate is None:
            return await self._sign_in.refuse(caller, "certificate_not_shown")
        named, now = thumbprint(request.certificate), self._parts.clock.now()
        user_id = caller.user.id if caller.user else None
        found = await self._parts.book.reading(
            lambda ledger: find_own(ledger, user_id, named, CertificateUse.SIGN_IN, now)
        )
        if isinstance(found, NotTheirs):
            return await self._sign_in.refuse(caller, found.reason)
        await self._require_right(caller, self._checker.check_shown(found, now))
        return await self._admit(caller, found.certificate, request.code)

    async def _admit(self, caller: Caller, certificate: Certificate, code: str | None) -> SignedIn:
        """Let in whoever has shown the key of a certificate that was found good for sign-in."""
        if certificate.in_browser:
            await self._require_code(caller, code)
        if caller.user is None or caller.is_shut or certificate.user_id != caller.user.id:
            return await self._sign_in.refuse(caller, "certificate_of_another")
        device = {Factor.DEVICE} if caller.device else set()
        typed = {Factor.CONFIDENTIAL_CODE} if certificate.in_browser else set()
        return await self._sign_in.let_in(caller, frozenset({Factor.CERTIFICATE} | device | typed))

    async def _find(self, ledger: Ledger, caller: Caller, request: CertificateRequest) -> Found:
        """The nonce is used up, right or wrong."""
        now = self._parts.clock.now()
        kept = _kept(request.nonce, request.client_identifier, request.user_number)
        if not await ledger.nonces.take(kept, now):
            return NotTheirs("nonce_unknown")
        terms = self._parts.terms
        content = sign_in_payload(terms.parties.environment, terms.origin, _bytes(request.nonce))
        fault = _fault(request.jws, content)
        if fault is not None:
            return NotTheirs(fault)
        signature = Signature(jws=request.jws, content=content, use=CertificateUse.SIGN_IN)
        return await find_signed(ledger, caller.user.id if caller.user else None, signature, now)

    async def _require_right(self, caller: Caller, check: Awaitable[Checked]) -> None:
        try:
            checked = await check
        except RevocationUnavailable as unavailable:
            await self._knocking.refuse(caller, "proof_not_checked", unavailable.cause)
            raise ProofNotChecked("whether the certificate is revoked cannot be asked now: begin again") from None
        if not checked.verdict.right:
            await self._sign_in.refuse(caller, checked.verdict.reason)

    async def _require_code(self, caller: Caller, code: str | None) -> None:
        """Counted as at any sign-in: at the door, or against the person on a device of theirs (RULES 15)."""
        if not self._parts.terms.keys_in_browsers:
            await self._sign_in.refuse(caller, "browser_keys_off")
        elif code is None:
            await self._sign_in.refuse(caller, "code_missing")
        else:
            await self._sign_in.check_code(caller, code)


def _kept(nonce: str, client_identifier: str, user_number: str) -> str:
    """Return what is kept of a nonce: good for one claimed identity, and no nonce of a device."""
    claimed = f"{client_identifier}/{user_number}/{nonce}"
    return f"certificate:{hashlib.sha256(claimed.encode()).hexdigest()}"


def _bytes(nonce: str) -> bytes:
    """Return the 32 bytes of a nonce that was ours, as `Ids.secret` wrote them."""
    return urlsafe_b64decode(nonce + "=")


def _fault(jws: str, content: bytes) -> str | None:
    """Say what is wrong with the signature by the certificate it claims, whoever's that is."""
    try:
        signed = read_detached(jws)
        verify(signed, SignedType.SIGN_IN, content, signed.x5c)
    except SignatureRefused as refused:
        return refused.fault
    return None
