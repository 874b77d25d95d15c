"""`audit` and `evidence anchors` as operators and auditors type them."""

import asyncio
import json
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from approvals.desk.sealing import Places, SealingDesk
from approvals.keys.audit_signer import KIND, AuditSigner
from approvals.keys.keyring import read_key_file
from approvals.model.audit import AuditEntry, Retention
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from server.outside.heads import HeadsFile
from tests.builders import add_company
from tests.fakes import START, SteppedClock
from tests.server.cli.conftest import Operator

Result = TypeVar("Result")


def on_database(operator: Operator, work: Callable[[Database], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        database = await open_database(operator.database_url)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def heads_file(operator: Operator) -> Path:
    return operator.folder / "heads.jsonl"


@pytest.fixture
def bank(house: Operator) -> Operator:
    """A house that keeps its heads in a file, with a little history under two of them."""
    with house.settings.open("a", encoding="utf-8") as settings:
        settings.write(f"[audit]\nheads_file = {json.dumps(str(heads_file(house)))}\n")
    note(house, "first", "second")
    seal(house)
    note(house, "third")
    seal(house)
    return house


def note(operator: Operator, *codes: str, actor: str = "operator", retention: Retention = Retention.AUDIT) -> None:
    async def work(database: Database) -> None:
        entries = [AuditEntry(code=code, actor=actor, at=START, value={"n": 1}, retention=retention) for code in codes]
        await SqlBook(database).transaction(lambda ledger: ledger.audit.append(entries))

    on_database(operator, work)


def seal(operator: Operator) -> None:
    """What `serve` does every minute."""

    async def work(database: Database) -> None:
        book, clock = SqlBook(database), SteppedClock()
        secrets = await book.reading(lambda ledger: ledger.secrets.of_kind(KIND))
        signer = AuditSigner(read_key_file(operator.keyring), secrets)
        places = Places(file=HeadsFile(heads_file(operator)))
        await SealingDesk(book=book, clock=clock, signer=signer, places=places, environment="test").run()

    on_database(operator, work)


def tamper(operator: Operator, statement: str) -> None:
    async def work(database: Database) -> None:
        async with database.transaction() as connection:
            await connection.execute(statement)

    on_database(operator, work)


def test_heads_are_added_to_a_file_of_the_houses_own(bank: Operator) -> None:
    lines = heads_file(bank).read_bytes().splitlines()
    assert [json.loads(line)["head"]["size"] for line in lines] == [3, 4]  # `keys init` wrote a row too
    assert stat.S_IMODE(heads_file(bank).stat().st_mode) == 0o600


def test_a_line_cut_short_is_written_again(bank: Operator) -> None:
    with heads_file(bank).open("r+b") as file:
        file.truncate(heads_file(bank).stat().st_size - 40)
    tamper(bank, "UPDATE audit_heads SET anchored_at = NULL WHERE size = 4")
    seal(bank)
    said = bank.types("audit", "verify")
    assert said.refusal is None
    assert "before the head of 4" in said.text


def test_a_whole_audit_is_said_to_be_whole_before_its_last_head_outside(bank: Operator) -> None:
    said = bank.types("audit", "verify")
    assert said.refusal is None
    assert "4 rows under 2 heads go together." in said.text
    assert "Nothing was changed, removed or added before the head of 4" in said.text


def test_the_unsealed_tail_is_named(bank: Operator) -> None:
    note(bank, "late", "later")
    assert "2 rows since 2026-11-23 09:00:00Z are not sealed yet" in bank.types("audit", "verify").text


def test_without_heads_outside_less_is_claimed(bank: Operator) -> None:
    heads_file(bank).unlink()
    said = bank.types("audit", "verify")
    assert said.refusal is None
    assert "No head of them was found outside" in said.text


def test_a_changed_row_is_named_and_refused(bank: Operator) -> None:
    tamper(bank, "UPDATE audit SET actor = 'user:usr_9' WHERE leaf = 2")
    said = bank.types("audit", "verify")
    assert said.code == "audit_broken"


def test_an_export_is_checked_far_from_the_bank(bank: Operator, tmp_path: Path) -> None:
    anchors, export = tmp_path / "anchors", tmp_path / "audit.jsonl"
    assert bank.types("evidence", "anchors", str(anchors)).refusal is None
    assert bank.types("audit", "export", str(export)).refusal is None
    assert stat.S_IMODE(export.stat().st_mode) == 0o600
    bank.settings.unlink()
    bank.keyring.unlink()
    said = bank.types("audit", "verify", "--export", str(export), "--trust", str(anchors))
    assert said.refusal is None
    assert "before the head of 4" in said.text
    export.write_bytes(export.read_bytes().replace(b'"second"', b'"secret"'))
    assert bank.types("audit", "verify", "--export", str(export), "--trust", str(anchors)).code == "audit_broken"


def test_an_export_is_checked_with_ones_own_anchors_or_not_at_all(bank: Operator, tmp_path: Path) -> None:
    export = tmp_path / "audit.jsonl"
    bank.types("audit", "export", str(export))
    assert bank.types("audit", "verify", "--export", str(export)).code == "invalid_request"
    assert bank.types("audit", "verify", "--export", str(export), "--trust", "none").code == "anchors_unreadable"
    assert bank.types("audit", "export", str(export)).code == "invalid_request"


def test_anchors_are_never_written_over(bank: Operator, tmp_path: Path) -> None:
    assert bank.types("evidence", "anchors", str(tmp_path / "anchors")).refusal is None
    assert bank.types("evidence", "anchors", str(tmp_path / "anchors")).code == "invalid_request"


def test_after_a_rotation_the_old_heads_still_hold(bank: Operator) -> None:
    assert bank.types("keys", "rotate-audit").refusal is None
    seal(bank)
    said = bank.types("audit", "verify")
    assert said.refusal is None
    assert "before the head of 5" in said.text


def test_a_request_to_erase_says_what_went_and_what_the_law_holds(bank: Operator) -> None:
    async def people(database: Database) -> None:
        async def work(ledger: Ledger) -> None:
            await add_company(ledger, ["usr_1"])

        await SqlBook(database).transaction(work)

    on_database(bank, people)
    note(bank, "came_from", actor="user:usr_1", retention=Retention.ADDRESS)
    note(bank, "did", actor="user:usr_1")
    seal(bank)
    said = bank.types("audit", "erase", "usr_1", "--reference", "DPO-2026-17")
    assert "Erased 1 values; 1 are held by law" in said.text
    seal(bank)
    assert "1 values were erased" in bank.types("audit", "verify").text
    assert bank.types("audit", "erase", "usr_none", "--reference", "DPO-1").code == "not_found"
    assert bank.types("audit", "erase", "usr_1", "--reference", " ").code == "invalid_request"


def test_the_end_of_a_relation_is_written_down(bank: Operator) -> None:
    async def people(database: Database) -> None:
        await SqlBook(database).transaction(add_company)

    on_database(bank, people)
    assert bank.types("audit", "end-relation", "12345678", "--on", "2026-11-01").refusal is None
    assert bank.types("audit", "end-relation", "99999999", "--on", "2026-11-01").code == "not_found"
