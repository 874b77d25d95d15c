"""What one approval by certificate costs in CPU, revocation answered before: `python -m tests.bench.signatures`.

Desks and SQLite in this process, from the JWS as it came to the release row; HTTP, and what a worker does when an
answer is asked anew, are not in it.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from approvals.certificates.checks import check
from approvals.certificates.reading import read
from approvals.model.certificate import Authority, CertificateUse, Validation
from approvals.model.ids import LoginId
from approvals.model.proof import Answer
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from approvals.store.migrate import migrate
from tests.certificate_keys import TokenKey
from tests.certified import BY_CERTIFICATE, Signing, certify
from tests.house import CHEQUEBOOK, House, mine
from tests.joined_desks import Parts
from tests.pki import IssuingAuthority, Wish, open_authority

_APPROVALS = 200


@dataclass(frozen=True, slots=True)
class Cached:
    """The CertificateValidator port, as the server's is once an answer is cached: everything but that is computed."""

    authority: IssuingAuthority

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        del authority
        entry = self.authority.entry(ocsp_url="http://ocsp.test")
        level = check(read(certificate, entry), entry, use, now)
        chain = (certificate, entry.certificate)
        return Validation(level=level, chain=chain, ocsp=bytes(1800), crl=None, at=now)


async def measure(folder: Path) -> float:
    """Return the CPU milliseconds of one approval."""
    database = await open_database(f"sqlite:///{folder / 'house.db'}")
    await migrate(database)
    authority = open_authority()
    house = House(Parts(book=SqlBook(database), folder=folder, validator=Cached(authority)))
    anne, _, _ = await house.found(BY_CERTIFICATE)
    subject = authority.issue(Wish())
    signing = await certify(house, anne, TokenKey(key=subject.key, certificate=subject.der))
    here, spent = await house.sign_in(anne), 0.0
    for _ in range(_APPROVALS):
        spent += await _approve(house, signing, here.login.id)
    await database.close()
    return spent / _APPROVALS * 1000


async def _approve(house: House, signing: Signing, login_id: LoginId) -> float:
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    challenge, proof = mine(sheet, signing.person), signing.sign(sheet)
    begun = time.process_time()
    answered = await house.answers.answer(login_id, challenge.id, proof)
    spent = time.process_time() - begun
    if answered.answer is not Answer.ACCEPTED:
        raise RuntimeError("a right signature was refused")
    return spent


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        sys.stdout.write(f"{asyncio.run(measure(Path(made))):.1f} ms of CPU an approval by certificate\n")
