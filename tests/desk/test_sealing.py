from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from typing_extensions import override

from approvals.desk.sealing import Places, SealingDesk
from approvals.errors import AuditBroken, StoreUnavailable
from approvals.evidence.heads import HEAD_TYPE, head_digest, head_facts
from approvals.evidence.leaves import hash_of
from approvals.evidence.tree import Frontier, is_consistent
from approvals.model.audit import AuditEntry, AuditLine
from approvals.model.seal import NO_HEAD, SignedHead
from approvals.ports.book import Ledger
from approvals.statement import canonical
from approvals.store.backup import mark_restored
from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from tests.sealing import Sealer, Shelf, at_once


@pytest.fixture
def sealer(book: SqlBook) -> Sealer:
    return Sealer(book=book)


@pytest.fixture
async def other_node(database_url: str, database: Database) -> AsyncIterator[SqlBook]:
    """A second process on the same database."""
    del database  # it is migrated
    opened = await open_database(database_url)
    yield SqlBook(opened)
    await opened.close()


async def lines_of(sealer: Sealer) -> list[AuditLine]:
    return list(await sealer.book.reading(lambda ledger: ledger.audit_tree.lines(0, 10_000)))


async def test_rows_get_their_leaves_in_the_order_they_were_first_seen(sealer: Sealer) -> None:
    await sealer.note("first", "second")
    await sealer.desk.run()
    await sealer.note("third")
    await sealer.desk.run()
    assert [(line.leaf, line.row.code) for line in await lines_of(sealer)] == [
        (0, "first"),
        (1, "second"),
        (2, "third"),
    ]


async def test_a_row_committed_later_with_an_earlier_time_comes_later(sealer: Sealer) -> None:
    earlier = AuditEntry(code="slow", actor="system", at=sealer.clock.now())
    await sealer.note("quick")
    await sealer.desk.run()
    await sealer.book.transaction(lambda ledger: ledger.audit.append([earlier]))
    await sealer.desk.run()
    assert [line.row.code for line in await lines_of(sealer)] == ["quick", "slow"]


async def test_a_head_signs_the_root_over_all_leaves_and_names_the_head_before(sealer: Sealer) -> None:
    await sealer.sealed(rows=600, heads=3)
    frontier, before = Frontier(), NO_HEAD
    lines = await lines_of(sealer)
    heads = [kept.signed for kept in await sealer.heads()]
    for signed in heads:
        for line in lines[frontier.size : signed.head.size]:
            frontier.append(hash_of(line.row))
        assert (signed.head.root, signed.head.previous) == (frontier.root(), before)
        assert sealer.keys.check_detached(signed.signature, canonical(head_facts(signed.head)), HEAD_TYPE)
        before = head_digest(signed.head)
    assert [signed.head.size for signed in heads] == [200, 400, 600]


async def test_a_head_proves_that_its_tree_begins_with_the_one_before(sealer: Sealer) -> None:
    await sealer.sealed(rows=560, heads=4)
    heads = [kept.signed for kept in await sealer.heads()]
    for old, new in pairwise(heads):
        assert is_consistent(old.head.size, new.head.size, old.head.root, new.head.root, new.growth)


async def test_every_head_is_brought_outside_in_order_and_once(sealer: Sealer) -> None:
    await sealer.sealed(rows=6, heads=3)
    await sealer.desk.run()
    assert [signed.head.size for signed in sealer.shelf.heads] == [2, 4, 6]
    assert sealer.shelf.heads == [kept.signed for kept in await sealer.heads()]


async def test_nothing_new_makes_no_head(sealer: Sealer) -> None:
    assert await sealer.desk.seal() is None
    await sealer.note("once")
    assert await sealer.desk.seal() is not None
    assert await sealer.desk.seal() is None


async def test_more_rows_than_a_head_takes_are_sealed_by_several(sealer: Sealer) -> None:
    entries = [AuditEntry(code=f"row_{n}", actor="system", at=sealer.clock.now()) for n in range(1100)]
    await sealer.book.transaction(lambda ledger: ledger.audit.append(entries))
    await sealer.desk.run()
    assert [kept.signed.head.size for kept in await sealer.heads()] == [500, 1000, 1100]


class Full(Shelf):
    """A disk that is full."""

    @override
    async def append(self, signed: SignedHead) -> None:
        raise OSError(28, f"no room for the head of {signed.head.size}")


async def test_heads_that_could_not_be_brought_outside_are_brought_later(sealer: Sealer) -> None:
    full = Sealer(book=sealer.book, clock=sealer.clock, signer=sealer.signer, shelf=Full())
    await sealer.note("one")
    with pytest.raises(OSError, match="no room"):
        await full.desk.run()
    tail = await sealer.book.reading(lambda ledger: ledger.audit_tree.tail())
    assert (tail.rows, tail.heads) == (0, 1)
    await sealer.note("two")
    await sealer.desk.run()
    assert [signed.head.size for signed in sealer.shelf.heads] == [1, 2]


async def test_two_sealers_give_each_row_one_leaf_and_one_history(sealer: Sealer, other_node: SqlBook) -> None:
    other = Sealer(book=other_node, clock=sealer.clock, signer=sealer.signer)
    for _ in range(10):
        await sealer.note(*(f"row_{n}" for n in range(7)))
        await at_once(sealer, other)
    await sealer.desk.run()
    lines = await lines_of(sealer)
    assert [line.leaf for line in lines] == list(range(70))
    assert len({line.row.id for line in lines}) == 70
    heads = [kept.signed.head for kept in await sealer.heads()]
    assert [head.previous for head in heads[1:]] == [head_digest(head) for head in heads[:-1]]
    assert heads[-1].size == 70


async def test_a_sealer_that_stopped_between_leaf_and_head_is_gone_on_from(sealer: Sealer) -> None:
    await sealer.note("one", "two")
    rows = await sealer.book.reading(lambda ledger: ledger.audit_tree.unsealed(10))
    await sealer.book.statement(lambda ledger: ledger.audit_tree.number(rows[:1], 0))
    await sealer.desk.run()
    assert [line.row.code for line in await lines_of(sealer)] == ["one", "two"]
    assert [kept.signed.head.size for kept in await sealer.heads()] == [1, 2]


async def test_leaves_given_away_are_not_given_twice(sealer: Sealer) -> None:
    await sealer.note("one", "two")
    rows = await sealer.book.reading(lambda ledger: ledger.audit_tree.unsealed(10))
    await sealer.book.statement(lambda ledger: ledger.audit_tree.number(rows[:1], 0))
    await sealer.book.statement(lambda ledger: ledger.audit_tree.number(rows, 0))
    assert [line.leaf for line in await lines_of(sealer)] == [0]


async def test_a_leaf_nobody_gave_stops_the_sealer(sealer: Sealer, database: Database) -> None:
    await sealer.sealed(rows=2, heads=1)
    await sealer.note("three")
    async with database.transaction() as connection:
        await connection.execute("UPDATE audit SET leaf = 7 WHERE leaf IS NULL")
    with pytest.raises(AuditBroken):
        await sealer.desk.seal()


async def test_nothing_is_sealed_while_a_restore_is_unfinished(sealer: Sealer, database: Database) -> None:
    await sealer.note("one")
    await mark_restored(database, sealer.clock.now())
    assert await sealer.desk.seal() is None
    await sealer.book.transaction(lambda ledger: ledger.house.end_restore())
    assert await sealer.desk.seal() is not None


async def test_what_was_rolled_back_is_never_sealed(sealer: Sealer) -> None:
    async def note_and_fail(ledger: Ledger) -> None:
        await ledger.audit.append([AuditEntry(code="never", actor="system", at=sealer.clock.now())])
        raise StoreUnavailable("broken off")

    with pytest.raises(StoreUnavailable):
        await sealer.book.transaction(note_and_fail)
    assert await sealer.desk.seal() is None
    assert sealer.shelf == Shelf()


class Authority:
    """The TimestampAuthority port: answers with the digest it was asked about."""

    async def stamp(self, digest: bytes) -> bytes:
        return b"token over " + digest


async def test_the_newest_head_is_stamped_and_the_token_kept(sealer: Sealer) -> None:
    await sealer.note("one")
    await sealer.desk.seal()
    await sealer.note("two")
    await sealer.desk.seal()
    sealer.authority = Authority()
    await sealer.desk.run()
    first, second = await sealer.heads()
    assert (first.timestamp, second.timestamp) == (None, b"token over " + head_digest(second.signed.head))
    assert None not in {first.anchored_at, second.anchored_at}


async def test_an_authority_alone_is_a_place_outside_too(sealer: Sealer) -> None:
    desk = SealingDesk(
        book=sealer.book,
        clock=sealer.clock,
        signer=sealer.signer,
        places=Places(authority=Authority()),
        environment="test",
    )
    await sealer.note("one")
    await desk.run()
    assert (await sealer.book.reading(lambda ledger: ledger.audit_tree.tail())).heads == 0


async def test_a_house_without_a_place_outside_keeps_its_heads_inside(sealer: Sealer) -> None:
    desk = SealingDesk(book=sealer.book, clock=sealer.clock, signer=sealer.signer, places=Places(), environment="test")
    await sealer.note("one")
    await desk.run()
    assert (await sealer.book.reading(lambda ledger: ledger.audit_tree.tail())).heads == 1
    assert await sealer.book.reading(lambda ledger: ledger.audit_tree.last_anchored()) is None
