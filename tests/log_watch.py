"""The suite's whole log is kept and searched for every PIN, code, card number, IBAN and name the tests used.

Loaded by the root conftest. Processes that tests start write into `folder()` too. A secret found fails the run, and
the place it stood in is named.
"""

import logging
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typing_extensions import override

_FOLDER_VARIABLE = "CONTRESEING_TEST_LOGS"
_used: set[str] = set()
_leaks: list["Leak"] = []


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that stands in a log: only its kind of place is told, not the secret again."""

    file: str
    line: int
    length: int

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line} holds a secret of {self.length} characters"


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


def pytest_sessionfinish(session: pytest.Session) -> None:
    _leaks.extend(search(folder(), _used))
    if _leaks:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    size = sum(path.stat().st_size for path in folder().rglob("*.log"))
    terminalreporter.write_sep("-", f"{len(_used)} secrets searched in {size} bytes of logs, {len(_leaks)} found")
    for leak in _leaks[:20]:
        terminalreporter.write_line(str(leak), red=True)
