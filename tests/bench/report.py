"""The figures as a table for people and as JSON: every run is added, and docs/benchmarks.md is made from them all."""

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

from tests.bench.jobs import LoadResult
from tests.bench.parts import SizeLine, Sockets, SpeedLine

DOCS: Final = Path(__file__).parents[2] / "docs"
_HEAD: Final = """\
# Mesures · Benchmarks

`make bench` le refait, en un quart d'heure ; `make bench BENCH_ARGS=--help` dit le reste.
Made by `make bench`, in a quarter of an hour; `make bench BENCH_ARGS=--help` tells the rest.

Une approbation est complète : ouverte par le cœur bancaire (HTTP), montrée au signataire sur sa connexion ouverte,
signée d'un code CAP lié au bénéficiaire, remise au cœur par webhook, acquittée, et montrée exécutée. Serveur,
PostgreSQL et générateur de charge sont des processus séparés ; la durabilité des bases est relue, et la mesure
s'arrête si elle est faible.

An approval is complete: opened by the core over HTTP, told to the signer on a live socket, signed by a CAP code that
is linked to the payee, released to the core by webhook, acknowledged, and shown as carried out. Server, PostgreSQL and
load generator are processes of their own; what makes the databases durable is read back, and weak settings end the run.

- **CPU** is user and system time an approval, from `/proc`, of the whole server process and of all PostgreSQL's, the
  ended ones included; the generator's (core, devices, cards) is beside it and not in the sum.
- **open → told**: from the core's request to the event on the signer's socket. **answer → released**: from the signer's
  code to the release in the core's hands. **answer → shown**: until the signer's device shows it carried out.
- **Asked again** is how many requests the server could not carry out at once and the client sent again, an approval;
  **given up** is how many approvals of the run were not over after 30 s.
- **Half load** is requests at even times, at half the best rate; a late start counts from when it was due.
"""


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run took place."""

    processor: str
    cores: int
    system: str
    python: str


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run, as docs/benchmarks.json keeps it. Milliseconds, bytes and seconds; `at` is UTC.

    `busy` is the machine's load average before it (1 minute), None where it was not read: what others do shows.
    """

    at: datetime
    product: str
    scale: str
    machine: Machine
    busy: float | None = None
    speed: Sequence[SpeedLine] = ()
    sockets: Sequence[Sockets] = ()
    size: Sequence[SizeLine] = ()


def machine() -> Machine:
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
    )


def product() -> str:
    return version("contreseing")


def keep(run: Run, folder: Path = DOCS) -> None:
    """Add the run to the history, and make the page again."""
    file = folder / "benchmarks.json"
    runs = msgspec.json.decode(file.read_bytes(), type=list[Run]) if file.exists() else []
    runs.append(run)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(runs), indent=1) + b"\n")
    (folder / "benchmarks.md").write_text(page(runs), "utf-8")


def page(runs: Sequence[Run]) -> str:
    """Return the page: the newest run of each part whole, and every run in a line."""
    sections = [_HEAD]
    for title, kept in (("speed", "Vitesse · Speed"), ("sockets", "Connexions · Sockets"), ("size", "Taille · Size")):
        newest = next((run for run in reversed(runs) if getattr(run, title)), None)
        if newest is not None:
            sections.append(f"## {kept}\n\n{_where(newest)}\n\n{_table(_ROWS[title](newest))}")
    sections.append(f"## Historique · History\n\n{_table(_history(runs))}")
    return "\n".join(sections)


def tables(run: Run) -> Iterator[Sequence[Sequence[str]]]:
    """Yield the tables of one run, the first row their heads."""
    for part, rows in _ROWS.items():
        if getattr(run, part):
            yield list(rows(run))


def _speed(run: Run) -> Iterator[Sequence[str]]:
    yield (
        "database", "load", "approvals/s", "CPU ms", "server", "database ", "generator",
        "open → told p50/p95/p99", "answer → released", "answer → shown", "asked again", "given up",
    )  # fmt: skip
    for line in run.speed:
        result = line.result
        yield (
            line.database,
            line.load,
            f"{result.per_second:.0f}",
            f"**{result.server + result.database:.2f}**",
            *_cpu(result),
            _spread(result, "open_to_told"),
            _spread(result, "answer_to_released"),
            _spread(result, "answer_to_shown"),
            f"{result.asked_again:.2f}",
            str(result.given_up),
        )


def _size(run: Run) -> Iterator[Sequence[str]]:
    yield ("database", "actions", "users", "CPU ms", "server", "database ", "generator", "open → told p50/p95/p99")
    for line in run.size:
        result = line.result
        total = f"**{result.server + result.database:.2f}**"
        yield (
            line.database,
            f"{line.actions:,}",
            f"{line.users:,}",
            total,
            *_cpu(result),
            _spread(result, "open_to_told"),
        )


def _sockets(run: Run) -> Iterator[Sequence[str]]:
    yield ("database", "idle devices", "KiB each", "all connected in s", "all back in s", "upgrades turned away")
    for line in run.sockets:
        yield (
            line.database,
            f"{line.devices:,}",
            f"**{line.bytes_each / 1024:.1f}**",
            f"{line.gathering:.0f}",
            f"{line.back:.0f}",
            f"{line.refused:,}",
        )


_ROWS: Final = {"speed": _speed, "sockets": _sockets, "size": _size}


def _history(runs: Sequence[Run]) -> Iterator[Sequence[str]]:
    yield ("UTC", "scale", "database", "best approvals/s", "CPU ms there", "open → told p99 at half load")
    for run in runs:
        for database in dict.fromkeys(line.database for line in run.speed):
            lines = [line for line in run.speed if line.database == database]
            best = max(lines, key=lambda line: line.result.per_second).result
            half = lines[-1].result
            yield (
                f"{run.at:%Y-%m-%d %H:%M}",
                run.scale,
                database,
                f"{best.per_second:.0f}",
                f"{best.server + best.database:.2f}",
                f"{half.open_to_told.p99:.0f}",
            )


def _cpu(result: LoadResult) -> tuple[str, str, str]:
    database = f"{result.database:.2f}" if result.database else "within"
    return f"{result.server:.2f}", database, f"{result.generator:.2f}"


def _spread(result: LoadResult, name: str) -> str:
    spread = {
        "open_to_told": result.open_to_told,
        "answer_to_released": result.answer_to_released,
        "answer_to_shown": result.answer_to_shown,
    }[name]
    return f"{spread.p50:.0f} / {spread.p95:.0f} / {spread.p99:.0f}"


def _where(run: Run) -> str:
    on = run.machine
    busy = "" if run.busy is None else f", load {run.busy:.1f} before"
    at = f"{run.at:%Y-%m-%d %H:%M} UTC{busy}"
    return f"{at} · {on.cores} cores, {on.processor} · {on.system} · Python {on.python} · {run.scale}"


def _table(rows: Iterator[Sequence[str]]) -> str:
    """Return a Markdown table; the first row is its head."""
    head, *lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *lines, ""])


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
