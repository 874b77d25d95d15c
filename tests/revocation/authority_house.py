"""An authority's OCSP responder and CRL over real HTTP, which can be told to misbehave."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from tests.fakes import START
from tests.pki import Issued, IssuingAuthority, open_authority


@dataclass(slots=True, kw_only=True)
class AuthorityHouse:
    """What it answers, and how often it was asked."""

    authority: IssuingAuthority
    signer: Issued
    people: dict[int, Issued] = field(default_factory=dict)
    revoked: dict[int, x509.ReasonFlags] = field(default_factory=dict)
    this_update: datetime = START
    lasts: timedelta | None = timedelta(days=1)
    echoes_nonce: bool = True
    spoken_of: Issued | None = None  # instead of whom is asked about
    is_unknown: bool = False
    spoil_signature: bool = False
    misbehave: Callable[[web.Request], web.StreamResponse] | None = None
    asked: int = 0
    port: int = 0
    list_of: bytes | None = None

    @property
    def ocsp_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ocsp"

    @property
    def crl_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/crl"

    def issue(self, issued: Issued) -> Issued:
        self.people[issued.certificate.serial_number] = issued
        return issued

    def answer(self, asked: ocsp.OCSPRequest) -> bytes:
        """Return the signed answer, DER."""
        found = self.spoken_of or self.people[asked.serial_number]
        reason = self.revoked.get(found.certificate.serial_number)
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=found.certificate,
            issuer=self.authority.certificate,
            algorithm=hashes.SHA1(),  # noqa: S303  # as RFC 5019 names certificates
            cert_status=self._status(reason),
            this_update=self.this_update,
            next_update=self.this_update + self.lasts if self.lasts is not None else None,
            revocation_time=START - timedelta(hours=1) if reason else None,
            revocation_reason=reason,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.signer.certificate)
        builder = builder.certificates([self.signer.certificate])
        if self.echoes_nonce:
            for extension in asked.extensions:
                builder = builder.add_extension(extension.value, critical=False)
        signed = builder.sign(self.signer.key, hashes.SHA256())
        whole = signed.public_bytes(serialization.Encoding.DER)
        if self.spoil_signature:
            changed = signed.signature[:-1] + bytes([signed.signature[-1] ^ 1])
            return whole.replace(signed.signature, changed)
        return whole

    def _status(self, reason: x509.ReasonFlags | None) -> ocsp.OCSPCertStatus:
        if self.is_unknown:
            return ocsp.OCSPCertStatus.UNKNOWN
        return ocsp.OCSPCertStatus.REVOKED if reason else ocsp.OCSPCertStatus.GOOD

    async def serve_ocsp(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if self.misbehave is not None:
            return self.misbehave(request)
        asked = ocsp.load_der_ocsp_request(await request.read())
        return web.Response(body=self.answer(asked), content_type="application/ocsp-response")

    async def serve_crl(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if self.misbehave is not None:
            return self.misbehave(request)
        body = self.list_of or self.authority.crl(self.revoked, self.this_update, self.lasts or timedelta(days=1))
        return web.Response(body=body, content_type="application/pkix-crl")


@asynccontextmanager
async def running_authority(name: str = "AC Test") -> AsyncIterator[AuthorityHouse]:
    """Serve one meanwhile, with a delegated responder."""
    authority = open_authority(name)
    house = AuthorityHouse(authority=authority, signer=authority.responder())
    application = web.Application()
    application.router.add_post("/ocsp", house.serve_ocsp)
    application.router.add_get("/crl", house.serve_crl)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    house.port = runner.addresses[0][1]
    try:
        yield house
    finally:
        await runner.cleanup()
