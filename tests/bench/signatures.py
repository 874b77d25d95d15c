"""What one approval by certificate costs in CPU, revocation answered before: `python -m tests.bench.signatures`.

Desks, SQLite and the server's own validator with its worker, from the JWS as it came to the release row; HTTP is not
in it.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from approvals.desk.certificates.enrolling import CertificateEnrolment
from approvals.model.ids import LoginId
from approvals.model.proof import Answer
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from approvals.store.migrate import migrate
from server.outside.revocation.fetching import Fetching, Limits
from server.outside.revocation.supervisor import Supervisor
from server.outside.revocation.validator import RevocationValidator
from server.outside.webhook import open_session
from tests.certified import BY_CERTIFICATE, Signing
from tests.holders import ANNE, accept, form, token
from tests.house import CHEQUEBOOK, House, Person, mine
from tests.joined_desks import Parts
from tests.pki import Issued
from tests.revocation.authority_house import AuthorityHouse, running_authority
from tests.revocation.measure import seconds_of

_APPROVALS = 200


async def measure(folder: Path) -> tuple[float, float]:
    """Return the CPU milliseconds of one approval: of this process, and of the worker that judges answers."""
    database = await open_database(f"sqlite:///{folder / 'house.db'}")
    await migrate(database)
    worker = Supervisor()
    await worker.start()
    try:
        async with open_session() as session, running_authority() as authority:
            validator = RevocationValidator(Fetching(session, Limits()), worker)
            house = House(Parts(book=SqlBook(database), folder=folder, validator=validator))
            return await _measure(house, authority, worker)
    finally:
        await worker.close()
        await database.close()


async def _measure(house: House, authority: AuthorityHouse, worker: Supervisor) -> tuple[float, float]:
    anne, _, _ = await house.found(BY_CERTIFICATE)
    await accept(house, authority.authority, ocsp_url=authority.ocsp_url)
    here, spent = await house.sign_in(anne, with_card=True), 0.0
    signing = await _enrol(house, anne, authority.issue(authority.authority.issue(ANNE)), here.login.id)
    await _approve(house, signing, here.login.id)  # asks the responder; what it says is cached
    judged, asked = seconds_of(worker), authority.asked
    for _ in range(_APPROVALS):
        spent += await _approve(house, signing, here.login.id)
    if authority.asked != asked:
        raise RuntimeError("the responder was asked again")
    return spent / _APPROVALS * 1000, (seconds_of(worker) - judged) / _APPROVALS * 1000


async def _enrol(house: House, person: Person, issued: Issued, login_id: LoginId) -> Signing:
    body = await form(house, issued)
    request = CertificateEnrolment(certificate=issued.der, nonce=str(body["nonce"]), jws=str(body["jws"]))
    certificate = await house.certificates.enrolling.enrol(login_id, request)
    return Signing(person=person, key=token(issued), certificate=certificate)


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
        ours, its = asyncio.run(measure(Path(made)))
    sys.stdout.write(f"{ours:.1f} ms of CPU an approval by certificate, {its:.1f} ms of the worker\n")
