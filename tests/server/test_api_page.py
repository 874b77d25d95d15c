"""docs/api.md lists every route and error code; `python -m tests.server.test_api_page` writes both lists again."""

import re
from collections.abc import Iterator
from pathlib import Path

from approvals.errors import ApprovalError
from channels.wire_errors import WIRE_ERRORS
from server.http.refusals import HttpRefusal
from server.http.tables import ROWS, stream

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def routes() -> str:
    lines = [f"| `{row.method} {row.path}` | {' or '.join(row.schemes) or 'anyone'} | {row.summary} |" for row in ROWS]
    return "\n".join(["| route | called with | |", "|---|---|---|", *lines])


def errors() -> str:
    lines = [f"| `{code}` | {status} | {meaning} |" for code, status, meaning in sorted(set(told()))]
    return "\n".join(["| code | status | meaning |", "|---|---|---|", *lines])


def told() -> Iterator[tuple[str, int, str]]:
    """Every code the server may answer, with its status and a few words."""
    for kind, row in WIRE_ERRORS.items():
        yield kind.code, row.status, row.title
    for refusal in HttpRefusal.__subclasses__():
        if refusal.code not in {kind.code for kind in WIRE_ERRORS}:
            yield refusal.code, refusal.status, refusal.title
    for status, code in stream.ROWS[0].problems:
        yield code, status, "The stream was not opened"


def section(name: str, page: str) -> str:
    found = re.search(rf"<!-- {name}: .*? -->\n(.*?)\n?<!-- /{name} -->", page, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_page_lists_every_route_as_it_is() -> None:
    assert section("routes", PAGE.read_text("utf-8")) == routes()


def test_the_page_lists_every_error_code_and_no_other() -> None:
    assert section("errors", PAGE.read_text("utf-8")) == errors()


def test_every_error_of_the_core_has_a_row_of_its_own() -> None:
    assert [kind.__name__ for kind in _tree(ApprovalError) if "code" in vars(kind) and kind not in WIRE_ERRORS] == []


def _tree(kind: type[ApprovalError]) -> Iterator[type[ApprovalError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _tree(below)


def rewritten(page: str) -> str:
    for name, table in (("routes", routes()), ("errors", errors())):
        before, rest = page.split(f"<!-- {name}: ")
        marker, _ = rest.split(" -->\n", 1)
        _, after = rest.split(f"<!-- /{name} -->")
        page = f"{before}<!-- {name}: {marker} -->\n{table}\n<!-- /{name} -->{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text("utf-8")), "utf-8")
