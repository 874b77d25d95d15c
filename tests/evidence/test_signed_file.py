"""Evidence of a signature by certificate, in the hands of an auditor years later: offline, with their own anchors."""

import asyncio
import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from approvals.certificates.reading import thumbprint
from approvals.evidence.file import EVIDENCE_TYPE, EvidenceForm, read_file, signed_bytes, write_file
from approvals.evidence.file_check import FileReport, Trust, check_file
from approvals.evidence.refusals import EvidenceInvalid
from approvals.evidence.signature_check import SignatureAnchors
from approvals.evidence.signatures import read_key_set
from approvals.keys.audit_signer import AuditSigner
from approvals.model.certificate import Authority, CertificateStatus, CertificateUse, Level, Validation
from approvals.model.ids import CertificateId
from approvals.model.proof import Answer
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from approvals.store.migrate import migrate
from tests.certificate_keys import TokenKey
from tests.certified import BY_CERTIFICATE, Signing, certify
from tests.fakes import START
from tests.house import CHEQUEBOOK, House, mine
from tests.joined_desks import Parts
from tests.pki import Issued, IssuingAuthority, Wish, open_authority
from tests.sealing import Sealer


@dataclass(slots=True)
class Answering:
    """The CertificateValidator port: says that all is well, with the authority's real answer."""

    authority: IssuingAuthority
    answer: bytes = b""
    crl: bytes | None = None

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        del authority, use
        chain = (certificate, self.authority.issued.der)
        return Validation(
            level=Level.TWO_STARS, chain=chain, ocsp=None if self.crl else self.answer, crl=self.crl, at=now
        )


class Stamping:
    """The TimestampAuthority port: a token that says which digest it is over."""

    async def stamp(self, digest: bytes) -> bytes:
        return b"stamped " + digest


def stamped_at(at: datetime) -> Callable[[bytes, bytes], datetime]:
    """An auditor's check of those tokens."""

    def check(token: bytes, digest: bytes) -> datetime:
        if token != b"stamped " + digest:
            raise EvidenceInvalid("the timestamp is of something else")
        return at

    return check


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


@dataclass(slots=True, kw_only=True)
class Case:
    """One approved action's file, and everybody who had a hand in it."""

    content: bytes
    signer: AuditSigner
    trust: Trust
    authority: IssuingAuthority
    subject: Issued

    def check(self, content: bytes, anchors: SignatureAnchors | None = None) -> FileReport:
        return check_file(content, self.trust if anchors is None else replace(self.trust, anchors=anchors))

    def with_exhibit(self, name: str, content: bytes) -> bytes:
        """The file as a dishonest bank could write it: another exhibit, everything that names it made to agree."""
        evidence = msgspec.to_builtins(read_file(self.content).evidence)
        (proof,) = evidence["signers"][0]["proofs"]
        digest = hashlib.sha256(content).hexdigest()
        proof["verdict"]["evidence"][name] = digest
        evidence["exhibits"][digest] = base64.b64encode(content).decode()
        form = msgspec.convert(evidence, EvidenceForm)
        return write_file(form, self.signer.sign_detached(EVIDENCE_TYPE, signed_bytes(form)))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return asyncio.run(_make(tmp_path_factory.mktemp("signed")))


async def _make(folder: Path) -> Case:
    database = await open_database(f"sqlite:///{folder / 'house.db'}")
    await migrate(database)
    authority = open_authority()
    subject = authority.issue(Wish())
    validator = Answering(authority=authority, answer=answer_of(authority, subject, signed_by=authority.responder()))
    house = House(Parts(book=SqlBook(database), folder=folder, validator=validator, stamps=Stamping()))
    anne, _, _ = await house.found(BY_CERTIFICATE)
    signing = await enrolled(house, await certify(house, anne), subject)
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, signing.sign(sheet))
    assert answered.answer is Answer.ACCEPTED
    await Sealer(book=house.book, clock=house.clock, signer=house.audit_signer).desk.run()
    content = await house.evidence.of_action(sheet.id)
    await database.close()
    trust = Trust(
        audit_keys=read_key_set(house.audit_signer.published_keys()),
        release_keys=read_key_set(house.signer.published_keys()),
        anchors=SignatureAnchors(authorities=[authority.certificate]),
    )
    return Case(content=content, signer=house.audit_signer, trust=trust, authority=authority, subject=subject)


async def enrolled(house: House, signing: Signing, subject: Issued) -> Signing:
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


def test_x509_is_proved_by_the_signer_and_the_rest_asserted_by_the_bank(case: Case) -> None:
    told = [proved.told for proved in case.check(case.content).proved]
    assert [line for line in told if line.endswith("proved by the signer")]
    assert [line for line in told if line.endswith("asserted by the bank")]


def test_a_flip_of_any_byte_is_refused(case: Case) -> None:
    for position in range(len(case.content)):
        flipped = bytearray(case.content)
        flipped[position] ^= 1
        with pytest.raises(EvidenceInvalid):
            case.check(bytes(flipped))


def test_a_timestamp_says_when_where_its_authority_is_pinned(case: Case) -> None:
    anchors = replace(case.trust.anchors, stamps=stamped_at(START + timedelta(seconds=1)))
    assert [each for each in case.check(case.content, anchors).proved if "by its timestamp" in each.what]


def test_a_timestamp_of_another_time_is_refused(case: Case) -> None:
    anchors = replace(case.trust.anchors, stamps=stamped_at(START + timedelta(hours=1)))
    with pytest.raises(EvidenceInvalid, match="contradicts"):
        case.check(case.content, anchors)


@pytest.mark.parametrize("authorities", [[], [open_authority().certificate]])
def test_an_authority_nobody_pinned_proves_nothing(case: Case, authorities: list[x509.Certificate]) -> None:
    with pytest.raises(EvidenceInvalid, match="none of those"):
        case.check(case.content, SignatureAnchors(authorities=authorities))


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        (lambda case: answer_of(case.authority, case.authority.issue(Wish())), "another certificate"),
        (lambda case: answer_of(case.authority, case.subject, status=ocsp.OCSPCertStatus.REVOKED), "not good"),
        (lambda case: answer_of(case.authority, case.subject, at=START - timedelta(days=3)), "does not cover"),
        (lambda case: answer_of(case.authority, case.subject, at=START + timedelta(days=3)), "does not cover"),
        (lambda case: answer_of(open_authority(), case.subject), "another certificate"),
        (lambda case: answer_of(case.authority, case.subject, signed_by=open_authority().issued), "cannot be read"),
        (
            lambda case: answer_of(case.authority, case.subject, signed_by=case.authority.responder(may_answer=False)),
            "cannot be read",
        ),
        (lambda _: b"no answer at all", "cannot be read"),
    ],
)
def test_an_answer_that_is_not_the_authoritys_about_this_certificate_then_is_refused(
    case: Case, lie: Callable[[Case], bytes], told: str
) -> None:
    with pytest.raises(EvidenceInvalid, match=told):
        case.check(case.with_exhibit("ocsp", lie(case)))


def test_an_exhibit_that_is_not_the_one_digested_is_refused(case: Case) -> None:
    evidence = msgspec.to_builtins(read_file(case.content).evidence)
    digest = next(iter(evidence["exhibits"]))
    evidence["exhibits"][digest] = base64.b64encode(b"another").decode()
    form = msgspec.convert(evidence, EvidenceForm)
    with pytest.raises(EvidenceInvalid, match="exhibit"):
        case.check(write_file(form, case.signer.sign_detached(EVIDENCE_TYPE, signed_bytes(form))))
