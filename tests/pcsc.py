"""A real smart-card service for the tests: pcscd with one virtual reader, apart from any other on the machine.

`running_pcscd` starts it (fixture `pcscd`), `pcscd.card_in(card)` puts a card in. A missing program is a failure,
never a skip.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Final

from card_bridge.readers.pcsc import readers
from deploy.demo.virtual_card.vpcd import Inserted, insert, serve
from tests.log_watch import folder
from tests.ports import free_ports

_DRIVER: Final = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_MISSING: Final = """
{} was not found, and the tests need it.
Debian and Ubuntu: apt-get install pcscd vsmartcard-vpcd util-linux. Elsewhere: put it on the PATH.
"""
# pcscd's socket has a fixed place; in a mount namespace of its own that place is a folder of this test.
_APART: Final = 'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd && exec "$2" -f -c "$3"'


class Pcscd:
    """One service with one virtual reader of two slots; the first is used by `card_in` unless told otherwise."""

    def __init__(self, home: Path) -> None:
        self._folder, self._configuration = home / "run", home / "conf"
        self._folder.mkdir()
        self._configuration.mkdir()
        self._programs = [_program(name) for name in ("unshare", "pcscd")]
        self._process: subprocess.Popen[bytes] | None = None
        self.port, _ = free_ports(2)  # in a row: vpcd gives each reader two slots

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to reach this service and no other."""
        return {"PCSCLITE_CSOCK_NAME": str(self._folder / "pcscd.comm"), "PCSCLITE_NO_BLOCKING": "1"}

    def start(self) -> None:
        """Start, and wait until its reader shows. This process, too, speaks to it from now on."""
        self._configure()
        unshare, pcscd = self._programs
        namespaces = ["-m"] if os.geteuid() == 0 else ["-m", "-U", "-r"]
        words = (*namespaces, "sh", "-c", _APART, "sh", str(self._folder), pcscd, str(self._configuration))
        with (folder() / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen([unshare, *words], stdout=log, stderr=log)  # noqa: S603  # found on PATH
        os.environ.update(self.environment)
        for _ in range(500):
            with suppress(Exception):
                assert readers(), "pcscd shows no reader"
                return
            time.sleep(0.01)
        raise RuntimeError("pcscd did not start, or its driver vpcd did not: see pcscd.log")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    @contextmanager
    def card_in(self, card: Inserted, *, slot: int = 0) -> Iterator[socket.socket]:
        """A card in a slot, answering from a thread; closing the socket pulls it out."""
        held = self._inserted(card, slot)
        try:
            yield held
        finally:
            pull_out(held)
            assert self._sees(slot, is_in=False), "the reader did not see the card go"

    def _inserted(self, card: Inserted, slot: int) -> socket.socket:
        """Put a card in, again where the reader was still letting go of the one before."""
        for _ in range(5):
            held = insert(self.port + slot)
            Thread(target=_serve, args=(card, held), daemon=True).start()
            if self._sees(slot, is_in=True):
                return held
            pull_out(held)
        raise RuntimeError("the reader did not see the card")

    def _sees(self, slot: int, *, is_in: bool) -> bool:
        """Whether the reader sees a card come or go, in two seconds: it looks a few times in each."""
        deadline = time.monotonic() + 2
        while readers()[slot].has_card is not is_in:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def _configure(self) -> None:
        block = (
            'FRIENDLYNAME "Contreseing test reader"',
            f"DEVICENAME /dev/null:{self.port}",
            f"LIBPATH {_DRIVER}",
            f"CHANNELID {self.port}",
        )
        (self._configuration / "vpcd").write_text("\n".join(block) + "\n")


@contextmanager
def running_pcscd() -> Iterator[Pcscd]:
    """Start a service, and leave nothing of it."""
    home = Path(tempfile.mkdtemp(prefix="contreseing-pcscd-"))
    service = Pcscd(home)
    try:
        service.start()
        yield service
    finally:
        service.stop()
        shutil.rmtree(home)


def pull_out(slot: socket.socket) -> None:
    """The card is gone, whatever it was doing."""
    with suppress(OSError):
        slot.shutdown(socket.SHUT_RDWR)
    slot.close()


def _serve(card: Inserted, slot: socket.socket) -> None:
    with suppress(OSError):  # pulled out while it answered
        serve(card, slot)


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None or not _DRIVER.exists():
        raise RuntimeError(_MISSING.format(name if found is None else _DRIVER))
    return found
