from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.model.device import Login
from approvals.model.ids import DeviceId, LoginId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.throttle import FailureBucket
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.builders import KEY, NOW, add_company, make_api_key, make_device, make_login

ANNA, BRUNO = UserId("usr_anna"), UserId("usr_bruno")
LATER = NOW + timedelta(minutes=4)
PHONE = DeviceId("dev_phone")


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA, BRUNO])
        await ledger.devices.put(make_device(PHONE, ANNA))

    await book.transaction(work)
    return book


async def cursor(ledger: Ledger) -> int:
    device = await ledger.devices.load(PHONE)
    assert device is not None
    return device.cursor


async def test_a_known_device_gets_a_new_token_and_name_and_stays_the_same(filled: SqlBook) -> None:
    renewed = replace(make_device(PHONE, ANNA), name="Nouveau", token_digest=b"\x01" * 32, created_at=LATER)
    await filled.transaction(lambda ledger: ledger.devices.put(renewed))
    read = await filled.reading(lambda ledger: ledger.devices.load(PHONE))
    assert read == replace(renewed, created_at=NOW)


@pytest.mark.parametrize("change", [{"user_id": BRUNO}, {"public_key": b"\x04" + bytes(64)}])
async def test_a_device_never_changes_hands_or_keys(filled: SqlBook, change: dict[str, UserId]) -> None:
    stolen = replace(make_device(PHONE, ANNA), **change)  # type: ignore[arg-type]  # one field or the other
    with pytest.raises(ValueError, match="keeps its person"):
        await filled.transaction(lambda ledger: ledger.devices.put(stolen))


async def test_devices_are_listed_oldest_first_with_the_revoked_ones(filled: SqlBook) -> None:
    tablet = replace(make_device("dev_tablet", ANNA), created_at=NOW - timedelta(days=1))

    async def work(ledger: Ledger) -> None:
        await ledger.devices.put(tablet)
        await ledger.devices.revoke(tablet.id, NOW)
        await ledger.devices.revoke(tablet.id, LATER)

    await filled.transaction(work)
    listed = await filled.reading(lambda ledger: ledger.devices.of_user(ANNA))
    assert listed == [replace(tablet, revoked_at=NOW), make_device(PHONE, ANNA)]


async def test_a_cursor_moves_forward_only_and_never_beyond_the_head(filled: SqlBook) -> None:
    news = [News(user_id=ANNA, kind=EventKind.ACTION_ENDED)] * 5

    async def work(ledger: Ledger) -> list[int]:
        await ledger.devices.acknowledge({PHONE: 1})  # nothing was ever written
        cursors = [await cursor(ledger)]
        await ledger.inboxes.append(news, NOW)
        for s in (3, 2, 6, 5):
            await ledger.devices.acknowledge({PHONE: s})
            cursors.append(await cursor(ledger))
        return cursors

    assert await filled.transaction(work) == [0, 3, 3, 3, 5]


async def test_a_login_is_found_by_its_token_and_each_human_act_renews_it(filled: SqlBook) -> None:
    login = make_login("log_1", ANNA)

    async def work(ledger: Ledger) -> None:
        await ledger.logins.add(login)
        assert await ledger.logins.with_token(login.token_digest) == login
        assert await ledger.logins.with_token(b"\0" * 32) is None
        await ledger.logins.touch(login.id, LATER)
        await ledger.logins.touch(login.id, NOW)  # came late: time does not go back
        await ledger.logins.bind(login.id, PHONE)
        assert await ledger.logins.load(login.id) == replace(login, last_act_at=LATER, device_id=PHONE)

    await filled.transaction(work)


async def test_a_login_that_is_over_stays_as_it_was(filled: SqlBook) -> None:
    login = make_login("log_1", ANNA)

    async def work(ledger: Ledger) -> Login | None:
        await ledger.logins.add(login)
        await ledger.logins.end(login.id, NOW)
        await ledger.logins.end(login.id, LATER)
        await ledger.logins.touch(login.id, LATER)
        await ledger.logins.bind(login.id, PHONE)
        return await ledger.logins.load(login.id)

    assert await filled.transaction(work) == replace(login, ended_at=NOW)


async def test_logins_end_by_person_or_by_device(filled: SqlBook) -> None:
    async def open_logins(ledger: Ledger) -> list[str]:
        return [login.id for user in (ANNA, BRUNO) for login in await ledger.logins.of_user(user)]

    async def work(ledger: Ledger) -> None:
        for n, user in enumerate((ANNA, ANNA, BRUNO)):
            await ledger.logins.add(replace(make_login(f"log_{n}", user), created_at=NOW + timedelta(minutes=n)))
        await ledger.logins.bind(LoginId("log_0"), PHONE)
        assert await open_logins(ledger) == ["log_1", "log_0", "log_2"]
        await ledger.logins.end_on_device(PHONE, LATER)
        assert await open_logins(ledger) == ["log_1", "log_2"]
        await ledger.logins.end_all(ANNA, LATER)
        assert await open_logins(ledger) == ["log_2"]

    await filled.transaction(work)


async def test_an_api_key_is_revoked_once_and_still_listed(filled: SqlBook) -> None:
    key = make_api_key(KEY)

    async def work(ledger: Ledger) -> list[bool]:
        assert await ledger.api_keys.with_token(key.token_digest) == key
        return [await ledger.api_keys.revoke(KEY, at) for at in (NOW, LATER)]

    assert await filled.transaction(work) == [True, False]
    assert await filled.reading(lambda ledger: ledger.api_keys.all()) == [replace(key, revoked_at=NOW)]


async def test_a_nonce_is_taken_once_and_in_time(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> list[bool]:
        await ledger.nonces.add("fresh", LATER)
        await ledger.nonces.add("old", NOW)
        return [await ledger.nonces.take(nonce, NOW) for nonce in ("fresh", "fresh", "old", "unknown")]

    assert await filled.transaction(work) == [True, False, False, False]


async def test_sweeping_drops_the_nonces_that_are_too_old_and_no_others(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> list[bool]:
        await ledger.nonces.add("fresh", LATER)
        await ledger.nonces.add("old", NOW)
        await ledger.nonces.sweep(NOW)
        a_minute_ago = NOW - timedelta(minutes=1)
        return [await ledger.nonces.take(nonce, a_minute_ago) for nonce in ("fresh", "old")]

    assert await filled.transaction(work) == [True, False]


async def test_buckets_are_replaced_read_by_key_and_swept_but_for_doors(filled: SqlBook) -> None:
    address = FailureBucket(key="address:1", level=1.5, at=NOW)
    everyone = FailureBucket(key="all", level=3.0, at=LATER)
    door = FailureBucket(key="door:usr_anna", level=5.0, at=NOW)

    async def work(ledger: Ledger) -> None:
        for bucket in (replace(address, level=0.25), address, everyone, door):
            await ledger.failures.save(bucket)
        assert await ledger.failures.load([]) == []
        assert await ledger.failures.load(["address:1", "address:2"]) == [address]
        await ledger.failures.sweep(LATER)
        left = await ledger.failures.load(["address:1", "all", "door:usr_anna"])
        assert sorted(left, key=lambda bucket: bucket.key) == [everyone, door]

    await filled.transaction(work)
