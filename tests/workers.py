"""The suite in two processes (`pytest -n 2`): while the tests of one wait, those of the other compute.

Loaded by the root conftest; without `-n` it does nothing. A file's tests stay in one worker, and so do all that share
a browser. A test marked `alone` measures time: it has the machine to itself, and its file comes last.
"""

import fcntl
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from typing_extensions import override
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

_TOGETHER: Final = "tests/browser/"
"""One Chromium, one served bank and the pages' many waits: begun first, and next to it all the rest."""
_LONG: Final = ("tests/flows/", "tests/rts/", "tests/deploy/", "tests/demo/", "tests/evidence/")
_FLOOR: Final = pytest.StashKey["_Floor"]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "alone: it measures time, and no other test of the suite runs meanwhile")
    config.option.loadscopereorder = False  # the order is `pytest_collection_modifyitems`'
    run = vars(config).get("workerinput")  # what xdist tells its workers
    if run is not None:
        config.stash[_FLOOR] = _Floor(run["testrunuid"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put first what takes long, so that no worker is left with it at the end, and last what wants to be alone."""
    if _FLOOR in config.stash:
        alone = {item.path for item in items if item.get_closest_marker("alone")}
        items.sort(key=lambda item: _turn(item.nodeid, is_alone=item.path in alone))


def _turn(nodeid: str, *, is_alone: bool) -> int:
    if nodeid.startswith(_TOGETHER):
        return 0
    return 3 if is_alone else 1 if nodeid.startswith(_LONG) else 2


class _Sharing(LoadScopeScheduling):
    """Gives a worker a file at a time, or all tests that share a browser."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        return _TOGETHER if nodeid.startswith(_TOGETHER) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Sharing:
    return _Sharing(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _FLOOR in config.stash:
        config.stash[_FLOOR].close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    floor = item.config.stash.get(_FLOOR, None)
    if floor is None:
        return (yield)
    with floor.held(alone=item.get_closest_marker("alone") is not None):
        return (yield)


class _Floor:
    """Held by many tests at once, or by one that is alone; whoever waits to be alone lets nobody past."""

    def __init__(self, run: str) -> None:
        folder = Path(tempfile.gettempdir())
        self._files = [folder / f"contreseing-{run}.{name}" for name in ("turn", "floor")]
        self._turn, self._floor = (file.open("w") for file in self._files)

    @contextmanager
    def held(self, *, alone: bool) -> Iterator[None]:
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        fcntl.flock(self._floor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(self._turn, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._floor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave no file behind; a worker that goes on holds its own open."""
        self._turn.close()
        self._floor.close()
        for file in self._files:
            file.unlink(missing_ok=True)
