"""Letters, enrolments and confirmations in the store: the contract on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.errors import StaleVersion
from approvals.model.activation import Activation, LetterStatus
from approvals.model.confirmation import Confirmation, ConfirmationStatus
from approvals.model.enrolment import Enrolment, EnrolmentStatus
from approvals.model.ids import ConfirmationId, EnrolmentId, LoginId, UserId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.builders import NOW, add_company, make_device, make_login

ANNA, BRUNO = UserId("usr_anna"), UserId("usr_bruno")
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA, BRUNO])
        await ledger.logins.add(make_login("log_1", ANNA))
        await ledger.devices.put(make_device("dev_phone", ANNA))

    await book.transaction(work)
    return book


async def test_a_letter_is_read_back_as_it_was_saved_and_not_over_a_newer_one(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.activations.order(ANNA, NOW)
        due = await ledger.activations.load(ANNA)
        assert due == Activation(user_id=ANNA, status=LetterStatus.DUE, ordered_at=NOW)
        printed = replace(
            due, status=LetterStatus.PRINTED, printed_at=NOW, secret_digest=b"\x01" * 32, expires_at=LATER
        )
        await ledger.activations.save(printed)
        assert await ledger.activations.load(ANNA) == replace(printed, version=1)
        with pytest.raises(StaleVersion):
            await ledger.activations.save(printed)

    await filled.transaction(work)


async def test_a_letter_ordered_again_forgets_what_the_former_held(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> Activation | None:
        await ledger.activations.order(ANNA, NOW)
        due = await ledger.activations.load(ANNA)
        assert due is not None
        await ledger.activations.save(replace(due, status=LetterStatus.USED, used_at=NOW, secret_digest=b"\x01" * 32))
        await ledger.activations.order(ANNA, LATER)
        return await ledger.activations.load(ANNA)

    again = await filled.transaction(work)
    assert again == Activation(user_id=ANNA, status=LetterStatus.DUE, ordered_at=LATER, version=2)


async def test_an_enrolment_is_found_by_id_and_ticket_with_the_device_that_scanned(filled: SqlBook) -> None:
    offered = Enrolment(
        id=EnrolmentId("enr_1"),
        user_id=ANNA,
        login_id=LoginId("log_1"),
        ticket_digest=b"\x02" * 32,
        status=EnrolmentStatus.OFFERED,
        expires_at=LATER,
    )
    device = replace(make_device("dev_new", ANNA), created_at=NOW)
    scanned = replace(offered, status=EnrolmentStatus.SCANNED, device=device, digits="07")

    async def work(ledger: Ledger) -> None:
        await ledger.enrolments.add(offered)
        assert await ledger.enrolments.with_ticket(offered.ticket_digest) == offered
        assert await ledger.enrolments.with_ticket(b"\x03" * 32) is None
        await ledger.enrolments.save(scanned)
        assert await ledger.enrolments.load(offered.id) == replace(scanned, version=1)
        with pytest.raises(StaleVersion):
            await ledger.enrolments.save(scanned)
        await ledger.enrolments.sweep(LATER)
        assert await ledger.enrolments.load(offered.id) is not None
        await ledger.enrolments.sweep(LATER + timedelta(milliseconds=1))
        assert await ledger.enrolments.load(offered.id) is None

    await filled.transaction(work)


async def test_confirmations_wait_for_their_person_until_answered_or_too_old(filled: SqlBook) -> None:
    first = Confirmation(
        id=ConfirmationId("cfm_1"),
        user_id=ANNA,
        secret_digest=b"\x04" * 32,
        digits="00",
        status=ConfirmationStatus.WAITING,
        asked_at=NOW,
        expires_at=LATER,
    )
    second = replace(first, id=ConfirmationId("cfm_2"), secret_digest=b"\x05" * 32, asked_at=NOW + timedelta(seconds=1))
    nobodys = replace(first, id=ConfirmationId("cfm_3"), secret_digest=b"\x06" * 32, user_id=None)

    async def work(ledger: Ledger) -> None:
        for each in (second, first, nobodys):
            await ledger.confirmations.add(each)
        assert await ledger.confirmations.waiting(ANNA, NOW) == [first, second]
        assert await ledger.confirmations.waiting(BRUNO, NOW) == []
        assert await ledger.confirmations.waiting(ANNA, LATER) == []
        assert await ledger.confirmations.with_secret(nobodys.secret_digest) == nobodys
        answered = replace(first, status=ConfirmationStatus.CONFIRMED, device_id=make_device("dev_phone", ANNA).id)
        await ledger.confirmations.save(answered)
        with pytest.raises(StaleVersion):
            await ledger.confirmations.save(answered)
        assert await ledger.confirmations.load(first.id) == replace(answered, version=1)
        assert await ledger.confirmations.waiting(ANNA, NOW) == [second]
        await ledger.confirmations.sweep(LATER + timedelta(milliseconds=1))
        assert await ledger.confirmations.load(second.id) is None

    await filled.transaction(work)
