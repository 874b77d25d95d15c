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
from cryptography.x509 import ocsp

from approvals.evidence.file import EVIDENCE_TYPE, EvidenceForm, read_file, signed_bytes, write_file
from approvals.evidence.file_check import FileReport, Trust, check_file
from approvals.evidence.refusals import EvidenceInvalid
from approvals.evidence.signature_check import SignatureAnchors
from approvals.evidence.signatures import read_key_set
from approvals.keys.audit_signer import AuditSigner
from approvals.store.book import SqlBook
from tests.evidence.signed_action import Answering, answer_of, approved_file
from tests.fakes import START
from tests.house import House
from tests.joined_desks import Parts
from tests.migrated import open_migrated
from tests.pki import Issued, IssuingAuthority, Wish, open_authority


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


@dataclass(slots=True, kw_only=True)
class Case:
    """One approved action's file, and everybody who had a hand in it."""

    content: bytes
    signer: AuditSigner
    trust: Trust
    authority: IssuingAuthority
    subject: Issued

    @property
    def number(self) -> int:
        """The certificate's own serial number."""
        return self.subject.certificate.serial_number

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
    authority = open_authority()
    subject = authority.issue(Wish())
    said = Answering(authority, ocsp=answer_of(authority, subject, signed_by=authority.responder()))
    return asyncio.run(_make(tmp_path_factory.mktemp("signed"), said, subject))


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The same, where the authority publishes a CRL: somebody else is on it."""
    authority = open_authority()
    crl = authority.crl({4711: x509.ReasonFlags.key_compromise})
    return asyncio.run(_make(tmp_path_factory.mktemp("listed"), Answering(authority, crl=crl), authority.issue()))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The same again, a browser keeping the key."""
    authority = open_authority()
    subject = authority.issue(Wish())
    said = Answering(authority, ocsp=answer_of(authority, subject, signed_by=authority.responder()))
    return asyncio.run(_make(tmp_path_factory.mktemp("kept"), said, subject, in_browser=True))


async def _make(folder: Path, validator: Answering, subject: Issued, *, in_browser: bool = False) -> Case:
    database = await open_migrated(folder / "house.db")
    house = House(Parts(book=SqlBook(database), folder=folder, validator=validator, stamps=Stamping()))
    content, _ = await approved_file(house, subject, in_browser=in_browser)
    await database.close()
    trust = Trust(
        audit_keys=read_key_set(house.audit_signer.published_keys()),
        release_keys=read_key_set(house.signer.published_keys()),
        anchors=SignatureAnchors(authorities=[validator.authority.certificate]),
    )
    return Case(content=content, signer=house.audit_signer, trust=trust, authority=validator.authority, subject=subject)


def test_x509_is_proved_by_the_signer_and_the_rest_asserted_by_the_bank(case: Case) -> None:
    told = [proved.told for proved in case.check(case.content).proved]
    assert [line for line in told if line.endswith("proved by the signer")]
    assert [line for line in told if line.endswith("asserted by the bank")]


def test_of_a_browsers_key_the_signature_is_proved_and_the_code_asserted(case: Case, kept: Case) -> None:
    code = "gave the confidential code besides, their key being kept by a browser: asserted by the bank"
    told = [proved.told for proved in kept.check(kept.content).proved]
    assert [line for line in told if line.endswith("proved by the signer")]
    assert [line for line in told if line.endswith(code)]
    assert not [line for line in case.check(case.content).proved if line.told.endswith(code)]


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


# --- by CRL -----------------------------------------------------------------------------------------------


def test_a_list_that_does_not_name_the_certificate_shows_it_was_good(listed: Case) -> None:
    assert [each for each in listed.check(listed.content).proved if each.asserted_by == "the signer"]


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        (lambda case: case.authority.crl({case.number: x509.ReasonFlags.key_compromise}), "names the certificate"),
        (lambda case: case.authority.crl({case.number: x509.ReasonFlags.certificate_hold}), "names the certificate"),
        (lambda _: open_authority().crl({}), "not this authority's"),
        (lambda case: case.authority.crl({}, signed_by=open_authority().issued.key), "not this authority's"),
        (lambda case: case.authority.crl({}, START - timedelta(days=3)), "does not cover"),
        (lambda case: case.authority.crl({}, START + timedelta(days=3)), "does not cover"),
        (lambda _: b"no list at all", "cannot be read"),
    ],
)
def test_a_list_that_is_not_the_authoritys_then_or_names_the_certificate_is_refused(
    listed: Case, lie: Callable[[Case], bytes], told: str
) -> None:
    with pytest.raises(EvidenceInvalid, match=told):
        listed.check(listed.with_exhibit("crl", lie(listed)))
