import json
from collections.abc import Callable
from typing import Any

import pytest

from approvals.desk.auditing import AuditDesk
from approvals.evidence.audit_check import AuditReport
from approvals.evidence.export import check_export
from approvals.evidence.refusals import AnchorsUnreadable, EvidenceInvalid
from approvals.store.book import SqlBook
from tests.sealing import Sealer

Lines = list[bytes]
Edit = Callable[[Lines], object]


@pytest.fixture
async def sealer(book: SqlBook) -> Sealer:
    """Thirty rows under three heads, all outside too."""
    sealer = Sealer(book=book)
    await sealer.sealed(rows=30, heads=3)
    return sealer


async def export(sealer: Sealer) -> Lines:
    return [line async for line in AuditDesk(book=sealer.book).export(sealer.signer, sealer.clock.now())]


def check(sealer: Sealer, lines: Lines) -> AuditReport:
    return check_export(lines, sealer.keys, sealer.shelf.heads, lambda _rows: None)


def changed(line: int, edit: Callable[[Any], object]) -> Edit:
    """An edit of one line's content, written as it was."""

    def apply(lines: Lines) -> None:
        content = json.loads(lines[line])
        edit(content)
        lines[line] = json.dumps(content, separators=(",", ":"), sort_keys=True).encode() + b"\n"

    return apply


async def test_an_untouched_export_is_whole(sealer: Sealer) -> None:
    lines = await export(sealer)
    assert len(lines) == 1 + 30 + 3
    report = check(sealer, lines)
    assert (report.findings, report.rows, report.heads) == ((), 30, 3)
    assert report.anchored == sealer.shelf.heads[-1].head


EDITS: dict[str, Edit] = {
    "a row's actor": changed(5, lambda line: line["row"].update(actor="user:usr_9")),
    "a row's actor and its hash": changed(5, lambda line: line.update(row={**line["row"], "n": 3}, hash="0" * 64)),
    "a row's value": changed(5, lambda line: line["value"].update(more=1)),
    "a row's value, gone": changed(5, lambda line: line.update(value=None, salt=None)),
    "a row's value, not there": changed(5, lambda line: line.update(value=None, salt=None, is_held=False)),
    "a row's leaf": changed(5, lambda line: line.update(leaf=9)),
    "a row left out": lambda lines: lines.pop(5),
    "a row twice": lambda lines: lines.insert(5, lines[5]),
    "two rows changed over": lambda lines: lines.insert(5, lines.pop(6)),
    "a head left out": lambda lines: lines.pop(11),
    "a head's root": changed(11, lambda line: line["signed"]["head"].update(root="0" * 64)),
    "a head and its rows left out": lambda lines: lines.__delitem__(slice(1, 12)),
}


@pytest.mark.parametrize("edit", EDITS)
async def test_what_was_changed_in_an_export_is_found(sealer: Sealer, edit: str) -> None:
    lines = await export(sealer)
    EDITS[edit](lines)
    try:
        found = check(sealer, lines).findings
    except EvidenceInvalid:
        return
    assert found


@pytest.mark.parametrize("left", [1, 12, 20, 23, 33])
async def test_an_export_cut_short_is_found(sealer: Sealer, left: int) -> None:
    with pytest.raises(EvidenceInvalid, match="the export ends at leaf"):
        check(sealer, (await export(sealer))[:left])


async def test_an_export_cannot_be_made_to_say_it_ends_earlier(sealer: Sealer) -> None:
    lines = (await export(sealer))[:23]
    changed(0, lambda line: line["begin"].update(size=20))(lines)
    with pytest.raises(EvidenceInvalid, match="does not hold"):
        check(sealer, lines)


async def test_heads_that_came_after_the_export_are_not_held_against_it(sealer: Sealer) -> None:
    lines = await export(sealer)
    await sealer.sealed(rows=5, heads=1)
    report = check(sealer, lines)
    assert (report.findings, report.rows) == ((), 30)


async def test_an_export_by_another_house_is_refused(sealer: Sealer) -> None:
    lines = await export(sealer)
    with pytest.raises(EvidenceInvalid, match="not pinned"):
        check(Sealer(book=sealer.book), lines)


@pytest.mark.parametrize("content", [b"", b"{}\n", b"no json\n", b"\xff\n"])
async def test_what_is_no_export_is_refused(sealer: Sealer, content: bytes) -> None:
    lines = await export(sealer)
    for broken in ([content], [lines[0], content, *lines[1:]]):
        with pytest.raises(AnchorsUnreadable):
            check(sealer, broken)


async def test_an_empty_audit_is_exported_empty(book: SqlBook) -> None:
    sealer = Sealer(book=book)
    lines = await export(sealer)
    assert len(lines) == 1
    assert check(sealer, lines).rows == 0
