import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from approvals.delivery import Outcome, Patience
from approvals.desk.deliveries import DeliveryDesk
from approvals.model.action import ActionStatus
from approvals.model.audit import AuditEntry
from approvals.model.ids import ActionId
from approvals.model.release import DeliveryStatus, Release
from approvals.ports.book import Book, Ledger
from approvals.store.book import SqlBook
from server.clock import SystemClock
from server.jobs.releaser import Bell, Releaser
from server.outside.core import CoreWebhook
from server.outside.webhook import open_session
from tests.builders import NOW, add_company, add_pending, make_action, make_release
from tests.fakes import Announcements
from tests.migrated import open_migrated
from tests.server.outside.receiver import answer, receiving

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  # the example secret of standardwebhooks.com
PATIENCE = Patience(first_pause=timedelta(milliseconds=10), longest_pause=timedelta(milliseconds=20), most_attempts=6)


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[SqlBook]:
    database = await open_migrated(tmp_path / "contreseing.sqlite3")
    opened = SqlBook(database)
    await opened.transaction(lambda ledger: add_company(ledger, ["usr_1"]))
    yield opened
    await database.close()


@asynccontextmanager
async def releasing(book: Book, url: str) -> AsyncIterator[Bell]:
    """The releaser at work towards this core, as `serve` runs it."""
    bell = Bell()
    announcer = Announcements()
    clock = SystemClock()
    async with open_session() as session, asyncio.TaskGroup() as group:
        releaser = Releaser(
            desk=DeliveryDesk(book=book, clock=clock, announcer=announcer, patience=PATIENCE),
            sender=CoreWebhook(session=session, url=url, secret=SECRET, clock=clock),
            clock=clock,
            bell=bell,
            draw_jitter=lambda: 0.5,
        )
        dispatcher = group.create_task(releaser.run())
        yield bell
        dispatcher.cancel()


async def approve(book: Book, action_id: str) -> None:
    async def work(ledger: Ledger) -> None:
        await add_pending(ledger, replace(make_action(action_id), status=ActionStatus.APPROVED), ["usr_1"])
        await ledger.releases.add(make_release(action_id))

    await book.transaction(work)


async def until(book: Book, action_id: str, is_there: Callable[[Release], bool]) -> Release:
    async with asyncio.timeout(5):
        while True:
            release = await book.reading(lambda ledger: ledger.releases.of_action(ActionId(action_id)))
            if release is not None and is_there(release):
                return release
            await asyncio.sleep(0.01)


def is_settled(release: Release) -> bool:
    return release.status is not DeliveryStatus.DUE


async def status_of(book: Book, action_id: str) -> ActionStatus:
    action = await book.reading(lambda ledger: ledger.actions.load(ActionId(action_id)))
    assert action is not None
    return action.status


async def test_a_core_that_fails_and_recovers_gets_the_release_with_the_same_bytes(book: Book) -> None:
    await approve(book, "act_1")
    async with receiving(answer(500), answer(409), answer(302), answer(204)) as core, releasing(book, core.url):
        release = await until(book, "act_1", is_settled)
    assert (release.status, release.attempts) == (DeliveryStatus.DELIVERED, 4)
    assert await status_of(book, "act_1") is ActionStatus.RELEASED
    assert {body for _, body in core.received} == {release.body}
    assert {headers["webhook-id"] for headers, _ in core.received} == {release.id}


async def test_a_core_that_stays_down_is_given_up_and_the_action_stays_approved(book: Book) -> None:
    await approve(book, "act_1")
    async with receiving(answer(204)) as core:
        url = core.url
    async with releasing(book, url):
        release = await until(book, "act_1", is_settled)
    assert (release.status, release.last_error) == (DeliveryStatus.GIVEN_UP, "unreachable")
    assert await status_of(book, "act_1") is ActionStatus.APPROVED


async def test_a_definite_no_fails_the_action(book: Book) -> None:
    await approve(book, "act_1")
    no = answer(422, b'{"code": "account_closed"}', "application/problem+json")
    async with receiving(no) as core, releasing(book, core.url):
        await until(book, "act_1", is_settled)
    assert await status_of(book, "act_1") is ActionStatus.FAILED
    assert len(core.received) == 1


async def test_a_release_written_while_it_rests_is_sent_at_the_bell(book: Book) -> None:
    async with receiving(answer(204)) as core, releasing(book, core.url) as bell:
        await asyncio.sleep(0.05)
        await approve(book, "act_1")
        bell.watch([AuditEntry(code="action_approved", actor="system", at=NOW)])
        await until(book, "act_1", is_settled)
    assert len(core.received) == 1


async def test_one_slow_answer_does_not_hold_up_the_others(book: Book) -> None:
    let_go = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        if request.headers["webhook-id"] == "rel_act_1":
            await let_go.wait()
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/releases", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    await approve(book, "act_1")
    await approve(book, "act_2")
    async with releasing(book, f"http://{host}:{port}/releases"):
        await until(book, "act_2", is_settled)
        assert await status_of(book, "act_1") is ActionStatus.APPROVED
        let_go.set()
        await until(book, "act_1", is_settled)
    await runner.cleanup()


class _BreaksOnce:
    """A sender that raises the first time: a fault of ours, not of the core."""

    def __init__(self, inner: CoreWebhook) -> None:
        self._inner = inner
        self.broke = 0

    async def send(self, release: Release) -> Outcome:
        if not self.broke:
            self.broke += 1
            raise RuntimeError("a fault of ours")
        return await self._inner.send(release)


async def test_a_fault_of_ours_is_logged_and_the_release_goes_when_its_lease_ends(
    book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    await approve(book, "act_1")
    clock = SystemClock()
    async with receiving(answer(204)) as core, open_session() as session:
        sender = _BreaksOnce(CoreWebhook(session=session, url=core.url, secret=SECRET, clock=clock))
        desk = DeliveryDesk(
            book=book,
            clock=clock,
            announcer=Announcements(),
            patience=PATIENCE,
            lease=timedelta(milliseconds=100),
        )
        releaser = Releaser(desk=desk, sender=sender, clock=clock, bell=Bell(), draw_jitter=lambda: 0.5)
        async with asyncio.TaskGroup() as group:
            worker = group.create_task(releaser.run())
            await until(book, "act_1", is_settled)
            worker.cancel()
    assert "delivery not recorded, due again when its lease ends" in caplog.messages
    assert await status_of(book, "act_1") is ActionStatus.RELEASED
