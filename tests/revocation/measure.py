"""CPU of one certificate's validation with cached revocation data: `nice .venv/bin/python -m tests.revocation.measure`.

Prints milliseconds of the server process and of the worker, for: an answer remembered, a fresh OCSP answer judged, a
CRL of 20,000 judged for another certificate each time.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from approvals.model.certificate import CertificateUse
from server.outside.revocation.fetching import Fetching, Limits
from server.outside.revocation.messages import Question
from server.outside.revocation.supervisor import Supervisor
from server.outside.revocation.validator import RevocationValidator
from server.outside.webhook import open_session
from tests.fakes import START
from tests.revocation.authority_house import running_authority

_ROUNDS = 50
_TICK = os.sysconf("SC_CLK_TCK")


async def _print(name: str, worker: Supervisor, run: Callable[[], Awaitable[object]], rounds: int = _ROUNDS) -> None:
    await run()
    here, there = time.process_time(), seconds_of(worker)
    for _ in range(rounds):
        await run()
    ours, its = time.process_time() - here, seconds_of(worker) - there
    sys.stdout.write(f"{name}: server {ours / rounds * 1000:.2f} ms, worker {its / rounds * 1000:.2f} ms\n")


def seconds_of(worker: Supervisor) -> float:
    """The CPU its process has used so far."""
    fields = Path(f"/proc/{worker.process_id}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


async def main() -> None:
    worker = Supervisor()
    await worker.start()
    async with open_session() as session, running_authority() as house:
        validator = RevocationValidator(Fetching(session, Limits()), worker)
        issued, now = house.issue(house.authority.issue()), START + timedelta(minutes=5)
        entry = house.authority.entry(ocsp_url=house.ocsp_url)

        async def remembered() -> object:
            return await validator.validate(issued.der, entry, CertificateUse.APPROVAL, now)

        answer = (await validator.validate(issued.der, entry, CertificateUse.APPROVAL, now)).ocsp
        listed = house.authority.crl({10**18 + n: x509.ReasonFlags.superseded for n in range(20_000)})

        def asks(ocsp: bytes | None, crl: bytes | None) -> Callable[[], Awaitable[object]]:
            question = Question(
                certificate=issued.der,
                issuer=entry.certificate,
                policies=tuple(entry.policies),
                at=int(now.timestamp() * 1000),
                ocsp=ocsp,
                crl=crl,
            )
            return lambda: worker.ask(question)

        await _print("remembered", worker, remembered)
        await _print("OCSP judged", worker, asks(answer, None))
        await _print("CRL of 20,000 judged", worker, asks(None, listed), rounds=5)
    await worker.close()


if __name__ == "__main__":
    asyncio.run(main())
