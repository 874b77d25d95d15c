"""The command: `make bench`, or `python -m tests.bench`."""

import asyncio
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from server.clock import SystemClock
from tests.bench import report
from tests.bench.databases import Place, durable_postgresql, new_postgresql, new_sqlite
from tests.bench.jobs import JobFailed
from tests.bench.parts import QUICK, WHOLE, SizeLine, Sockets, SpeedLine, size, small_book_many_users, sockets, speed
from tests.bench.report import Run
from tests.postgresql import PostgresqlServer

_EXAMPLES: Final = """\
examples:
  make bench                                                everything; docs/benchmarks.* get one run more
  make bench BENCH_ARGS="--quick --no-history"              a look in two minutes
  make bench BENCH_ARGS="--part speed --database postgresql"
  make bench BENCH_ARGS="--part sockets --part size"
"""
_PARTS: Final = ("speed", "sockets", "size")
_DATABASES: Final = ("postgresql", "sqlite")
_WIDE: Final = 200
_console: Final = Console(width=None if sys.stdout.isatty() else _WIDE)


def main(words: Sequence[str] | None = None) -> int:
    """Run what is asked and print it; 1 when something did not happen as it should."""
    chosen = _read(words)
    try:
        run = asyncio.run(_measure(chosen))
    except JobFailed as failure:
        Console(stderr=True).print(str(failure), style="red", markup=False)
        return 1
    for rows in report.tables(run):
        _show(rows)
    if not chosen.no_history:
        report.keep(run)
    return 0


async def _measure(chosen: Namespace) -> Run:
    """Raises JobFailed."""
    scale = QUICK if chosen.quick else WHOLE
    busy = os.getloadavg()[0]
    speed_lines: list[SpeedLine] = []
    socket_lines: list[Sockets] = []
    size_lines: list[SizeLine] = []
    with ExitStack() as stack:
        server = stack.enter_context(durable_postgresql()) if "postgresql" in chosen.database else None
        for database in chosen.database:
            rooms = _Rooms(server if database == "postgresql" else None, stack)
            if "speed" in chosen.part:
                speed_lines += await speed(await rooms.new(), scale, _tell)
            if "sockets" in chosen.part and database == chosen.database[0]:
                socket_lines.append(await sockets(await rooms.new(), scale, _tell))
            if "size" in chosen.part:
                size_lines.append(await small_book_many_users(await rooms.new(), scale, _tell))
                size_lines += await size(await rooms.new(), scale, _tell)
    return Run(
        at=SystemClock().now(),
        product=report.product(),
        scale="quick" if chosen.quick else "whole",
        machine=report.machine(),
        busy=busy,
        speed=speed_lines,
        sockets=socket_lines,
        size=size_lines,
    )


class _Rooms:
    """Gives empty databases: on the PostgreSQL server, or a file each where there is none."""

    def __init__(self, server: PostgresqlServer | None, stack: ExitStack) -> None:
        self._server = server
        self._stack = stack

    async def new(self) -> Place:
        if self._server is not None:
            return await new_postgresql(self._server)
        return new_sqlite(Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="contreseing-bench-"))))


def _read(words: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="make bench",
        description="Complete approvals against the real server: how many, how fast, at what cost.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="fewer, shorter, smaller: a look, not a figure")
    parser.add_argument("--part", action="append", choices=_PARTS, help="only this part; may be given again")
    parser.add_argument("--database", action="append", choices=_DATABASES, help="only this database")
    parser.add_argument("--no-history", action="store_true", help="print, and leave docs/benchmarks.* as they are")
    chosen = parser.parse_args(words)
    chosen.part = chosen.part or list(_PARTS)
    chosen.database = chosen.database or list(_DATABASES)
    return chosen


def _tell(line: str) -> None:
    _console.print(f"{SystemClock().now():%H:%M:%S}  {line}", markup=False, highlight=False)


def _show(rows: Sequence[Sequence[str]]) -> None:
    head, *lines = rows
    table = Table(*head)
    for line in lines:
        table.add_row(*(cell.replace("*", "") for cell in line))
    _console.print(table)


if __name__ == "__main__":
    sys.exit(main())
