from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.errors import StaleVersion, StoreUnavailable
from approvals.evidence.commitments import opens
from approvals.model.audit import AuditEntry, Retention
from approvals.model.idempotency import KeptResult, RequestKey
from approvals.model.ids import ActionId, ReleaseId, UserId
from approvals.model.inbox import Event, EventKind, Inbox, News
from approvals.model.release import DeliveryStatus
from approvals.ports.book import Ledger
from approvals.ports.vault import SealedSecret
from approvals.store.book import SqlBook
from approvals.store.columns import blob, number, text
from approvals.store.database import Database
from approvals.store.documents import read_facts
from tests.builders import NOW, TOMORROW, add_company, make_action, make_release

ANNA, BRUNO = UserId("usr_anna"), UserId("usr_bruno")
ACTION = ActionId("act_1")
LATER = NOW + timedelta(minutes=4)


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA, BRUNO])
        await ledger.actions.add(make_action(ACTION))
        await ledger.actions.add(make_action("act_2"))

    await book.transaction(work)
    return book


def news(user_id: UserId, kind: EventKind = EventKind.ACTION_ENDED) -> News:
    return News(user_id=user_id, kind=kind, action_id=ACTION)


async def test_events_are_numbered_in_the_order_told_each_inbox_for_itself(filled: SqlBook) -> None:
    told = [
        news(BRUNO, EventKind.CHALLENGE_OPENED),
        news(ANNA, EventKind.CHALLENGE_OPENED),
        news(BRUNO, EventKind.ACTION_ENDED),
    ]

    async def work(ledger: Ledger) -> None:
        assert await ledger.inboxes.append([], NOW) == {}
        assert await ledger.inboxes.append(told, NOW) == {ANNA: 1, BRUNO: 2}
        assert await ledger.inboxes.append([news(BRUNO)], LATER) == {BRUNO: 3}
        events = await ledger.inboxes.read(BRUNO, 0, 2)
        assert events == [Event(s=1, at=NOW, news=told[0]), Event(s=2, at=NOW, news=told[2])]
        assert [event.s for event in await ledger.inboxes.read(BRUNO, 2, 10)] == [3]
        assert await ledger.inboxes.heads([BRUNO, UserId("usr_new")]) == {BRUNO: 3, "usr_new": 0}
        assert await ledger.inboxes.heads([]) == {}

    await filled.transaction(work)


async def test_pruning_leaves_no_gap_and_says_how_far_it_went(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.inboxes.append([news(BRUNO)] * 2, LATER)
        await ledger.inboxes.append([news(BRUNO)], NOW)  # a node whose clock is behind
        await ledger.inboxes.append([news(BRUNO), news(ANNA)], LATER)
        await ledger.inboxes.prune(LATER)
        assert [event.s for event in await ledger.inboxes.read(BRUNO, 0, 10)] == [4]
        assert await ledger.inboxes.state(BRUNO) == Inbox(user_id=BRUNO, head=4, pruned=3)
        assert await ledger.inboxes.state(ANNA) == Inbox(user_id=ANNA, head=1, pruned=0)
        assert await ledger.inboxes.append([news(BRUNO)], LATER) == {BRUNO: 5}

    await filled.transaction(work)
    nobody = UserId("usr_nobody")
    empty = await filled.reading(lambda ledger: ledger.inboxes.state(nobody))
    assert empty == Inbox(user_id=nobody, head=0, pruned=0)


def entry(code: str, action_id: ActionId | None = ACTION) -> AuditEntry:
    return AuditEntry(code=code, actor="user:usr_anna", at=NOW, action_id=action_id, value={"digits": code})


async def test_the_audit_of_an_action_comes_back_in_the_order_written(filled: SqlBook) -> None:
    first = [entry("a"), entry("x", None), entry("b"), entry("y", ActionId("act_2"))]
    second = [replace(entry("c"), retention=Retention.EVIDENCE, value={})]
    await filled.transaction(lambda ledger: ledger.audit.append(first))
    await filled.transaction(lambda ledger: ledger.audit.append(second))
    assert await filled.reading(lambda ledger: ledger.audit.of_action(ACTION)) == [
        first[0],
        first[2],
        second[0],
    ]


async def test_audit_rows_are_numbered_and_hold_commitments_that_open(filled: SqlBook, database: Database) -> None:
    await filled.transaction(lambda ledger: ledger.audit.append([entry("a"), entry("a")]))
    async with database.reading() as connection:
        rows = await connection.fetch(
            "SELECT * FROM audit JOIN audit_values ON audit_id = id WHERE action_id = $1 ORDER BY n", ACTION
        )
    assert [number(row, "n") for row in rows] == [1, 2]
    assert len({blob(row, "commitment") for row in rows}) == 2  # the same value twice is not seen to be the same
    for row in rows:
        assert opens(blob(row, "commitment"), blob(row, "salt"), read_facts(text(row, "value")))


async def test_numbers_taken_with_the_action_itself_leave_no_gap_either(filled: SqlBook, database: Database) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.actions.add(make_action("act_3"), lines=1)
        await ledger.audit.append_numbered([entry("opened", ActionId("act_3"))])
        await ledger.actions.save(make_action("act_3"), lines=2)
        await ledger.audit.append_numbered([entry("signed", ActionId("act_3")), entry("released", ActionId("act_3"))])
        await ledger.audit.append([entry("resent", ActionId("act_3"))])

    await filled.transaction(work)
    async with database.reading() as connection:
        rows = await connection.fetch("SELECT n, code FROM audit WHERE action_id = $1 ORDER BY n", "act_3")
    written = [(number(row, "n"), text(row, "code")) for row in rows]
    assert written == [(1, "opened"), (2, "signed"), (3, "released"), (4, "resent")]


async def test_an_erased_value_is_empty_and_its_row_stays(filled: SqlBook, database: Database) -> None:
    await filled.transaction(lambda ledger: ledger.audit.append([entry("a")]))
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM audit_values")
    (left,) = await filled.reading(lambda ledger: ledger.audit.of_action(ACTION))
    assert left == replace(entry("a"), value={})


async def test_a_second_release_of_an_action_is_refused(filled: SqlBook) -> None:
    release = make_release(ACTION)
    again = replace(release, id=ReleaseId("rel_again"))

    async def work(ledger: Ledger) -> None:
        await ledger.releases.add(release)
        with pytest.raises(StaleVersion):
            await ledger.releases.add(again)

    await filled.transaction(work)
    assert await filled.reading(lambda ledger: ledger.releases.of_action(ACTION)) == release
    assert await filled.reading(lambda ledger: ledger.releases.load(release.id)) == release
    assert await filled.reading(lambda ledger: ledger.releases.load(again.id)) is None


async def test_work_that_can_never_win_gives_up_and_says_so(filled: SqlBook) -> None:
    await filled.transaction(lambda ledger: ledger.releases.add(make_release(ACTION)))
    with pytest.raises(StoreUnavailable):
        await filled.transaction(lambda ledger: ledger.releases.add(make_release(ACTION)))


async def test_a_claimed_delivery_is_nobody_elses_until_its_time_comes_again(filled: SqlBook) -> None:
    first = make_release(ACTION)
    second = replace(make_release("act_2"), next_at=LATER, created_at=LATER)

    async def work(ledger: Ledger) -> None:
        await ledger.releases.add(first)
        await ledger.releases.add(second)
        assert await ledger.releases.next_due() == NOW
        (claimed,) = await ledger.releases.claim(NOW, TOMORROW, 10)
        assert claimed == replace(first, next_at=TOMORROW, version=1)
        assert await ledger.releases.claim(NOW, TOMORROW, 10) == []
        assert await ledger.releases.next_due() == LATER
        assert not await ledger.releases.save(first)  # read before it was claimed
        done = replace(claimed, status=DeliveryStatus.DELIVERED, attempts=1, settled_at=LATER)
        assert await ledger.releases.save(done)
        assert await ledger.releases.load(first.id) == replace(done, version=2)
        assert await ledger.releases.listed(DeliveryStatus.DUE, 10) == [second]
        assert len(await ledger.releases.claim(TOMORROW, TOMORROW, 10)) == 1

    await filled.transaction(work)


async def test_a_house_with_nothing_to_deliver_says_so(filled: SqlBook) -> None:
    assert await filled.reading(lambda ledger: ledger.releases.next_due()) is None
    assert await filled.transaction(lambda ledger: ledger.releases.claim(NOW, LATER, 10)) == []


async def test_a_result_is_kept_once_a_caller_and_key_and_swept_by_age(filled: SqlBook) -> None:
    request = RequestKey(caller="key_core", key="k-1", request_digest="aa")

    async def work(ledger: Ledger) -> None:
        await ledger.requests.keep(request, "act_1", NOW)
        with pytest.raises(StaleVersion):
            await ledger.requests.keep(replace(request, request_digest="bb"), "act_2", NOW)
        other_body = replace(request, request_digest="bb")
        assert await ledger.requests.find(other_body) == KeptResult(request_digest="aa", result="act_1")
        assert await ledger.requests.find(replace(request, caller="key_other")) is None
        await ledger.requests.sweep(NOW)
        assert await ledger.requests.find(request) is not None
        await ledger.requests.sweep(LATER)
        assert await ledger.requests.find(request) is None

    await filled.transaction(work)


async def test_secrets_come_by_id_and_version_and_can_be_sealed_anew(filled: SqlBook) -> None:
    def secret(name: str, version: int, sealed: bytes = b"\x00\xff") -> SealedSecret:
        return SealedSecret(kind="imk", id=name, version=version, sealed=sealed, created_at=NOW)

    async def work(ledger: Ledger) -> None:
        for made in (secret("b", 1), secret("a", 10), secret("a", 2), secret("a", 2, b"anew")):
            await ledger.secrets.put(made)
        await ledger.secrets.put(replace(secret("a", 1), kind="release", public="{}"))
        assert await ledger.secrets.of_kind("imk") == [
            secret("a", 2, b"anew"),
            secret("a", 10),
            secret("b", 1),
        ]
        (release,) = await ledger.secrets.of_kind("release")
        assert release.public == "{}"

    await filled.transaction(work)
