"""Authorities, certificates and their orders in the store: the contract on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from approvals.credentials.certificate_refusals import CertificateOrderOpen, CertificateTaken
from approvals.errors import StaleVersion
from approvals.model.certificate import Certificate, CertificateStatus, Level
from approvals.model.certificate_order import CertificateOrder, CertificateOrderStatus
from approvals.model.ids import AuthorityId, CertificateId, CertificateOrderId, UserId
from approvals.model.person import UserStatus
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.builders import NOW, add_company, make_authority, make_certificate

ANNA, BRUNO = UserId("usr_anna"), UserId("usr_bruno")
AUTHORITY = make_authority("aut_1")


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA, BRUNO])
        await ledger.authorities.put(AUTHORITY)

    await book.transaction(work)
    return book


async def put_and_leave(book: SqlBook, first: str, second: UserId) -> None:
    """Anna's certificate is enrolled and Anna leaves; the second person enrols another of the same holder."""

    async def work(ledger: Ledger) -> None:
        await ledger.certificates.put(make_certificate(first, ANNA))
        anna = await ledger.people.user(ANNA)
        assert anna
        await ledger.people.save_user(replace(anna, status=UserStatus.LEFT))
        same_holder = make_certificate(first, ANNA).holder
        await ledger.certificates.put(replace(make_certificate("crt_2", second), holder=same_holder))

    await book.transaction(work)


async def test_an_authority_is_kept_whole_and_changed(filled: SqlBook) -> None:
    changed = replace(AUTHORITY, name="AC Deux", policies={"1.2.3": Level.THREE_STARS}, ocsp_url=None, has_nonce=True)

    async def work(ledger: Ledger) -> None:
        assert await ledger.authorities.load(AUTHORITY.id) == AUTHORITY
        await ledger.authorities.put(changed)
        assert await ledger.authorities.load(AUTHORITY.id) == changed
        assert await ledger.authorities.load(AuthorityId("aut_none")) is None

    await filled.transaction(work)


async def test_an_authority_withdrawn_is_listed_but_no_longer_accepted(filled: SqlBook) -> None:
    withdrawn = replace(AUTHORITY, withdrawn_at=NOW)

    async def work(ledger: Ledger) -> None:
        assert await ledger.authorities.accepted() == [AUTHORITY]
        await ledger.authorities.put(withdrawn)
        assert await ledger.authorities.accepted() == []
        assert await ledger.authorities.all() == [withdrawn]

    await filled.transaction(work)


async def test_one_issuing_certificate_is_one_accepted_authority(filled: SqlBook) -> None:
    again = replace(AUTHORITY, id=AuthorityId("aut_2"))

    async def work(ledger: Ledger) -> None:
        with pytest.raises(StaleVersion):
            await ledger.authorities.put(again)
        await ledger.authorities.put(replace(AUTHORITY, withdrawn_at=NOW))
        await ledger.authorities.put(again)
        assert await ledger.authorities.accepted() == [again]

    await filled.transaction(work)


async def test_a_certificate_is_kept_whole_and_found_by_its_thumbprint(filled: SqlBook) -> None:
    kept = make_certificate("crt_1", ANNA)
    revoked = replace(kept, status=CertificateStatus.REVOKED, due_at=NOW)

    async def work(ledger: Ledger) -> None:
        await ledger.certificates.put(kept)
        assert await ledger.certificates.load(kept.id) == kept
        assert await ledger.certificates.with_thumbprint(kept.thumbprint) == kept
        assert await ledger.certificates.with_thumbprint("none") is None
        await ledger.certificates.put(revoked)
        assert await ledger.certificates.of_users([ANNA, BRUNO]) == [revoked]
        assert await ledger.certificates.of_users([]) == []

    await filled.transaction(work)


async def test_a_certificate_works_under_one_user_number_only(filled: SqlBook) -> None:
    kept = make_certificate("crt_1", ANNA)

    async def lend(ledger: Ledger) -> None:
        lent = replace(kept, id=CertificateId("crt_2"), user_id=BRUNO, holder=replace(kept.holder, serial_number="2"))
        await ledger.certificates.put(lent)

    await filled.transaction(lambda ledger: ledger.certificates.put(kept))
    with pytest.raises(CertificateTaken):
        await filled.transaction(lend)
    assert await filled.reading(lambda ledger: ledger.certificates.of_users([ANNA, BRUNO])) == [kept]


async def test_another_certificate_of_the_same_holder_works_under_no_other_number(filled: SqlBook) -> None:
    kept = make_certificate("crt_1", ANNA)
    renewed = replace(make_certificate("crt_2", ANNA), holder=kept.holder)

    async def lend(ledger: Ledger) -> None:
        await ledger.certificates.put(replace(make_certificate("crt_3", BRUNO), holder=kept.holder))

    await filled.transaction(lambda ledger: ledger.certificates.put(kept))
    await filled.transaction(lambda ledger: ledger.certificates.put(renewed))
    with pytest.raises(CertificateTaken):
        await filled.transaction(lend)


async def test_the_holder_of_a_number_that_left_may_begin_under_another(filled: SqlBook) -> None:
    await put_and_leave(filled, "crt_1", BRUNO)
    found = await filled.reading(lambda ledger: ledger.certificates.of_users([BRUNO]))
    assert [certificate.id for certificate in found] == ["crt_2"]


async def test_what_the_calendar_is_to_look_at_is_found_the_longest_due_first(filled: SqlBook) -> None:
    early = replace(make_certificate("crt_1", ANNA), due_at=NOW)
    late = replace(make_certificate("crt_2", ANNA), due_at=NOW + timedelta(days=1))

    async def found(until: datetime, limit: int = 10) -> list[str]:
        due = await filled.reading(lambda ledger: ledger.certificates.due(until, limit))
        return [certificate.id for certificate in due]

    for certificate in (late, early, make_certificate("crt_3", ANNA)):
        await filled.transaction(partial(put, certificate))
    assert await found(NOW - timedelta(seconds=1)) == []
    assert await found(NOW) == ["crt_1"]
    assert await found(NOW + timedelta(days=1)) == ["crt_1", "crt_2"]
    assert await found(NOW + timedelta(days=1), limit=1) == ["crt_1"]
    await filled.transaction(partial(put, replace(early, due_at=None)))
    assert await found(NOW) == []


async def put(certificate: Certificate, ledger: Ledger) -> None:
    await ledger.certificates.put(certificate)


async def test_an_admission_holds_for_one_person_and_certificate_until_it_is_used_or_over(filled: SqlBook) -> None:
    tomorrow = NOW + timedelta(days=1)

    async def work(ledger: Ledger) -> None:
        certificates = ledger.certificates
        await certificates.admit(ANNA, "t1", NOW)
        assert not await certificates.is_admitted(ANNA, "t1", NOW)
        await certificates.admit(ANNA, "t1", tomorrow)
        assert await certificates.is_admitted(ANNA, "t1", NOW)
        assert not await certificates.is_admitted(BRUNO, "t1", NOW)
        assert not await certificates.is_admitted(ANNA, "t2", NOW)
        await certificates.use_admission(ANNA, "t1")
        assert not await certificates.is_admitted(ANNA, "t1", NOW)

    await filled.transaction(work)


def make_order(order_id: str, user_id: UserId = ANNA) -> CertificateOrder:
    return CertificateOrder(
        id=CertificateOrderId(order_id),
        user_id=user_id,
        shop="https://shop.test/",
        status=CertificateOrderStatus.REQUESTED,
        requested_at=NOW,
        moved_at=NOW,
    )


async def test_a_person_has_one_order_under_way(filled: SqlBook) -> None:
    first, second = make_order("cor_1"), replace(make_order("cor_2"), requested_at=NOW + timedelta(days=1))
    done = replace(first, status=CertificateOrderStatus.ABANDONED, moved_at=NOW + timedelta(days=1))

    async def work(ledger: Ledger) -> None:
        await ledger.certificate_orders.add(first)
        with pytest.raises(CertificateOrderOpen):
            await ledger.certificate_orders.add(second)
        await ledger.certificate_orders.save(done)
        await ledger.certificate_orders.add(second)
        await ledger.certificate_orders.add(make_order("cor_3", BRUNO))
        assert await ledger.certificate_orders.load(first.id) == replace(done, version=1)
        assert await ledger.certificate_orders.of_users([ANNA]) == [second, replace(done, version=1)]

    await filled.transaction(work)


async def test_an_order_saved_by_somebody_else_is_stale(filled: SqlBook) -> None:
    kept = make_certificate("crt_1", ANNA)
    came = replace(make_order("cor_1"), status=CertificateOrderStatus.ENROLLED, certificate_id=kept.id)

    async def work(ledger: Ledger) -> None:
        await ledger.certificates.put(kept)
        await ledger.certificate_orders.add(make_order("cor_1"))
        await ledger.certificate_orders.save(came)
        with pytest.raises(StaleVersion):
            await ledger.certificate_orders.save(came)
        assert await ledger.certificate_orders.load(came.id) == replace(came, version=1)

    await filled.transaction(work)
