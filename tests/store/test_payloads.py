from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.errors import InvalidRequest
from approvals.model.ids import BundleId, UploadId
from approvals.model.payee import Payee, Standing
from approvals.ports.book import Ledger
from approvals.ports.payloads import PayeeOrder, PayeeQuery
from approvals.store.book import SqlBook
from tests.builders import NOW, add_company, make_action, make_bundle, make_payee, make_upload

UPLOAD = UploadId("upl_1")
MEBIBYTE = 1024 * 1024
BY_RISK = PayeeQuery(upload_id=UPLOAD, group=0)
BY_FILE = replace(BY_RISK, order=PayeeOrder.FILE)


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger)
        await ledger.uploads.begin(make_upload(UPLOAD))

    await book.transaction(work)
    return book


def payee(position: int, standing: Standing, amount: int) -> Payee:
    return replace(make_payee(position), standing=standing, amount=amount)


PAYEES = [
    payee(1, Standing.KNOWN, 900),
    payee(2, Standing.NEW, 10),
    payee(3, Standing.CHANGED, 50),
    payee(4, Standing.UNKNOWN, 70),
    payee(5, Standing.KNOWN, 1000),
    payee(6, Standing.UNKNOWN, 50),
    payee(7, Standing.NEW, 20),
]


async def positions(ledger: Ledger, query: PayeeQuery, limit: int) -> list[int]:
    """Every page of the walk, in order."""
    page = await ledger.payees.browse(query, None, limit)
    found = list(page.items)
    while page.next is not None:
        page = await ledger.payees.browse(query, page.next, limit)
        found += page.items
    return [item.position for item in found]


async def test_a_body_comes_back_chunk_by_chunk(filled: SqlBook) -> None:
    finished = replace(make_upload(UPLOAD), digest="ab" * 32, size=MEBIBYTE + 3)

    async def work(ledger: Ledger) -> None:
        await ledger.uploads.add_chunk(UPLOAD, 0, b"\x00" * MEBIBYTE)
        await ledger.uploads.add_chunk(UPLOAD, 1, b"end")
        await ledger.uploads.finish(finished)
        assert await ledger.uploads.chunk(UPLOAD, 0) == b"\x00" * MEBIBYTE
        assert await ledger.uploads.chunk(UPLOAD, 1) == b"end"
        assert await ledger.uploads.chunk(UPLOAD, 2) is None
        assert await ledger.uploads.load(UPLOAD) == finished
        assert await ledger.uploads.load(UploadId("upl_none")) is None

    await filled.transaction(work)


async def test_a_chunk_over_one_mebibyte_is_refused(filled: SqlBook) -> None:
    with pytest.raises(Exception, match=r"(?i)check constraint"):
        await filled.transaction(lambda ledger: ledger.uploads.add_chunk(UPLOAD, 0, bytes(MEBIBYTE + 1)))


async def test_orphans_are_old_and_nothing_refers_to_them(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        for name in ("upl_action", "upl_bundle"):
            await ledger.uploads.begin(make_upload(name))
        await ledger.uploads.begin(replace(make_upload("upl_new"), created_at=NOW + timedelta(hours=1)))
        await ledger.actions.add(replace(make_action("act_1"), upload_id=UploadId("upl_action")))
        await ledger.actions.add_bundle(replace(make_bundle("bun_1", "upl_bundle"), id=BundleId("bun_1")))
        assert await ledger.uploads.orphans(NOW + timedelta(minutes=1), 10) == [UPLOAD]
        assert await ledger.uploads.orphans(NOW, 10) == []

    await filled.transaction(work)


async def test_dropping_goes_in_small_bites_until_nothing_is_left(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> list[bool]:
        await ledger.payees.add(UPLOAD, PAYEES)
        for n in range(3):
            await ledger.uploads.add_chunk(UPLOAD, n, b"chunk")
        return [await ledger.uploads.drop(UPLOAD, 4) for _ in range(3)]

    assert await filled.transaction(work) == [False, False, True]
    assert await filled.reading(lambda ledger: ledger.uploads.load(UPLOAD)) is None


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
async def test_payees_are_walked_by_risk_and_by_file(filled: SqlBook, limit: int) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.payees.add(UPLOAD, PAYEES)
        await ledger.payees.add(UPLOAD, [replace(PAYEES[0], group=1)])
        assert await positions(ledger, BY_RISK, limit) == [4, 3, 6, 7, 2, 5, 1]
        assert await positions(ledger, BY_FILE, limit) == [1, 2, 3, 4, 5, 6, 7]
        assert await positions(ledger, replace(BY_FILE, group=1), limit) == [1]

    await filled.transaction(work)


async def test_a_payee_comes_back_as_it_was_written(filled: SqlBook) -> None:
    await filled.transaction(lambda ledger: ledger.payees.add(UPLOAD, PAYEES))
    page = await filled.reading(lambda ledger: ledger.payees.browse(BY_FILE, None, 10))
    assert page.items == PAYEES
    assert page.next is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("elodie", [1]),
        ("ÉLODIE", [1]),
        ("strasse", [2]),
        ("Straße", [2]),
        ("100%", [3]),
        ("0_0", []),
        ("!", [3]),
        ("FR76 0000", [1, 2, 3]),
        ("fr7600000000000000000000003", [3]),
        ("76", []),
        ("", [1, 2, 3]),
    ],
)
@pytest.mark.parametrize("order", list(PayeeOrder))
async def test_payees_are_found_by_part_of_the_name_or_the_beginning_of_the_iban(
    filled: SqlBook, words: str, found: list[int], order: PayeeOrder
) -> None:
    names = ["Élodie Martin", "Große Straße GmbH", "100% Bio! \\o/ 000"]
    payees = [replace(make_payee(n), name=name) for n, name in enumerate(names, start=1)]

    async def work(ledger: Ledger) -> list[int]:
        await ledger.payees.add(UPLOAD, payees)
        return await positions(ledger, replace(BY_RISK, order=order, text=words), 1)

    assert await filled.transaction(work) == found


@pytest.mark.parametrize("cursor", ["", "AAAA", "eA", "MQoyCng"])
@pytest.mark.parametrize("query", [BY_RISK, BY_FILE])
async def test_a_cursor_of_another_list_is_refused(filled: SqlBook, query: PayeeQuery, cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        await filled.reading(lambda ledger: ledger.payees.browse(query, cursor, 10))
