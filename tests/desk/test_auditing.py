"""Every column of every sealed row, tampered with in real databases; and what is no tampering."""

from dataclasses import replace

import pytest

from approvals.desk.auditing import AuditDesk
from approvals.errors import AuditBroken
from approvals.evidence.audit_check import AuditReport
from approvals.model.audit import Retention
from approvals.store.book import SqlBook
from approvals.store.database import Database
from tests.sealing import Sealer

OF_ROW = "WHERE audit_id = (SELECT id FROM audit WHERE leaf = 11)"
OTHER = "(SELECT id FROM audit WHERE leaf = 12)"
ROWS = {
    "its code": "SET code = 'other'",
    "its actor": "SET actor = 'user:usr_9'",
    "its time": "SET at = at + 1",
    "its number": "SET n = 9",
    "its retention": "SET retention = 'address'",
    "its retention, into none at all": "SET retention = 'never'",
    "its commitment": "SET commitment = (SELECT commitment FROM audit AS other WHERE other.leaf = 12)",
    "its leaf": "SET leaf = NULL",
}
VALUES = {
    "the salt": "SET salt = (SELECT other.salt FROM audit_values AS other JOIN audit ON audit.id = other.audit_id "
    "WHERE audit.leaf = 12)",
    "the value": "SET value = '{}'",
    "the value, into none at all": "SET value = 'nonsense'",
    "the value, erased without a word": "SET value = NULL, salt = NULL",
    "the value, erased in another's name": f"SET value = NULL, salt = NULL, erased_by = {OTHER}",
    "who erased it": f"SET erased_by = {OTHER}",
    "whose it is": "SET audit_id = 'aud_other'",
}
HEADS = {
    "its environment": "UPDATE audit_heads SET environment = 'other' WHERE size = 20",
    "its epoch": "UPDATE audit_heads SET epoch = 'other' WHERE size = 20",
    "its size": "UPDATE audit_heads SET size = 19 WHERE size = 20",
    "its root": "UPDATE audit_heads SET root = previous WHERE size = 20",
    "the head before": "UPDATE audit_heads SET previous = root WHERE size = 20",
    "its time": "UPDATE audit_heads SET at = at + 1 WHERE size = 20",
    "its signature": "UPDATE audit_heads SET signature = (SELECT signature FROM audit_heads AS other "
    "WHERE other.size = 10) WHERE size = 20",
    "its growth": "UPDATE audit_heads SET growth = '[]' WHERE size = 20",
    "its growth, into none at all": "UPDATE audit_heads SET growth = 'nonsense' WHERE size = 20",
    "itself": "DELETE FROM audit_heads WHERE size = 20",
    "the last": "DELETE FROM audit_heads WHERE size = 30",
    "the tree's hashes": "DELETE FROM audit_tiles WHERE level = 0",
}


@pytest.fixture
async def sealer(book: SqlBook) -> Sealer:
    """Thirty rows under three heads, all outside too."""
    sealer = Sealer(book=book)
    await sealer.sealed(rows=30, heads=3)
    return sealer


async def verify(sealer: Sealer) -> AuditReport:
    return await AuditDesk(book=sealer.book).verify(sealer.keys, sealer.shelf.heads, lambda _rows: None)


async def tamper(database: Database, *statements: str) -> None:
    """Write into the database as nobody of the house does, foreign keys or not."""
    async with database.transaction() as connection:
        for statement in statements:
            await connection.execute(statement)


def sql(*pieces: str) -> str:
    return " ".join(pieces)


async def is_noticed(sealer: Sealer) -> bool:
    try:
        report = await verify(sealer)
    except AuditBroken:
        return True
    return bool(report.findings)


async def test_an_untouched_audit_is_whole_up_to_its_last_head_outside(sealer: Sealer) -> None:
    report = await verify(sealer)
    assert report.findings == ()
    assert (report.rows, report.heads) == (30, 3)
    assert report.anchored == sealer.shelf.heads[-1].head


@pytest.mark.parametrize("changed", ROWS)
async def test_a_changed_row_is_found(sealer: Sealer, database: Database, changed: str) -> None:
    await tamper(database, sql("UPDATE audit", ROWS[changed], "WHERE leaf = 11"))
    assert await is_noticed(sealer)


@pytest.mark.parametrize("changed", VALUES)
async def test_a_changed_value_is_found(sealer: Sealer, database: Database, changed: str) -> None:
    loose = "INSERT INTO audit (id, code, actor, at, commitment, retention) SELECT 'aud_other', code, actor, at,"
    await tamper(
        database,
        sql(loose, "commitment, retention FROM audit WHERE leaf = 11"),  # so that the foreign key holds
        sql("UPDATE audit_values", VALUES[changed], OF_ROW),
    )
    assert await is_noticed(sealer)


async def test_a_removed_value_is_found(sealer: Sealer, database: Database) -> None:
    await tamper(database, sql("DELETE FROM audit_values", OF_ROW))
    assert await is_noticed(sealer)


async def test_a_row_under_another_id_is_found(sealer: Sealer, database: Database) -> None:
    copied = "INSERT INTO audit (id, action_id, n, code, actor, at, commitment, retention) SELECT"
    await tamper(
        database,
        sql(copied, "'aud_other', action_id, n, code, actor, at, commitment, retention FROM audit WHERE leaf = 11"),
        sql("UPDATE audit_values SET audit_id = 'aud_other'", OF_ROW),
        "DELETE FROM audit WHERE leaf = 11",
        "UPDATE audit SET leaf = 11 WHERE id = 'aud_other'",
    )
    assert await is_noticed(sealer)


@pytest.mark.parametrize("which", ["leaf = 0", "leaf = 11", "leaf = 29", "leaf > 4 AND leaf < 25", "leaf >= 0"])
async def test_removed_rows_are_found(sealer: Sealer, database: Database, which: str) -> None:
    await tamper(
        database,
        sql("DELETE FROM audit_values WHERE audit_id IN (SELECT id FROM audit WHERE", which, ")"),
        sql("DELETE FROM audit WHERE", which),
    )
    assert await is_noticed(sealer)


async def test_a_removed_row_whose_place_is_closed_up_is_found(sealer: Sealer, database: Database) -> None:
    await tamper(
        database,
        sql("DELETE FROM audit_values", OF_ROW),
        "DELETE FROM audit WHERE leaf = 11",
        "UPDATE audit SET leaf = leaf + 1000 WHERE leaf > 11",
        "UPDATE audit SET leaf = leaf - 1001 WHERE leaf > 1000",
    )
    assert await is_noticed(sealer)


async def test_a_row_put_between_others_is_found(sealer: Sealer, database: Database) -> None:
    await sealer.note("slipped_in")
    await tamper(
        database,
        "UPDATE audit SET leaf = leaf + 1000 WHERE leaf >= 11",
        "UPDATE audit SET leaf = leaf - 999 WHERE leaf > 1000",
        "UPDATE audit SET leaf = 11 WHERE leaf IS NULL",
    )
    assert await is_noticed(sealer)


async def test_two_rows_that_changed_places_are_found(sealer: Sealer, database: Database) -> None:
    await tamper(
        database,
        "UPDATE audit SET leaf = 99 WHERE leaf = 11",
        "UPDATE audit SET leaf = 11 WHERE leaf = 12",
        "UPDATE audit SET leaf = 12 WHERE leaf = 99",
    )
    assert await is_noticed(sealer)


@pytest.mark.parametrize("changed", HEADS)
async def test_a_changed_head_is_found(sealer: Sealer, database: Database, changed: str) -> None:
    await tamper(database, HEADS[changed])
    assert await is_noticed(sealer)


async def test_a_changed_row_is_named(sealer: Sealer, database: Database) -> None:
    await tamper(database, "UPDATE audit SET actor = 'user:usr_9' WHERE leaf = 11")
    report = await verify(sealer)
    row, head = report.findings[:2]
    assert row.where.startswith("leaf 11 (aud_")
    assert (head.where, "from leaf 10 to 19" in head.what) == ("head of 20", True)


async def test_an_end_cut_off_with_its_heads_is_found_by_the_copies_outside_alone(
    sealer: Sealer, database: Database
) -> None:
    await tamper(
        database,
        "DELETE FROM audit_values WHERE audit_id IN (SELECT id FROM audit WHERE leaf >= 20)",
        "DELETE FROM audit WHERE leaf >= 20",
        "DELETE FROM audit_heads WHERE size = 30",
        "UPDATE audit_tiles SET hashes = (SELECT SUBSTR(hashes, 1, 640) FROM audit_tiles)",
    )
    inside = await AuditDesk(book=sealer.book).verify(sealer.keys, [], lambda _rows: None)
    assert (inside.findings, inside.anchored) == ((), None)
    (finding,) = (await verify(sealer)).findings
    assert finding.where == "head of 30 outside"


async def test_a_history_written_anew_with_another_key_is_found(sealer: Sealer, database: Database) -> None:
    await tamper(
        database,
        "DELETE FROM audit_heads",
        "DELETE FROM audit_tiles",
        "UPDATE audit SET leaf = NULL",
        "UPDATE audit SET actor = 'user:usr_9' WHERE id = (SELECT MIN(id) FROM audit)",
    )
    forger = Sealer(book=sealer.book, clock=sealer.clock)
    await forger.desk.run()
    assert (await verify(forger)).findings == ()
    found = (await verify(sealer)).findings
    assert any("not pinned" in finding.what for finding in found)
    assert sum(finding.where.endswith("outside") for finding in found) == 3


async def test_with_the_houses_own_key_it_is_found_by_the_copies_outside(sealer: Sealer, database: Database) -> None:
    await tamper(
        database,
        "DELETE FROM audit_heads",
        "DELETE FROM audit_tiles",
        "UPDATE audit SET leaf = NULL",
        "UPDATE audit SET actor = 'user:usr_9' WHERE id = (SELECT MIN(id) FROM audit)",
    )
    insider = Sealer(book=sealer.book, clock=sealer.clock, signer=sealer.signer)
    await insider.desk.run()
    assert len((await verify(sealer)).findings) == 3


async def test_rows_not_sealed_yet_are_counted_and_nothing_is_claimed_of_them(
    sealer: Sealer, database: Database
) -> None:
    await sealer.note("late")
    await tamper(database, "UPDATE audit SET actor = 'user:usr_9' WHERE leaf IS NULL")
    assert (await verify(sealer)).findings == ()
    tail = await AuditDesk(book=sealer.book).tail()
    assert (tail.rows, tail.heads) == (1, 0)


async def test_a_head_the_copies_outside_lack_is_not_claimed(sealer: Sealer) -> None:
    await sealer.note("late")
    await sealer.desk.seal()
    report = await verify(sealer)
    assert report.findings == ()
    assert report.rows == 31
    assert report.anchored is not None
    assert report.anchored.size == 30


async def test_a_copy_outside_that_was_changed_is_found(sealer: Sealer) -> None:
    signed = sealer.shelf.heads[1]
    sealer.shelf.heads[1] = replace(signed, head=replace(signed.head, size=21))
    assert [finding.where for finding in (await verify(sealer)).findings] == ["head of 21 outside"]


async def test_many_rows_are_checked_page_by_page(book: SqlBook) -> None:
    sealer = Sealer(book=book)
    for _ in range(3):
        await sealer.note("first", retention=Retention.EVIDENCE)
        await sealer.write_many(900)
        await sealer.desk.run()
    told: list[int] = []
    report = await AuditDesk(book=book).verify(sealer.keys, sealer.shelf.heads, told.append)
    assert (report.findings, report.rows) == ((), 2703)
    assert told == [500, 901, 1401, 1802, 2302, 2703]
