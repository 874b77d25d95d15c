"""An action approved with a certificate, and the file of evidence a bank gives of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from approvals.certificates.reading import thumbprint
from approvals.model.certificate import Authority, CertificateStatus, CertificateUse, Level, Validation
from approvals.model.ids import CertificateId
from approvals.model.proof import Answer
from tests.certificate_keys import TokenKey
from tests.certified import BY_CERTIFICATE, Signing, certify
from tests.fakes import START
from tests.house import CHEQUEBOOK, CODE, House, mine
from tests.pki import Issued, IssuingAuthority
from tests.sealing import Sealer


@dataclass(slots=True)
class Answering:
    """The CertificateValidator port: says that all is well, with what the authority really said."""

    authority: IssuingAuthority
    ocsp: bytes | None = None
    crl: bytes | None = None

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        del authority, use
        chain = (certificate, self.authority.issued.der)
        return Validation(level=Level.TWO_STARS, chain=chain, ocsp=self.ocsp, crl=self.crl, at=now)


async def approved_file(house: House, subject: Issued, *, in_browser: bool = False) -> tuple[bytes, Sealer]:
    """Approve with this certificate, seal, and return the evidence; with who sealed."""
    anne, _, _ = await house.found(BY_CERTIFICATE)
    signing = await _enrolled(house, await certify(house, anne, in_browser=in_browser), subject)
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    proof = signing.sign(sheet, CODE if in_browser else None)
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, proof)
    assert answered.answer is Answer.ACCEPTED
    sealer = Sealer(book=house.book, clock=house.clock, signer=house.audit_signer)
    await sealer.desk.run()
    return await house.evidence.of_action(sheet.id), sealer


async def _enrolled(house: House, signing: Signing, subject: Issued) -> Signing:
    """The same person with a certificate of the authority's."""
    certificate = replace(
        signing.certificate,
        id=CertificateId(house.ids.make("crt")),
        der=subject.der,
        thumbprint=thumbprint(subject.der),
        status=CertificateStatus.ACTIVE,
    )
    await house.book.transaction(lambda ledger: ledger.certificates.put(certificate))
    return replace(signing, certificate=certificate, key=TokenKey(key=subject.key, certificate=subject.der))


def answer_of(
    authority: IssuingAuthority,
    subject: Issued,
    *,
    signed_by: Issued | None = None,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    at: datetime = START,
) -> bytes:
    """An OCSP answer of this authority's, good for a day."""
    signer = signed_by or authority.issued
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=subject.certificate,
            issuer=authority.certificate,
            algorithm=hashes.SHA1(),  # noqa: S303  # as RFC 6960 names certificates
            cert_status=status,
            this_update=at,
            next_update=at + timedelta(days=1),
            revocation_time=at if revoked else None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    )
    if signed_by is not None:
        builder = builder.certificates([signed_by.certificate])
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
