"""What the calendar and first entry mean for certificates, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from approvals.certificates.pasting import read_pasted
from approvals.desk.certificates.enrolling import CertificateEnrolment
from approvals.desk.sign_in import SignedIn
from approvals.errors import FreshProofNeeded
from approvals.model.activation import LetterStatus
from approvals.model.certificate import Certificate
from approvals.model.ids import CertificateId
from approvals.model.inbox import EventKind
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.fakes import ToldValidator
from tests.holders import ANNE, accept, form, held
from tests.house import House, Person, request_of
from tests.joined_desks import Parts
from tests.pki import Issued, IssuingAuthority, open_authority


@pytest.fixture
def house(book: SqlBook, tmp_path: Path) -> House:
    return House(Parts(book=book, folder=tmp_path, validator=ToldValidator()))


@pytest.fixture
async def anne(house: House) -> Person:
    return (await house.found())[0]


@pytest.fixture
async def authority(house: House) -> IssuingAuthority:
    opened = open_authority()
    await accept(house, opened)
    return opened


async def enrol(house: House, signed_in: SignedIn, issued: Issued, renews: Certificate | None = None) -> Certificate:
    body = await form(house, issued, renews=renews, old=None)
    request = CertificateEnrolment(
        certificate=read_pasted(str(body["certificate"])),
        nonce=str(body["nonce"]),
        jws=str(body["jws"]),
        renews=CertificateId(renews.id) if renews else None,
    )
    return await house.certificates.enrolling.enrol(signed_in.login.id, request)


async def told(house: House, person: Person) -> Sequence[EventKind]:
    events = await house.book.reading(lambda ledger: ledger.inboxes.read(person.user.id, 0, 100))
    return [event.news.kind for event in events if event.news.kind is not EventKind.CERTIFICATE_ENROLLED]


# --- the calendar -----------------------------------------------------------------------------------------


async def test_a_person_is_warned_60_30_and_7_days_ahead_and_told_of_the_end_each_once(
    house: House, anne: Person, authority: IssuingAuthority
) -> None:
    certificate = await enrol(house, await house.sign_in(anne, with_card=True), authority.issue(ANNE))
    warnings = []
    for ahead in (61, 60, 59, 30, 29, 7, 1, 0, -1):
        house.clock.move_to(certificate.not_after - timedelta(days=ahead))
        await house.certificates.ageing.sweep()
        await house.certificates.ageing.sweep()
        warnings.append(len(await told(house, anne)))
    assert warnings == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert await told(house, anne) == [EventKind.CERTIFICATE_EXPIRES_SOON] * 3 + [EventKind.CERTIFICATE_EXPIRED]


async def test_warnings_that_a_long_stop_kept_back_come_as_one(
    house: House, anne: Person, authority: IssuingAuthority
) -> None:
    certificate = await enrol(house, await house.sign_in(anne, with_card=True), authority.issue(ANNE))
    house.clock.move_to(certificate.not_after - timedelta(days=20))
    await house.certificates.ageing.sweep()
    assert await told(house, anne) == [EventKind.CERTIFICATE_EXPIRES_SOON]


async def test_a_renewed_certificate_is_warned_of_no_more(
    house: House, anne: Person, authority: IssuingAuthority
) -> None:
    signed_in = await house.sign_in(anne, with_card=True)
    old = await enrol(house, signed_in, authority.issue(ANNE))
    house.clock.advance(seconds=1)
    await enrol(house, signed_in, authority.issue(ANNE), renews=old)
    house.clock.move_to(old.not_after - timedelta(days=60))
    await house.certificates.ageing.sweep()
    assert await told(house, anne) == [EventKind.CERTIFICATE_EXPIRES_SOON]  # of the new one alone
    superseded, _ = await held(house, anne.user.id)
    assert superseded.due_at is None


# --- first entry ------------------------------------------------------------------------------------------


async def newcomer(house: House) -> Person:
    """Anne Morvan's namesake with a letter just used, and no card."""
    person = house.newcomer(4, "Anne Morvan")

    async def work(ledger: Ledger) -> None:
        await ledger.people.add_user(person.user)
        await ledger.activations.order(person.user.id, house.clock.now())

    await house.book.transaction(work)
    return person


async def use_letter(house: House, person: Person) -> None:
    async def work(ledger: Ledger) -> None:
        kept = await ledger.activations.load(person.user.id)
        assert kept is not None
        await ledger.activations.save(replace(kept, status=LetterStatus.USED, used_at=house.clock.now()))

    await house.book.transaction(work)


async def test_within_a_day_of_first_entry_by_letter_somebody_without_a_card_enrols_one_certificate(
    house: House, anne: Person, authority: IssuingAuthority
) -> None:
    assert anne.card.id
    person = await newcomer(house)
    await use_letter(house, person)
    signed_in = await house.access.sign_in(request_of(person))
    assert (await enrol(house, signed_in, authority.issue(ANNE))).user_id == person.user.id
    with pytest.raises(FreshProofNeeded):
        await enrol(house, signed_in, authority.issue(ANNE))


@pytest.mark.parametrize("late", [timedelta(days=1, seconds=1), None], ids=["a day later", "no letter used"])
async def test_without_a_letter_of_the_day_a_code_alone_enrols_nothing(
    house: House, anne: Person, authority: IssuingAuthority, late: timedelta | None
) -> None:
    assert anne.card.id
    person = await newcomer(house)
    if late is not None:
        await use_letter(house, person)
        house.clock.move_to(house.clock.now() + late)
    with pytest.raises(FreshProofNeeded):
        await enrol(house, await house.access.sign_in(request_of(person)), authority.issue(ANNE))
