"""A real Redis for the tests: started here on a free port, keeping nothing, killed and brought back at will.

A Redis that is missing is a failure, never a skip: what several nodes promise would go untested.
"""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MISSING = """
The program redis-server was not found, and the tests need it.
Debian and Ubuntu: apt-get install redis-server. Elsewhere: put the folder that holds it on the PATH.
"""


class RedisServer:
    """One server on one port, the same after every start."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._program = shutil.which("redis-server")
        if self._program is None:
            raise RuntimeError(_MISSING)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it answers."""
        words = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._home))
        self._process = subprocess.Popen(  # noqa: S603  # redis-server itself, found on the PATH
            [str(self._program), *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        for _ in range(500):
            with suppress(ConnectionError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            time.sleep(0.01)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        """End it as a power cut would; killing what is dead is nothing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """It keeps its connections and answers nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Start a server, and leave nothing of it."""
    home = Path(tempfile.mkdtemp(prefix="contreseing-redis-"))
    server = RedisServer(home)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(home)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
