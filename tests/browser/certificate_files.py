"""PKCS#12 files as programs of any age write them, and an authority whose word the served bank asks for."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import KeySerializationEncryption, PrivateFormat, pkcs12
from playwright.async_api import FilePayload, Page

from approvals.model.ids import AuthorityId
from approvals.ports.book import Ledger
from server.clock import SystemClock
from tests.browser.company import Company
from tests.holders import ANNE
from tests.log_watch import never_log
from tests.pki import ONE_STAR, Issued, PrivateKey, Wish
from tests.revocation.authority_house import AuthorityHouse, running_authority

PASSWORD: Final = "Été à 8 h, 20 €"  # noqa: S105  # of the tests alone: accents, which old and new files write apart
_HOLDERS: Final = count(1)
_SEALS: Final = {
    "modern": (pkcs12.PBES.PBESv2SHA256AndAES256CBC, hashes.SHA256()),
    "legacy": (pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC, hashes.SHA1()),  # noqa: S303  # as programs did until 2021
}


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def ec_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve or ec.SECP256R1())


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """An authority the bank accepts, which answers on the real clock, and its certificate as files carry it."""

    running: AuthorityHouse

    def issue(self, key: PrivateKey | None = None, **changed: object) -> Issued:
        """A certificate of Anne's, RGS `*` unless it is to be another."""
        wish: Wish = replace(ANNE, policies=(ONE_STAR,), key=key, serial_number=f"IDCFR-{next(_HOLDERS)}")
        wish = replace(wish, **changed)  # type: ignore[arg-type]  # fields by name
        return self.running.issue(self.running.authority.issue(wish))

    def file(
        self, issued: Issued, seal: str = "modern", *, key: PrivateKey | None = None, others: Sequence[Issued] = ()
    ) -> FilePayload:
        """The file a person holds: their key, its certificate and the authority's."""
        chain = [self.running.authority.certificate, *(each.certificate for each in others)]
        sealed = _sealed(seal)
        return as_file(
            pkcs12.serialize_key_and_certificates(b"moi", key or issued.key, issued.certificate, chain, sealed)
        )

    def without_key(self, issued: Issued) -> FilePayload:
        chain = [issued.certificate]
        return as_file(pkcs12.serialize_key_and_certificates(b"moi", None, None, chain, _sealed("modern")))


def as_file(content: bytes) -> FilePayload:
    return {"name": "certificat.p12", "mimeType": "application/x-pkcs12", "buffer": content}


def _sealed(name: str) -> KeySerializationEncryption:
    algorithm, digest = _SEALS[name]
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048)
    return builder.key_cert_algorithm(algorithm).hmac_hash(digest).build(PASSWORD.encode())


@asynccontextmanager
async def accepted_authority(company: Company) -> AsyncIterator[Authorities]:
    """Run one, which two advisers of the bank have accepted."""
    never_log(PASSWORD)
    async with running_authority(f"AC {company.client}") as running:
        running.this_update = SystemClock().now()
        entry = running.authority.entry(ocsp_url=running.ocsp_url)
        entry = replace(entry, id=AuthorityId(f"aut_{company.client}"), name=f"AC {company.client}")

        async def work(ledger: Ledger) -> None:
            await ledger.authorities.put(entry)

        await company.bank.house.book.transaction(work)
        yield Authorities(running=running)


async def offer(page: Page, file: FilePayload, password: str = PASSWORD) -> None:
    """Choose the file, type the password, import."""
    await page.locator("input[type=file]").set_input_files(file)
    await page.locator("input[name=password]").fill(password)
    await page.locator("ct-certificate-form button.main").click()
