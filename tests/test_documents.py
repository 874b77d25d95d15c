"""What the pages promise is counted: the newcomer's route, the length of decisions, links that lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def test_the_newcomers_route_is_ten_files_and_a_thousand_lines_at_most() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    route = re.findall(r"^\d+\. `([^`]+\.py)`$", page.split("## The newcomer's route")[1], re.MULTILINE)
    lines = [len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in route]
    assert 5 <= len(route) <= 10
    assert sum(lines) <= 1000


def test_architecture_is_one_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 80


def test_every_decision_is_dated_and_five_lines_at_most() -> None:
    entries = (ROOT / "DECISIONS.md").read_text(encoding="utf-8").split("\n\n")[2:]
    assert entries
    for entry in entries:
        assert re.match(r"\*\*\d{4}-\d{2}-\d{2} · ", entry), entry
        assert len(entry.strip().splitlines()) <= 5, entry


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_every_named_file_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
    named = re.findall(r"`((?:approvals|channels|server|tests|deploy|docs)/[\w./-]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    rooms = (ROOT / room for room in ("approvals", "channels", "server", "deploy"))
    files = [path for room in rooms for path in room.rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
