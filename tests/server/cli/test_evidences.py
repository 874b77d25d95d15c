"""`evidence verify` and `evidence recheck` as they are typed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from approvals.model.certificate import Authority
from approvals.model.ids import AuthorityId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from server.cli.trust import read_trust
from server.outside.heads import HeadsFile
from tests.evidence.signed_action import Answering, answer_of, approved_file
from tests.fakes import SteppedClock
from tests.house import House, mine
from tests.joined_desks import Parts
from tests.migrated import open_migrated
from tests.pki import Wish, open_authority
from tests.sealing import Sealer
from tests.server.cli.conftest import Operator


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The evidence of an action that Anne signed, and the anchors of who trusts that bank."""
    return asyncio.run(_make(tmp_path))


async def _make(folder: Path) -> Path:
    database = await open_migrated(folder / "house.db")
    house = House(Parts(book=SqlBook(database), folder=folder))
    anne, _, _ = await house.found()
    sheet = await house.hold()
    challenge = mine(sheet, anne)
    assert challenge.reader_input is not None
    login = (await house.sign_in(anne)).login
    await house.answers.answer(login.id, challenge.id, anne.answer(challenge.reader_input))
    sealer = Sealer(book=house.book, clock=house.clock, signer=house.audit_signer)
    await sealer.desk.run()
    content = await house.evidence.of_action(sheet.id)
    await database.close()
    return await _hand_over(house, sealer, content)


async def _hand_over(house: House, sealer: Sealer, content: bytes) -> Path:
    """Write anchors, and the file beside them."""
    anchors = house.folder / "anchors"
    anchors.mkdir()
    (anchors / "audit-keys.json").write_bytes(house.audit_signer.published_keys())
    (anchors / "release-keys.json").write_bytes(house.signer.published_keys())
    await HeadsFile(anchors / "heads.jsonl").append(sealer.shelf.heads[0])
    written = house.folder / "evidence.json"
    written.write_bytes(content)
    return written


THEN = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)
"""When a certificate signed that is over by now."""


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """The evidence of an action approved with that certificate; its authority is among the anchors."""
    return asyncio.run(_make_signed(tmp_path))


async def _make_signed(folder: Path) -> Path:
    database = await open_migrated(folder / "house.db")
    authority = open_authority()
    subject = authority.issue(Wish(not_before=THEN - timedelta(days=30), not_after=THEN + timedelta(days=365)))
    said = Answering(authority, ocsp=answer_of(authority, subject, at=THEN))
    house = House(Parts(book=SqlBook(database), folder=folder, clock=SteppedClock(THEN), validator=said))
    content, sealer = await approved_file(house, subject)
    await database.close()
    written = await _hand_over(house, sealer, content)
    (folder / "anchors" / "certificate-authorities.pem").write_bytes(authority.issued.pem)
    return written


def test_a_signature_holds_years_later_without_the_bank_and_without_a_network(operator: Operator, signed: Path) -> None:
    operator.settings.unlink()
    said = operator.types("evidence", "verify", str(signed), "--trust", str(signed.with_name("anchors")))
    assert said.refusal is None
    assert "with their certificate, good at 2024-01-15 09:00:00Z by the bank's clock: proved by the signer" in said.text


def test_without_its_authority_among_the_anchors_a_signature_is_refused(operator: Operator, signed: Path) -> None:
    anchors = signed.with_name("anchors")
    (anchors / "certificate-authorities.pem").write_bytes(open_authority().issued.pem)
    assert operator.types("evidence", "verify", str(signed), "--trust", str(anchors)).code == "evidence_invalid"
    (anchors / "certificate-authorities.pem").unlink()
    assert operator.types("evidence", "verify", str(signed), "--trust", str(anchors)).code == "evidence_invalid"


def test_anchors_hold_every_authority_once_accepted_withdrawn_ones_too(house: Operator, tmp_path: Path) -> None:
    current, former = open_authority("AC Une"), open_authority("AC Deux")
    entries = [
        replace(current.entry(ocsp_url="http://ocsp.test"), id=AuthorityId("aut_1"), name="AC Une"),
        replace(former.entry(ocsp_url="http://ocsp.test", withdrawn_at=THEN), id=AuthorityId("aut_2"), name="AC Deux"),
    ]
    asyncio.run(_accept(house, entries))
    assert house.types("evidence", "anchors", str(tmp_path / "anchors")).refusal is None
    pinned = read_trust(tmp_path / "anchors").anchors.authorities
    assert sorted(each.subject.rfc4514_string() for each in pinned) == sorted(
        each.certificate.subject.rfc4514_string() for each in (current, former)
    )


def test_where_no_authority_was_accepted_the_anchors_name_none(house: Operator, tmp_path: Path) -> None:
    assert house.types("evidence", "anchors", str(tmp_path / "anchors")).refusal is None
    assert read_trust(tmp_path / "anchors").anchors.authorities == []


async def _accept(operator: Operator, entries: Sequence[Authority]) -> None:
    async def work(ledger: Ledger) -> None:
        for entry in entries:
            await ledger.authorities.put(entry)

    database = await open_database(operator.database_url)
    await SqlBook(database).transaction(work)
    await database.close()


def test_an_auditor_reads_what_is_proved_and_who_asserts_it(operator: Operator, file: Path) -> None:
    said = operator.types("evidence", "verify", str(file), "--trust", str(file.with_name("anchors")))
    assert said.refusal is None
    assert ": everything in it holds." in said.text
    assert "was right (cap_right; " in said.text
    assert "asserted by the bank" in said.text
    assert "is among the heads you keep: asserted by your own copy" in said.text


def test_a_file_that_was_altered_is_refused(operator: Operator, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"Le Goff", b"Le Gaff", 1))
    said = operator.types("evidence", "verify", str(file), "--trust", str(file.with_name("anchors")))
    assert said.code == "evidence_invalid"
    assert "everything in it holds" not in said.text


PEMS = ("timestamp-authority.pem", "certificate-authorities.pem")


@pytest.mark.parametrize("broken", ["audit-keys.json", "release-keys.json", "heads.jsonl", *PEMS])
def test_anchors_that_cannot_be_read_are_refused(operator: Operator, file: Path, broken: str) -> None:
    (file.with_name("anchors") / broken).write_text("{}\n", "utf-8")
    said = operator.types("evidence", "verify", str(file), "--trust", str(file.with_name("anchors")))
    assert said.code == "anchors_unreadable"


def test_files_that_are_not_there_are_refused(operator: Operator, file: Path) -> None:
    assert operator.types("evidence", "verify", "none.json", "--trust", str(file.with_name("anchors"))).code == (
        "invalid_request"
    )
    assert operator.types("evidence", "verify", str(file), "--trust", "none").code == "anchors_unreadable"


def test_an_unknown_action_cannot_be_rechecked(house: Operator) -> None:
    assert house.types("evidence", "recheck", "act_none").code == "not_found"
