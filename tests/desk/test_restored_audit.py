"""The audit of a database that came back from a backup, held against the heads that stayed outside."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from approvals.desk.auditing import AuditDesk
from approvals.desk.restoring import Anchoring, Finished, RestoringDesk
from approvals.evidence.audit_check import AuditReport
from approvals.store.backup import back_up, restore
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.migrated import open_migrated
from tests.sealing import Sealer


class Story:
    """A sealed audit, its backup, and what comes back."""

    def __init__(self, folder: Path, sealer: Sealer) -> None:
        self._folder = folder
        self.sealer = sealer

    async def back_up(self) -> None:
        await back_up(f"sqlite:///{self._folder / 'before.db'}", self._folder / "backup")

    async def come_back(self) -> None:
        """Yesterday's database takes the place of today's; the places outside are as they were."""
        url = f"sqlite:///{self._folder / 'after.db'}"
        await restore(url, self._folder / "backup", self.sealer.clock.now())
        self.restored = await open_database(url)
        self.sealer.book = SqlBook(self.restored)

    async def finish(self) -> Finished:
        desk = RestoringDesk(book=self.sealer.book, clock=self.sealer.clock)
        return await desk.finish({}, [signed.head for signed in self.sealer.shelf.heads])

    async def verify(self) -> AuditReport:
        desk = AuditDesk(book=self.sealer.book)
        return await desk.verify(self.sealer.keys, self.sealer.shelf.heads, lambda _rows: None)


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    database = await open_migrated(tmp_path / "before.db")
    story = Story(tmp_path, Sealer(book=SqlBook(database)))
    await story.sealer.sealed(rows=10, heads=2)
    yield story
    await database.close()
    if hasattr(story, "restored"):
        await story.restored.close()


async def test_a_backup_that_nothing_followed_has_the_last_head_outside(story: Story) -> None:
    await story.back_up()
    await story.come_back()
    finished = await story.finish()
    assert (finished.anchoring, finished.lost) == (Anchoring.SAME, 0)


async def test_a_restored_audit_that_is_behind_says_how_far(story: Story) -> None:
    await story.back_up()
    await story.sealer.sealed(rows=6, heads=2)
    await story.come_back()
    finished = await story.finish()
    assert (finished.anchoring, finished.lost) == (Anchoring.BEHIND, 6)


async def test_an_audit_of_another_history_is_told_apart(story: Story) -> None:
    await story.back_up()
    await story.come_back()
    story.sealer.shelf.heads.pop()
    assert (await story.finish()).anchoring is Anchoring.OTHER


async def test_without_heads_outside_nothing_is_compared(story: Story) -> None:
    await story.back_up()
    await story.come_back()
    story.sealer.shelf.heads.clear()
    assert (await story.finish()).anchoring is Anchoring.NOT_COMPARED


async def test_heads_a_recorded_restore_left_behind_are_counted_and_are_no_finding(story: Story) -> None:
    await story.back_up()
    await story.sealer.sealed(rows=6, heads=2)
    await story.come_back()
    await story.finish()
    await story.sealer.sealed(rows=9, heads=3)
    report = await story.verify()
    assert (report.findings, report.abandoned) == ((), 2)
    assert report.anchored == story.sealer.shelf.heads[-1].head


async def test_a_rollback_that_nobody_recorded_is_found(story: Story) -> None:
    await story.back_up()
    await story.sealer.sealed(rows=6, heads=2)
    await story.come_back()
    await story.sealer.book.transaction(lambda ledger: ledger.house.end_restore())
    await story.sealer.sealed(rows=9, heads=3)
    assert len((await story.verify()).findings) == 2


async def test_the_finish_records_what_was_compared(story: Story) -> None:
    await story.back_up()
    await story.come_back()
    await story.finish()
    await story.sealer.desk.run()
    line = (await story.sealer.book.reading(lambda ledger: ledger.audit_tree.lines(10, 1)))[0]
    assert line.row.code == "restore_finished"
    assert line.disclosure is not None
    assert line.disclosure.value is not None
    assert (line.disclosure.value["audit"], line.disclosure.value["head_size"]) == ("same", 10)
