import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.bench.usage import cpu_of, cpu_of_family, resident_bytes

BUSY = "import time\nwhile time.process_time() < 0.3: pass\n"
PARENT = (
    f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}])\nprint(flush=True)\nsys.stdin.read()\n"
)
LARGE = "kept = b'x' * 50_000_000\nprint(flush=True)\nimport sys\nsys.stdin.read()\n"


@contextmanager
def program(text: str) -> Iterator[int]:
    """Run it until it says a line; yield its process id."""
    command = [sys.executable, "-c", text]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603  # Python
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid


def test_the_cpu_of_children_that_ended_is_the_familys_and_not_the_parents() -> None:
    with program(PARENT) as parent:
        family, alone = cpu_of_family(parent), cpu_of(parent)
    assert family - alone >= 290  # two ticks of the kernel less than 0.3 s, at most


def test_a_process_that_sleeps_uses_no_cpu() -> None:
    with program(LARGE) as process:
        before = cpu_of(process)
        time.sleep(0.3)
        assert cpu_of(process) - before <= 20


def test_a_process_that_is_gone_has_used_nothing() -> None:
    with program(LARGE) as process:
        pass
    assert cpu_of(process) == 0


def test_what_a_process_keeps_is_resident() -> None:
    with program(LARGE) as large, program("print(flush=True)\ninput()\n") as small:
        assert resident_bytes(large) - resident_bytes(small) == pytest.approx(50_000_000, rel=0.1)
