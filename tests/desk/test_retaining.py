from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.desk.auditing import AuditDesk
from approvals.desk.retaining import Erased, RetentionDesk
from approvals.errors import NotFound
from approvals.evidence.audit_check import AuditReport
from approvals.evidence.commitments import opens
from approvals.evidence.file_check import Trust, check_file
from approvals.evidence.retention import Keeping
from approvals.evidence.signatures import read_key_set
from approvals.model.audit import AuditEntry, AuditLine, Retention
from approvals.model.ids import UserId
from approvals.store.backup import mark_restored
from approvals.store.book import SqlBook
from approvals.store.database import Database
from tests.fakes import START
from tests.house import CLIENT, House, Person, mine
from tests.sealing import Sealer

KEEPING = Keeping(
    periods={
        Retention.EVIDENCE: timedelta(days=3653),
        Retention.AUDIT: timedelta(days=1827),
        Retention.CHAT: timedelta(days=366),
        Retention.ADDRESS: timedelta(days=184),
    }
)


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    return await house.found()


@pytest.fixture
def sealer(house: House, people: tuple[Person, ...]) -> Sealer:
    del people
    return Sealer(book=house.book, clock=house.clock, signer=house.audit_signer)


@pytest.fixture
def desk(house: House) -> RetentionDesk:
    return RetentionDesk(book=house.book, clock=house.clock, keeping=KEEPING)


async def one_of_each(sealer: Sealer, actor: str) -> None:
    """A row of each class in this name, sealed."""
    for retention in Retention:
        entry = AuditEntry(
            code=f"told_{retention}", actor=actor, at=sealer.clock.now(), value={"secret": "of a person"}
        )
        await sealer.write(replace(entry, retention=retention))
    await sealer.desk.run()


async def lines_of(sealer: Sealer) -> list[AuditLine]:
    return list(await sealer.book.reading(lambda ledger: ledger.audit_tree.lines(0, 10_000)))


async def kept(sealer: Sealer) -> set[str]:
    """The classes whose value is still there."""
    lines = [line for line in await lines_of(sealer) if line.row.code.startswith("told_")]
    return {line.row.retention for line in lines if line.disclosure is not None and line.disclosure.value is not None}


async def verify(sealer: Sealer) -> AuditReport:
    await sealer.desk.run()
    return await AuditDesk(book=sealer.book).verify(sealer.keys, sealer.shelf.heads, lambda _rows: None)


async def test_each_class_goes_when_its_own_time_is_over(sealer: Sealer, desk: RetentionDesk) -> None:
    await one_of_each(sealer, "operator")
    seen = []
    for days in (183, 1, 181, 1, 1460, 1, 1825, 1):
        sealer.clock.advance(days=days)
        await desk.sweep()
        seen.append(await kept(sealer))
    assert seen == [
        {"evidence", "audit", "chat", "address"},
        {"evidence", "audit", "chat"},
        {"evidence", "audit", "chat"},
        {"evidence", "audit"},
        {"evidence", "audit"},
        {"evidence"},
        {"evidence"},
        set(),
    ]


async def test_nothing_of_an_erased_value_is_left_and_the_row_stays(
    sealer: Sealer, desk: RetentionDesk, database: Database
) -> None:
    await one_of_each(sealer, "operator")
    before = await lines_of(sealer)
    sealer.clock.advance(days=10_000)
    assert await desk.sweep() == 4
    async with database.reading() as connection:
        rows = await connection.fetch("SELECT value FROM audit_values WHERE value LIKE '%of a person%'")
        salts = await connection.fetch("SELECT audit_id FROM audit_values WHERE value IS NULL AND salt IS NOT NULL")
    assert (list(rows), list(salts)) == ([], [])
    assert [line.row for line in await lines_of(sealer)][: len(before)] == [line.row for line in before]


async def test_an_erasure_is_audited_and_everything_still_verifies(sealer: Sealer, desk: RetentionDesk) -> None:
    await one_of_each(sealer, "operator")
    sealer.clock.advance(days=200)
    await desk.sweep()
    report = await verify(sealer)
    assert (report.findings, report.erased) == ((), 1)
    (said,) = [line for line in await lines_of(sealer) if line.row.code == "audit_values_erased"]
    assert said.disclosure is not None
    assert said.disclosure.value == {"reason": "retention", "count": 1}


async def test_an_erasure_beside_the_one_that_is_told_is_found(
    sealer: Sealer, desk: RetentionDesk, database: Database
) -> None:
    await one_of_each(sealer, "operator")
    sealer.clock.advance(days=200)
    await desk.sweep()
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE audit_values SET value = NULL, salt = NULL, erased_by = (SELECT id FROM audit "
            "WHERE code = 'audit_values_erased') WHERE audit_id = (SELECT id FROM audit WHERE code = 'told_chat')"
        )
    assert [finding.what for finding in (await verify(sealer)).findings] == [
        "2 values are gone, and the row that says why says 1"
    ]


async def test_the_audit_of_a_company_stays_while_it_is_a_customer_and_five_years_on(
    sealer: Sealer, desk: RetentionDesk, people: tuple[Person, ...]
) -> None:
    await one_of_each(sealer, f"user:{people[0].user.id}")
    sealer.clock.advance(days=3000)
    await desk.sweep()
    assert "audit" in await kept(sealer)
    await desk.end_relation(CLIENT, sealer.clock.now())
    sealer.clock.advance(days=1826)
    await desk.sweep()
    assert "audit" in await kept(sealer)
    sealer.clock.advance(days=1)
    await desk.sweep()
    assert "audit" not in await kept(sealer)


async def test_rows_of_a_companys_actions_are_the_companys(house: House, sealer: Sealer, desk: RetentionDesk) -> None:
    sheet = await house.hold()
    entry = AuditEntry(code="told_audit", actor="system", at=house.clock.now(), action_id=sheet.id, value={"n": 1})
    await sealer.write(entry)
    await sealer.desk.run()
    house.clock.advance(days=3000)
    await desk.sweep()
    assert await kept(sealer) == {"audit"}


async def test_rows_that_are_not_sealed_yet_keep_their_value(sealer: Sealer, desk: RetentionDesk) -> None:
    await sealer.note("told_late", retention=Retention.ADDRESS)
    sealer.clock.advance(days=500)
    assert await desk.sweep() == 0
    await sealer.desk.run()
    assert await desk.sweep() == 1


async def test_a_long_audit_is_walked_piece_by_piece_and_then_again(sealer: Sealer, desk: RetentionDesk) -> None:
    await sealer.write_many(1200)
    sealer.clock.advance(seconds=1)
    await one_of_each(sealer, "operator")
    sealer.clock.advance(days=200)
    assert [await desk.sweep() for _ in range(3)] == [0, 0, 1]
    sealer.clock.advance(days=200)
    assert [await desk.sweep() for _ in range(3)] == [0, 0, 1]


async def test_a_person_s_request_erases_what_the_law_lets_go(
    sealer: Sealer, desk: RetentionDesk, people: tuple[Person, ...]
) -> None:
    anne, bruno, _ = people
    await one_of_each(sealer, f"user:{anne.user.id}")
    await one_of_each(sealer, f"user:{bruno.user.id}")
    assert await desk.erase(anne.user.id, "DPO-2026-17") == Erased(erased=2, held=2)
    lines = [line for line in await lines_of(sealer) if line.row.actor == f"user:{anne.user.id}"]
    gone = {line.row.retention for line in lines if line.disclosure is not None and line.disclosure.value is None}
    assert gone == {Retention.CHAT, Retention.ADDRESS}
    assert await kept(sealer) == set(Retention)  # Bruno's
    assert (await verify(sealer)).findings == ()
    assert await desk.erase(anne.user.id, "DPO-2026-17") == Erased(erased=0, held=2)


async def test_a_request_of_nobody_is_refused(desk: RetentionDesk) -> None:
    with pytest.raises(NotFound):
        await desk.erase(UserId("usr_none"), "DPO-1")
    with pytest.raises(NotFound):
        await desk.end_relation("99999999", START)


async def test_nothing_is_erased_while_a_restore_is_unfinished(
    sealer: Sealer, desk: RetentionDesk, database: Database
) -> None:
    await one_of_each(sealer, "operator")
    sealer.clock.advance(days=10_000)
    await mark_restored(database, sealer.clock.now())
    assert await desk.sweep() == 0


async def test_evidence_holds_when_its_values_are_erased(
    house: House, sealer: Sealer, desk: RetentionDesk, people: tuple[Person, ...]
) -> None:
    sheet = await house.hold()
    challenge = mine(sheet, people[0])
    assert challenge.reader_input is not None
    login = (await house.sign_in(people[0])).login
    await house.answers.answer(login.id, challenge.id, people[0].answer(challenge.reader_input))
    await sealer.desk.run()
    house.clock.advance(days=3653)
    await desk.sweep()
    lines = await house.book.reading(lambda ledger: ledger.audit_tree.of_action(sheet.id))
    assert all(line.disclosure is not None and line.disclosure.value is None for line in lines)
    trust = Trust(
        audit_keys=read_key_set(house.audit_signer.published_keys()),
        release_keys=read_key_set(house.signer.published_keys()),
    )
    report = check_file(await house.evidence.of_action(sheet.id), trust)
    assert (report.erased, report.unsealed) == (len(lines), 0)


async def test_a_value_that_is_held_opens_its_commitment(sealer: Sealer) -> None:
    await one_of_each(sealer, "operator")
    for line in await lines_of(sealer):
        assert line.disclosure is not None
        assert opens(line.row.commitment, line.disclosure.salt or b"", line.disclosure.value or {})


async def test_two_nodes_erase_a_value_once(book: SqlBook, sealer: Sealer, desk: RetentionDesk) -> None:
    await one_of_each(sealer, "operator")
    sealer.clock.advance(days=200)
    other = RetentionDesk(book=book, clock=sealer.clock, keeping=KEEPING)
    assert (await desk.sweep(), await other.sweep()) == (1, 0)
    assert (await verify(sealer)).findings == ()
