from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from typing_extensions import override

from approvals.desk.cursors import CursorDesk
from approvals.errors import StoreUnavailable
from approvals.model.ids import DeviceId, UserId
from approvals.model.inbox import EventKind, News
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import Database
from tests.builders import NOW, add_company, make_device

ANNA = UserId("usr_anna")
PHONE, TABLET = DeviceId("dev_phone"), DeviceId("dev_tablet")

Result = TypeVar("Result")


class AwayBook(SqlBook):
    """A book that now and then cannot be reached."""

    is_away = False
    written = 0

    @override
    async def statement(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        if self.is_away:
            raise StoreUnavailable("away")
        self.written += 1
        return await super().statement(work)


@pytest.fixture
async def away(database: Database, book: SqlBook) -> AwayBook:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA])
        for device_id in (PHONE, TABLET):
            await ledger.devices.put(make_device(device_id, ANNA))
        await ledger.inboxes.append([News(user_id=ANNA, kind=EventKind.ACTION_ENDED)] * 9, NOW)

    await book.transaction(work)
    return AwayBook(database)


async def cursors(book: SqlBook) -> dict[DeviceId, int]:
    devices = await book.reading(lambda ledger: ledger.devices.of_user(ANNA))
    return {device.id: device.cursor for device in devices}


async def test_what_many_devices_acknowledge_is_written_at_once_and_only_forward(away: AwayBook) -> None:
    desk = CursorDesk(away)
    for device_id, s in ((PHONE, 4), (TABLET, 7), (PHONE, 2), (PHONE, 5)):
        desk.acknowledge(device_id, s)
    assert await cursors(away) == {PHONE: 0, TABLET: 0}
    await desk.write()
    assert await cursors(away) == {PHONE: 5, TABLET: 7}
    assert away.written == 1


async def test_nothing_acknowledged_writes_nothing(away: AwayBook) -> None:
    desk = CursorDesk(away)
    desk.acknowledge(PHONE, 4)
    await desk.write()
    await desk.write()
    assert away.written == 1


async def test_what_the_store_does_not_take_is_written_the_next_time(away: AwayBook) -> None:
    desk = CursorDesk(away)
    desk.acknowledge(PHONE, 4)
    away.is_away = True
    with pytest.raises(StoreUnavailable):
        await desk.write()
    desk.acknowledge(PHONE, 3)
    away.is_away = False
    await desk.write()
    assert (await cursors(away))[PHONE] == 4
