"""`evidence verify` and `evidence recheck` as they are typed."""

import asyncio
from pathlib import Path

import pytest

from approvals.store.book import SqlBook
from approvals.store.database import open_database
from approvals.store.migrate import migrate
from server.outside.heads import HeadsFile
from tests.house import House, mine
from tests.joined_desks import Parts
from tests.sealing import Sealer
from tests.server.cli.conftest import Operator


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The evidence of an action that Anne signed, and the anchors of who trusts that bank."""
    return asyncio.run(_make(tmp_path))


async def _make(folder: Path) -> Path:
    database = await open_database(f"sqlite:///{folder / 'house.db'}")
    await migrate(database)
    house = House(Parts(book=SqlBook(database), folder=folder))
    anne, _, _ = await house.found()
    sheet = await house.hold()
    challenge = mine(sheet, anne)
    assert challenge.reader_input is not None
    login = (await house.sign_in(anne)).login
    await house.answers.answer(login.id, challenge.id, anne.answer(challenge.reader_input))
    sealer = Sealer(book=house.book, clock=house.clock, signer=house.audit_signer)
    await sealer.desk.run()
    anchors = folder / "anchors"
    anchors.mkdir()
    (anchors / "audit-keys.json").write_bytes(house.audit_signer.published_keys())
    (anchors / "release-keys.json").write_bytes(house.signer.published_keys())
    await HeadsFile(anchors / "heads.jsonl").append(sealer.shelf.heads[0])
    written = folder / "evidence.json"
    written.write_bytes(await house.evidence.of_action(sheet.id))
    await database.close()
    return written


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


@pytest.mark.parametrize("broken", ["audit-keys.json", "release-keys.json", "heads.jsonl", "timestamp-authority.pem"])
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
