"""The suite's whole log is kept and searched for every PIN, code, card number, IBAN and name the tests used.

Loaded by the root conftest. Processes that tests start write into `folder()` too. A secret found fails the run, and
the place it stood in is named. Of several workers each searches its own logs, and tells the run what it found.
"""

import logging
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from typing_extensions import override

_FOLDER_VARIABLE = "CONTRESEING_TEST_LOGS"
_TOLD = "contreseing_log_watch"
_used: set[str] = set()
_found: list["Search"] = []


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that stands in a log: only its kind of place is told, not the secret again."""

    file: str
    line: int
    length: int

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line} holds a secret of {self.length} characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What one process searched, and the leaks, in words."""

    secrets: int
    size: int
    leaks: list[str]


def never_log(*secrets: str) -> None:
    """Say that these must stand in no log of this run."""
    _used.update(secrets)


def folder() -> Path:
    """Where every log of this run goes."""
    return Path(os.environ[_FOLDER_VARIABLE])


def search(logs: Path, secrets: set[str]) -> Iterator[Leak]:
    """Find every secret that stands in a log as a word of its own, or an IBAN written in groups."""
    words = sorted({form for secret in secrets for form in (secret, _in_groups(secret))})
    for path in sorted(logs.rglob("*.log")):
        text = path.read_text(encoding="utf-8", errors="replace")
        # Most are in no log at all, and a plain search says so a hundred times faster than a pattern of them all.
        for word in (word for word in words if word in text):
            for found in re.finditer(rf"(?<![0-9A-Za-z.]){re.escape(word)}(?![0-9A-Za-z])", text):
                yield Leak(path.name, text.count("\n", 0, found.start()) + 1, len(word))


def _in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


_OF_ANY_RECORD = vars(logging.makeLogRecord({})).keys()
"""Line, process, time since the start and the like: numbers that may happen to be somebody's PIN."""


class _Everything(logging.Formatter):
    """The message, everything that came with it in `extra`, and the traceback."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        extra = {name: value for name, value in vars(record).items() if name not in _OF_ANY_RECORD}
        return f"{super().format(record)} {extra}"


def pytest_configure(config: pytest.Config) -> None:
    del config
    logs = Path(tempfile.mkdtemp(prefix="contreseing-logs-"))
    os.environ[_FOLDER_VARIABLE] = str(logs)
    handler = logging.FileHandler(logs / "suite.log", encoding="utf-8")
    handler.setFormatter(_Everything())
    handler.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: "_Worker") -> None:
    """A worker has ended; one that crashed tells nothing, and its crash fails the run."""
    _found.extend(Search(**told) for told in getattr(node, "workeroutput", {}).get(_TOLD, ()))


class _Worker(Protocol):
    """What a worker told at its end."""

    workeroutput: dict[str, Any]


def pytest_sessionfinish(session: pytest.Session) -> None:
    _found.append(_searched())
    if any(each.leaks for each in _found):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    told = getattr(session.config, "workeroutput", None)
    if told is not None:
        told[_TOLD] = [asdict(each) for each in _found]


def _searched() -> Search:
    return Search(
        secrets=len(_used),
        size=sum(path.stat().st_size for path in folder().rglob("*.log")),
        leaks=[str(leak) for leak in search(folder(), _used)],
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    secrets, size = sum(each.secrets for each in _found), sum(each.size for each in _found)
    leaks = [leak for each in _found for leak in each.leaks]
    terminalreporter.write_sep("-", f"{secrets} secrets searched in {size} bytes of logs, {len(leaks)} found")
    for leak in leaks[:20]:
        terminalreporter.write_line(leak, red=True)
