import asyncio
from collections.abc import Sequence
from dataclasses import replace

from cryptography import x509

from approvals.model.certificate import Authority, CertificateUse
from approvals.model.ids import AuthorityId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.fakes import START
from tests.pki import open_authority
from tests.server.cli.conftest import Operator


def keep(operator: Operator, authorities: Sequence[Authority]) -> None:
    async def work(ledger: Ledger) -> None:
        for number, authority in enumerate(authorities):
            await ledger.authorities.put(replace(authority, id=AuthorityId(f"aut_{number}")))

    async def run() -> None:
        database = await open_database(operator.database_url)
        try:
            await SqlBook(database).transaction(work)
        finally:
            await database.close()

    asyncio.run(run())


def test_a_proxy_is_given_the_authorities_that_sign_in_and_no_other(house: Operator) -> None:
    good, withdrawn, approving = open_authority("One"), open_authority("Two"), open_authority("Three")
    url = "http://ocsp.test/"
    keep(
        house,
        [
            good.entry(ocsp_url=url),
            withdrawn.entry(ocsp_url=url, withdrawn_at=START),
            approving.entry(ocsp_url=url, uses=[CertificateUse.APPROVAL]),
        ],
    )
    said = house.types("certificates", "export-authorities")
    assert x509.load_pem_x509_certificates(said.text.encode()) == [good.certificate]


def test_an_empty_file_is_not_made_for_it(house: Operator) -> None:
    said = house.types("certificates", "export-authorities")
    assert said.code == "invalid_request"
    assert said.text == ""
