"""A real Redis for the tests: started here on a free port, keeping nothing, killed and brought back at will.

A Redis that is missing is a failure, never a skip: what several nodes promise would go untested.
"""

import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from typing_extensions import override

from tests.certificates import make_certificate
from tests.ports import free_ports

_MISSING = """
The program redis-server was not found, and the tests need it.
Debian and Ubuntu: apt-get install redis-server. Elsewhere: put the folder that holds it on the PATH.
"""


class RedisServer:
    """One server on one port, the same after every start; `options` are more of its own command line."""

    def __init__(self, home: Path, options: Sequence[str] = ()) -> None:
        self.home = home
        self._options = options
        self._program = shutil.which("redis-server")
        if self._program is None:
            raise RuntimeError(_MISSING)
        (self.port,) = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it answers."""
        words = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.home))
        self._process = subprocess.Popen(  # noqa: S603  # redis-server itself, found on the PATH
            [str(self._program), *words, *self._options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
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


Server = TypeVar("Server", bound=RedisServer)


class GuardedRedis(RedisServer):
    """The same over TLS and by password; its certificate is signed by itself alone."""

    def __init__(self, home: Path) -> None:
        self.certificate = make_certificate(home)
        self.password = secrets.token_urlsafe(16)
        files = ("--tls-cert-file", str(self.certificate), "--tls-key-file", str(home / "key.pem"))
        trust = ("--tls-ca-cert-file", str(self.certificate), "--tls-auth-clients", "no")
        super().__init__(home, (*files, *trust, "--requirepass", self.password))
        self._options = (*self._options, "--port", "0", "--tls-port", str(self.port))

    @property
    @override
    def url(self) -> str:
        return self.url_of(self.password, self.certificate)

    def url_of(self, password: str, trusted: Path) -> str:
        """The URL of somebody who knows this password and trusts this certificate."""
        return f"rediss://:{password}@127.0.0.1:{self.port}/0?ssl_ca_certs={trusted}"


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Start a server, and leave nothing of it."""
    with _running(RedisServer) as server:
        yield server


@contextmanager
def running_guarded_redis() -> Iterator[GuardedRedis]:
    """The same over TLS."""
    with _running(GuardedRedis) as server:
        yield server


@contextmanager
def _running(kind: Callable[[Path], Server]) -> Iterator[Server]:
    home = Path(tempfile.mkdtemp(prefix="contreseing-redis-"))
    server = kind(home)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(home)
