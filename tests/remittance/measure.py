"""Measures the reader beside its yardstick, plain lxml `iterparse(schema=)`, each time in a fresh process.

    python -m tests.remittance.measure [ORDERS]

Speed is orders a second. Memory is the process's own peak (VmHWM of /proc) above what it held before the first byte,
imports and schema included in neither.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from lxml import etree

from approvals.model.remittance import RemittanceFormat, RemittanceRules
from approvals.remittance.reader import RemittanceReader
from approvals.remittance.schemas import qualified, schema_of
from deploy.demo.make_remittance import Batch, remittance

CHUNK = 64 * 1024


class Measure(msgspec.Struct):
    """What one fresh process found."""

    orders: int
    seconds: float
    kilobytes_above_idle: int

    @property
    def orders_a_second(self) -> float:
        return self.orders / self.seconds


def write_file(path: Path, orders: int) -> None:
    with path.open("wb") as file:
        file.writelines(remittance("MEASURE", [Batch(id="B1", orders=orders)]))


def measure(way: str, path: Path) -> Measure:
    """Run one way of reading in a process of its own."""
    command = [sys.executable, "-m", "tests.remittance.measure", way, str(path)]
    ran = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - this very module
    return msgspec.json.decode(ran.stdout, type=Measure)


def _reader(path: Path) -> int:
    reader = RemittanceReader(RemittanceRules())
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            reader.feed(chunk)
    return reader.close().count


def _yardstick(path: Path) -> int:
    """The shortest reading that validates and keeps memory constant; it takes no value and checks none."""
    message = RemittanceFormat.PAIN_001_001_09
    count = 0
    with path.open("rb") as file:
        tag = qualified(message, "CdtTrfTxInf")
        for _, order in etree.iterparse(file, tag=tag, schema=schema_of(message), resolve_entities=False):
            count += 1
            order.clear()
            while (before := order.getprevious()) is not None and (block := order.getparent()) is not None:
                block.remove(before)
    return count


WAYS: Mapping[str, Callable[[Path], int]] = {"reader": _reader, "yardstick": _yardstick}


def _run(way: str, path: Path) -> Measure:
    schema_of(RemittanceFormat.PAIN_001_001_09)
    idle = _memory("VmRSS")
    start = time.perf_counter()
    orders = WAYS[way](path)
    return Measure(orders=orders, seconds=time.perf_counter() - start, kilobytes_above_idle=_memory("VmHWM") - idle)


def _memory(field: str) -> int:
    """Return a field of /proc/self/status in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def _compare(orders: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "remittance.xml"
        write_file(path, orders)
        for _ in range(rounds):
            for way in WAYS:
                found = measure(way, path)
                memory = found.kilobytes_above_idle / 1024
                sys.stdout.write(f"{way:10} {found.orders_a_second:8,.0f} orders/s  +{memory:.1f} MiB\n")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        sys.stdout.buffer.write(msgspec.json.encode(_run(sys.argv[1], Path(sys.argv[2]))))
    else:
        _compare(int(sys.argv[1]) if sys.argv[1:] else 100_000, rounds=3)
