"""Timestamps by OpenSSL's own responder, over real HTTP."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from approvals.evidence.file import read_file
from approvals.evidence.file_check import Trust, check_file
from approvals.evidence.refusals import EvidenceInvalid, TimestampRefused
from approvals.evidence.signature_check import SignatureAnchors
from approvals.evidence.signatures import read_key_set
from approvals.evidence.timestamps import check_token
from approvals.store.book import SqlBook
from server.clock import SystemClock
from server.outside.timestamp import TimestampService
from tests.evidence.signed_action import Answering, answer_of, approved_file
from tests.fakes import SteppedClock
from tests.house import House
from tests.joined_desks import Parts
from tests.migrated import open_migrated
from tests.pki import Wish, open_authority
from tests.sealing import Sealer
from tests.server.outside.receiver import Receiver, answer, receiving

DIGEST = hashlib.sha256(b"a head of the audit").digest()
OTHER = hashlib.sha256(b"another").digest()
CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class Authority:
    """A key, a certificate for timestamps, and where OpenSSL finds them."""

    folder: Path
    certificate: x509.Certificate

    async def reply(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        words = ("-queryfile", "query", "-signer", "certificate.pem", "-inkey", "key.pem", "-config", "tsa.cnf")
        process = await asyncio.create_subprocess_exec(
            *("openssl", "ts", "-reply", *words, "-out", "reply"), cwd=self.folder, stderr=asyncio.subprocess.PIPE
        )
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return (self.folder / "reply").read_bytes()

    async def serve(self, request: web.Request) -> web.Response:
        assert request.content_type == "application/timestamp-query"
        return web.Response(body=await self.reply(await request.read()), content_type="application/timestamp-reply")


def make_authority(folder: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> Authority:
    folder.mkdir()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Horodatage d'essai")])
    now = datetime.fromtimestamp(int(Path("/proc/self").stat().st_mtime), UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "serial").write_text("01\n", "ascii")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder), "utf-8")
    return Authority(folder, certificate)


@pytest.fixture(scope="module", params=["rsa", "ec"])
def authority(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("tsa") / request.param
    if request.param == "rsa":
        return make_authority(folder, rsa.generate_private_key(65537, 2048))
    return make_authority(folder, ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
async def service(authority: Authority) -> AsyncIterator[TimestampService]:
    app = web.Application()
    app.router.add_post("/tsa", authority.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield TimestampService(f"http://{host}:{port}/tsa")
    await runner.cleanup()


async def test_a_token_says_when_a_digest_was_there(service: TimestampService, authority: Authority) -> None:
    token = await service.stamp(DIGEST)
    at = check_token(token, DIGEST, [authority.certificate])
    assert authority.certificate.not_valid_before_utc < at < authority.certificate.not_valid_after_utc


async def test_it_is_of_this_digest_by_this_authority_and_of_no_other(
    service: TimestampService, authority: Authority, tmp_path: Path
) -> None:
    token = await service.stamp(DIGEST)
    with pytest.raises(EvidenceInvalid, match="something else"):
        check_token(token, OTHER, [authority.certificate])
    stranger = make_authority(tmp_path / "stranger", ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(EvidenceInvalid, match="none of the authorities"):
        check_token(token, DIGEST, [stranger.certificate])
    with pytest.raises(EvidenceInvalid):
        check_token(token, DIGEST, [])


async def test_no_flipped_byte_moves_what_it_says(service: TimestampService, authority: Authority) -> None:
    """The certificates beside the signature and the algorithms' parameters may change; digest and time may not."""
    token = await service.stamp(DIGEST)
    at = check_token(token, DIGEST, [authority.certificate])
    refused = 0
    for position in range(len(token)):
        altered = bytearray(token)
        altered[position] ^= 1
        try:
            assert check_token(bytes(altered), DIGEST, [authority.certificate]) == at
        except EvidenceInvalid:
            refused += 1
    assert refused > 300


async def test_openssl_takes_our_requests_as_its_own(authority: Authority, service: TimestampService) -> None:
    await service.stamp(DIGEST)
    words = ("-verify", "-in", "reply", "-digest", DIGEST.hex(), "-CAfile", "certificate.pem")
    process = await asyncio.create_subprocess_exec(
        *("openssl", "ts", *words), cwd=authority.folder, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    said, errors = await process.communicate()
    assert b"Verification: OK" in said + errors


GARBAGE = {
    "an error": answer(500),
    "no token": answer(200, bytes.fromhex("30053003020102"), "application/timestamp-reply"),
    "no DER": answer(200, b"\x30\xff\x00", "application/timestamp-reply"),
    "nothing": answer(200, b"", "application/timestamp-reply"),
    "a page": answer(200, b"<html>", "text/html"),
    "too much": answer(200, b"\x30" * 100_000, "application/timestamp-reply"),
}


@pytest.mark.parametrize("reply", GARBAGE)
async def test_anything_but_a_token_is_refused(reply: str) -> None:
    receiver: Receiver
    async with receiving(GARBAGE[reply]) as receiver:
        with pytest.raises(TimestampRefused):
            await TimestampService(receiver.url).stamp(DIGEST)


async def test_an_authority_that_is_away_is_refused() -> None:
    with pytest.raises(TimestampRefused, match="does not answer"):
        await TimestampService("http://127.0.0.1:9/tsa").stamp(DIGEST)


async def test_evidence_says_since_when_its_head_was_there_by_whom_the_auditor_pinned(
    service: TimestampService, authority: Authority, sqlite_house: House
) -> None:
    house = sqlite_house
    await house.found()
    sheet = await house.hold()
    sealer = Sealer(book=house.book, clock=house.clock, signer=house.audit_signer, authority=service)
    await sealer.desk.run()
    content = await house.evidence.of_action(sheet.id)
    assert read_file(content).evidence.seal is not None

    def stamps(token: bytes, digest: bytes) -> datetime:
        return check_token(token, digest, [authority.certificate])

    trust = _trusting(house, SignatureAnchors(stamps=stamps))
    assert "the timestamp authority" in {proved.asserted_by for proved in check_file(content, trust).proved}
    nobody = replace(trust, anchors=SignatureAnchors(stamps=lambda token, digest: check_token(token, digest, [])))
    with pytest.raises(EvidenceInvalid, match="none of the authorities"):
        check_file(content, nobody)


@pytest.fixture
async def sqlite_house(tmp_path: Path) -> AsyncIterator[House]:
    database = await open_migrated(tmp_path / "house.db")
    yield House(Parts(book=SqlBook(database), folder=tmp_path))
    await database.close()


async def test_a_signature_was_there_when_the_timestamp_authority_says_whatever_the_bank_says(
    service: TimestampService, authority: Authority, tmp_path: Path
) -> None:
    now = SystemClock().now()  # the authority keeps its own
    issuing = open_authority()
    subject = issuing.issue(Wish(not_before=now - timedelta(days=30), not_after=now + timedelta(days=700)))
    said = Answering(issuing, ocsp=answer_of(issuing, subject, at=now))
    database = await open_migrated(tmp_path / "house.db")
    clock = SteppedClock(now)
    house = House(Parts(book=SqlBook(database), folder=tmp_path, clock=clock, validator=said, stamps=service))
    content, _ = await approved_file(house, subject)
    await database.close()

    def check(*pinned: x509.Certificate) -> list[str]:
        stamps = partial(check_token, pinned=pinned)
        anchors = SignatureAnchors(authorities=[issuing.certificate], stamps=stamps)
        return [proved.what for proved in check_file(content, _trusting(house, anchors)).proved if proved.is_proved]

    assert [told for told in check(authority.certificate) if told.endswith("Z by its timestamp")]
    with pytest.raises(EvidenceInvalid, match="none of the authorities"):
        check()


def _trusting(house: House, anchors: SignatureAnchors) -> Trust:
    return Trust(
        audit_keys=read_key_set(house.audit_signer.published_keys()),
        release_keys=read_key_set(house.signer.published_keys()),
        anchors=anchors,
    )
