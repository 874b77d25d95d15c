"""What processes have used, as the kernel counts it (proc(5)): CPU of a server and its children, resident memory."""

import os
from pathlib import Path
from typing import Final

_TICK: Final = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds


def cpu_of(process: int) -> float:
    """Return the CPU milliseconds of one process, user and system, without its children."""
    utime, stime, _, _ = _times(process)
    return (utime + stime) * _TICK


def cpu_of_family(parent: int) -> float:
    """Return those of a process and all its children, the ones that ended and were waited for included."""
    living = sum(cpu_of(child) for child in _children(parent))
    return sum(_times(parent)) * _TICK + living


def resident_bytes(process: int) -> int:
    """Return the resident set (VmRSS)."""
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise LookupError("the kernel does not tell a resident set")


def _times(process: int) -> tuple[int, int, int, int]:
    """Return utime, stime, cutime, cstime, in ticks; zeros for a process that ended meanwhile."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0, 0, 0
    fields = stat.rpartition(")")[2].split()  # the name before may hold spaces; field 3 is the first here
    utime, stime, cutime, cstime = map(int, fields[11:15])
    return utime, stime, cutime, cstime


def _children(parent: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()]
