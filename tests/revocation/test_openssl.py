"""Against a responder that is none of ours: `openssl ocsp`, on the real clock."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.model.certificate import CertificateUse
from server.outside.revocation.validator import RevocationValidator
from tests.pki import Issued, IssuingAuthority, Wish, open_authority
from tests.ports import free_ports


@asynccontextmanager
async def openssl_responder(home: Path, authority: IssuingAuthority, index: str) -> AsyncIterator[str]:
    """Serve this index (openssl-ca's) meanwhile; give the address."""
    (home / "index.txt").write_text(index)
    (home / "ca.pem").write_bytes(authority.issued.pem)
    (home / "ca.key").write_bytes(authority.issued.key_pem)
    program = shutil.which("openssl")
    assert program is not None, "openssl was not found, and the tests need it"
    (port,) = free_ports(1)
    options = ("-index", "index.txt", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key", "-port", str(port))
    process = await asyncio.create_subprocess_exec(
        program, "ocsp", *options, cwd=home, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        await until_waiting(process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        await process.communicate()


async def until_waiting(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(10):
        while b"waiting" not in await process.stdout.readline():
            pass


def line(issued: Issued, revoked: str) -> str:
    serial = f"{issued.certificate.serial_number:X}"
    state = "R" if revoked else "V"
    return f"{state}\t350101000000Z\t{revoked}\t{'0' * (len(serial) % 2)}{serial}\tunknown\t/CN=somebody\n"


@pytest.mark.parametrize("has_nonce", [True, False])
async def test_openssl_is_understood_with_and_without_nonce(
    validator: RevocationValidator, tmp_path: Path, *, has_nonce: bool
) -> None:
    now = datetime.now(UTC)  # noqa: TID251  # openssl answers by the real clock
    wish = Wish(not_before=now - timedelta(days=1), not_after=now + timedelta(days=300))
    authority = open_authority()
    good, revoked, unknown = authority.issue(wish), authority.issue(wish), authority.issue(wish)
    index = line(good, "") + line(revoked, "260101000000Z,keyCompromise")
    async with openssl_responder(tmp_path, authority, index) as url:
        entry = authority.entry(ocsp_url=url, has_nonce=has_nonce)

        async def ask(issued: Issued) -> Reason | None:
            later = now + timedelta(seconds=2)  # openssl's second may have begun meanwhile
            try:
                await validator.validate(issued.der, entry, CertificateUse.APPROVAL, later)
            except CertificateRefused as refused:
                return refused.reason
            return None

        assert [await ask(each) for each in (good, revoked, unknown)] == [
            None,
            Reason.REVOKED,
            Reason.UNKNOWN_TO_AUTHORITY,
        ]
