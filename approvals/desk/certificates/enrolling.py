"""A person enrols a certificate: its key is shown to be theirs, it names them and their company, it is good today.

It gives access, so something strong stands behind it (RULES 24): a fresh sign-in with code and card, the letter of
first entry, the certificate it takes over from, or the word of two advisers. Path and revocation are asked between
two transactions; what may have changed meanwhile is read again.
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from approvals.certificates import signature
from approvals.certificates.binding import require_company, require_named
from approvals.certificates.checks import check, uses_of
from approvals.certificates.issuing import find_issuer
from approvals.certificates.levels import require_browser_level
from approvals.certificates.reading import Reading, read, thumbprint
from approvals.certificates.refusals import CertificateRefused, EnrolmentRefused, Reason
from approvals.certificates.signature import SignedType
from approvals.certificates.signature_refusals import SignatureFault, SignatureRefused
from approvals.credentials import certificate as life
from approvals.credentials import certificate_order as orders
from approvals.credentials.certificate_refusals import BrowserKeysOff, CertificateNotActive, CertificateTaken
from approvals.desk.certificates.parts import CertificateParts
from approvals.desk.certificates.rules import accepting_company, require_free
from approvals.desk.devices import require_fresh
from approvals.desk.presence import Presence, require_presence
from approvals.errors import NotFound
from approvals.model.activation import LetterStatus
from approvals.model.audit import AuditEntry
from approvals.model.certificate import Authority, Certificate, CertificateStatus, CertificateUse, Level
from approvals.model.ids import CertificateId, LoginId, UserId
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Ledger


class Ground(StrEnum):
    """What strong stands behind an enrolment; the audit's word."""

    STRONG_PROOF = "strong_proof"
    FIRST_ENTRY = "first_entry"
    RENEWAL = "renewal"
    ADMISSION = "admission"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateEnrolment:
    """What the person's key says: `jws` signs the nonce as for sign-in (RFC 7515 appendix F).

    `certificate` is DER; `in_browser` says that a browser keeps its key (RULES 15). `renews` is the one it takes over
    from; `renewal` that one's JWS, which names the new one.
    """

    certificate: bytes = field(repr=False)
    nonce: str
    jws: str = field(repr=False)
    in_browser: bool = False
    renews: CertificateId | None = None
    renewal: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """What the first transaction found."""

    user_id: UserId
    authority: Authority
    reading: Reading
    ground: Ground
    level: Level
    uses: frozenset[CertificateUse]
    in_browser: bool
    renewed: Certificate | None
    renewed_under: Authority | None


class EnrolDesk:
    """Enrols."""

    def __init__(self, parts: CertificateParts) -> None:
        self._parts = parts

    async def enrol(self, login_id: LoginId, request: CertificateEnrolment) -> Certificate:
        """Return the certificate, at work; the one it renews is superseded.

        Raises EnrolmentRefused with the reason, CertificateTaken, CertificateKnownAlready, CertificateNotActive,
        SignatureRefused, FreshProofNeeded, MeansNotAccepted, BrowserKeysOff, NotFound, LoginEnded,
        RevocationUnavailable.
        """
        try:
            offer = await self._parts.book.transaction(lambda ledger: self._offer(ledger, login_id, request))
            await self._validate(offer)
            written, heads = await self._parts.book.transaction(lambda ledger: self._record(ledger, login_id, offer))
        except CertificateRefused as refused:
            await self._note_refusal(login_id, refused.reason)
            raise EnrolmentRefused(refused.reason) from None
        except CertificateTaken:
            await self._note_refusal(login_id, Reason.OTHER_USER)
            raise
        await self._parts.announcer.announce(heads)
        return written

    # --- what is offered ----------------------------------------------------------------------------------

    async def _offer(self, ledger: Ledger, login_id: LoginId, request: CertificateEnrolment) -> _Offer:
        now = self._parts.clock.now()
        presence = await require_presence(ledger, login_id, now)
        company = await accepting_company(ledger, presence.user.id)
        if request.in_browser and not self._parts.terms.keys_in_browsers:
            raise BrowserKeysOff("this bank lets no browser keep the key of a certificate")
        if not await ledger.nonces.take(request.nonce, now):
            raise SignatureRefused(SignatureFault.WRONG)
        authority = find_issuer(request.certificate, await ledger.authorities.all())
        reading = read(request.certificate, authority)
        uses = uses_of(reading, authority)
        level = check(reading, authority, min(uses or authority.uses), now)
        if request.in_browser:
            require_browser_level(level)
        self._require_possession(request)
        require_company(reading.holder, company.siren)
        await require_free(ledger, reading.thumbprint, presence.user.id)
        renewed = await _renewed(ledger, presence.user.id, request.renews)
        ground = await self._ground(ledger, presence, request, renewed, now)
        if ground is not Ground.ADMISSION:
            require_named(reading.holder, _name_of(renewed) if renewed else presence.user.name)
        return _Offer(
            user_id=presence.user.id,
            authority=authority,
            reading=reading,
            ground=ground,
            level=level,
            uses=uses,
            in_browser=request.in_browser,
            renewed=renewed,
            renewed_under=await ledger.authorities.load(renewed.authority_id) if renewed else None,
        )

    def _require_possession(self, request: CertificateEnrolment) -> None:
        """Raise SignatureRefused unless the certificate's own key signed our nonce."""
        terms = self._parts.terms
        signed = signature.sign_in_payload(terms.parties.environment, terms.origin, _bytes(request.nonce))
        detached = signature.read_detached(request.jws)
        signature.verify(detached, SignedType.SIGN_IN, signed, request.certificate)

    async def _ground(
        self,
        ledger: Ledger,
        presence: Presence,
        request: CertificateEnrolment,
        renewed: Certificate | None,
        now: datetime,
    ) -> Ground:
        """Return what stands behind it. Raises FreshProofNeeded where nothing does, SignatureRefused."""
        offered = thumbprint(request.certificate)
        if renewed is not None and request.renewal is not None:
            self._require_renewal(request, renewed, offered, now)
            return Ground.RENEWAL
        if await ledger.certificates.is_admitted(presence.user.id, offered, now):
            return Ground.ADMISSION
        if await _is_first_entry(ledger, presence.user.id, now):
            return Ground.FIRST_ENTRY
        require_fresh(presence, now)
        return Ground.STRONG_PROOF

    def _require_renewal(
        self, request: CertificateEnrolment, renewed: Certificate, offered: str, now: datetime
    ) -> None:
        if not life.is_usable(renewed, now):
            raise CertificateNotActive("the certificate to be renewed is past its end")
        terms = self._parts.terms
        signed = signature.renewal_payload(terms.parties.environment, terms.origin, _bytes(request.nonce), offered)
        detached = signature.read_detached(request.renewal or "")
        signature.verify(detached, SignedType.RENEWAL, signed, renewed.der)

    # --- what is asked outside ----------------------------------------------------------------------------

    async def _validate(self, offer: _Offer) -> None:
        """Ask for path and revocation, of the renewed one too where it is what speaks for the new."""
        now, validator = self._parts.clock.now(), self._parts.validator
        renewed, under = offer.renewed, offer.renewed_under
        if offer.ground is Ground.RENEWAL and renewed is not None and under is not None:
            await validator.validate(renewed.der, under, min(renewed.uses), now)
        for use in sorted(offer.uses):
            await validator.validate(offer.reading.der, offer.authority, use, now)

    # --- what is written ----------------------------------------------------------------------------------

    async def _record(
        self, ledger: Ledger, login_id: LoginId, offer: _Offer
    ) -> tuple[Certificate, Mapping[UserId, int]]:
        now = self._parts.clock.now()
        await require_presence(ledger, login_id, now)
        await accepting_company(ledger, offer.user_id)
        authority = await ledger.authorities.load(offer.authority.id)
        if authority != offer.authority:
            raise CertificateRefused(Reason.AUTHORITY_WITHDRAWN)
        removed = await require_free(ledger, offer.reading.thumbprint, offer.user_id)
        if offer.renewed is not None:
            await _supersede(ledger, offer.renewed.id, offer.user_id, now)
        written = _certificate(offer, removed.id if removed else CertificateId(self._parts.ids.make("crt")), now)
        await ledger.certificates.put(written)
        await ledger.certificates.use_admission(offer.user_id, written.thumbprint)
        await _fulfil_order(ledger, written, now)
        value = {"certificate": written.id, "thumbprint": written.thumbprint, "ground": offer.ground.value}
        if offer.in_browser:
            value["key_kept_by"] = "browser"
        actor = f"user:{offer.user_id}"
        await ledger.audit.append([AuditEntry(code="certificate_enrolled", actor=actor, at=now, value=value)])
        news = [News(user_id=offer.user_id, kind=EventKind.CERTIFICATE_ENROLLED)]
        return written, await ledger.inboxes.append(news, now)

    async def _note_refusal(self, login_id: LoginId, reason: Reason) -> None:
        async def work(ledger: Ledger) -> None:
            now = self._parts.clock.now()
            presence = await require_presence(ledger, login_id, now)
            actor, value = f"user:{presence.user.id}", {"reason": reason.value}
            entry = AuditEntry(code="certificate_enrolment_refused", actor=actor, at=now, value=value)
            await ledger.audit.append([entry])

        await self._parts.book.transaction(work)


def _bytes(nonce: str) -> bytes:
    """Return the 32 bytes of a nonce that was ours, as `Ids.secret` wrote them."""
    return urlsafe_b64decode(nonce + "=")


async def _renewed(ledger: Ledger, user_id: UserId, certificate_id: CertificateId | None) -> Certificate | None:
    """Raises NotFound for another person's, CertificateNotActive."""
    if certificate_id is None:
        return None
    found = await ledger.certificates.load(certificate_id)
    if found is None or found.user_id != user_id:
        raise NotFound("no such certificate of yours")
    if found.status is not CertificateStatus.ACTIVE:
        raise CertificateNotActive(f"the certificate is {found.status}")
    return found


async def _is_first_entry(ledger: Ledger, user_id: UserId, now: datetime) -> bool:
    """The letter was used within the day, by somebody who has no strong means yet."""
    letter = await ledger.activations.load(user_id)
    if letter is None or letter.status is not LetterStatus.USED or letter.used_at is None:
        return False
    if now - letter.used_at > life.FIRST_ENTRY:
        return False
    return not await ledger.cards.of_users([user_id]) and not await ledger.certificates.of_users([user_id])


async def _supersede(ledger: Ledger, certificate_id: CertificateId, user_id: UserId, now: datetime) -> None:
    found = await _renewed(ledger, user_id, certificate_id)
    if found is not None:
        await ledger.certificates.put(life.end(found, CertificateStatus.SUPERSEDED))
        actor, value = f"user:{user_id}", {"certificate": found.id}
        await ledger.audit.append([AuditEntry(code="certificate_superseded", actor=actor, at=now, value=value)])


async def _fulfil_order(ledger: Ledger, written: Certificate, now: datetime) -> None:
    for order in await ledger.certificate_orders.of_users([written.user_id]):
        if order.is_open:
            await ledger.certificate_orders.save(orders.fulfil(order, written.id, now))


def _certificate(offer: _Offer, certificate_id: CertificateId, now: datetime) -> Certificate:
    reading = offer.reading
    return Certificate(
        id=certificate_id,
        user_id=offer.user_id,
        authority_id=offer.authority.id,
        der=reading.der,
        thumbprint=reading.thumbprint,
        holder=reading.holder,
        level=offer.level,
        uses=offer.uses,
        not_before=reading.not_before,
        not_after=reading.not_after,
        status=CertificateStatus.ACTIVE,
        enrolled_at=now,
        due_at=life.next_due(reading.not_after, now),
        in_browser=offer.in_browser,
    )


def _name_of(certificate: Certificate) -> str:
    return f"{certificate.holder.given_name} {certificate.holder.surname}"
