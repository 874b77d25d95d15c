"""Writes docs/rts.md from the table: `python -m tests.rts.page`. A test fails while the page says something else."""

from pathlib import Path
from typing import Final

from tests.rts.row import Mutation, Row
from tests.rts.table import TABLE

PAGE: Final = Path(__file__).parents[2] / "docs" / "rts.md"
HEADING: Final = """# RTS: what the regulation asks, and the test that holds it

Commission Delegated Regulation (EU) 2018/389 on strong customer authentication, article by article, and a few rules of
our own that an auditor asks for first. What an article asks is told in words of ours; its own text is what counts.

The last column is a **mutation**: one weakening of the code. The suite applies each to a copy of the product and runs
the test beside it, which must fail there (`tests/rts/test_mutations.py`): a test that stays green holds nothing.

This page is made by `python -m tests.rts.page` from `tests/rts/table.py`; the suite fails while the two differ.

| article | what it asks | our rule | code | test | mutation |
|---|---|---|---|---|---|
"""
BESIDE: Final = """
## What is not ours, or not here
- **Art. 8** (inherence): no element of ours is one. **Art. 10 to 18**, exemptions: none is made use of; art. 13 stands
  above for the authentication it asks for.
- **Art. 7 and 9**, card and reader: chip, PIN and keypad are the issuer's; the server sees neither PIN nor chip, and
  checks what they show. A CODE code proves card and PIN and binds nothing ([security](../SECURITY.md)).
- **Art. 2** (transaction monitoring) and **art. 30 to 36** (interfaces for third parties) are the bank's own systems'.
"""


def page() -> str:
    return HEADING + "".join(map(_line, TABLE)) + BESIDE


def _line(row: Row) -> str:
    file, test = row.test.split("::")
    code = f"`{row.mutation.file}` `{row.code}`"
    cells = (row.article, row.asks, row.rule, code, f"`{file}` `{test}`", _mutation(row.mutation))
    return f"| {' | '.join(cells)} |\n"


def _mutation(mutation: Mutation) -> str:
    dropped = mutation.new in {"", "..."}
    return f"{_quoted(mutation.old)} {'dropped' if dropped else f'→ {_quoted(mutation.new)}'}"


def _quoted(text: str) -> str:
    """As code on one line; a bar would end the table's cell."""
    return f"`{' '.join(text.split())}`".replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
