"""nginx from Debian with deploy/nginx.conf, on free ports, in front of two real nodes."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.certificates import make_certificate
from tests.deploy.nodes import ROOT
from tests.ports import free_ports

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
MTLS = CONFIGURATION.with_name("nginx-mtls.conf")
MTLS_HOST = "certificat.banque.example"
_MISSING = "nginx was not found, and the tests need it. Debian and Ubuntu: apt-get install nginx-light"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """nginx at work."""

    home: Path
    plain_port: int
    tls_port: int

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.tls_port}"

    @property
    def stream(self) -> str:
        return f"wss://127.0.0.1:{self.tls_port}/v1/stream"

    @property
    def access_log(self) -> str:
        return (self.home / "access.log").read_text("utf-8")

    @property
    def trusting(self) -> ssl.SSLContext:
        """What a client uses that trusts this proxy's own certificate."""
        return ssl.create_default_context(cafile=str(self.home / "tls" / "certificate.pem"))


@asynccontextmanager
async def running_proxy(home: Path, nodes: Sequence[int], authorities: str | None = None) -> AsyncIterator[Proxy]:
    """Start nginx in front of the nodes on these ports, and leave nothing of it behind.

    `authorities` is the file of those whose certificates the mTLS host takes; without it there is no such host.
    """
    plain_port, tls_port = free_ports(2)
    proxy = Proxy(home=home, plain_port=plain_port, tls_port=tls_port)
    _write(proxy, nodes)
    if authorities is not None:
        (home / "tls" / "authorities.pem").write_text(authorities, "ascii")
        _write_changed(
            MTLS, home, {"listen 443 ": f"listen 127.0.0.1:{tls_port} ", "    listen [::]:443 ssl http2;\n": ""}
        )
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    assert program is not None, _MISSING
    options = ("-p", str(home), "-c", str(home / "nginx.conf"), "-g", "daemon off;")
    process = await asyncio.create_subprocess_exec(program, *options, stderr=asyncio.subprocess.PIPE)
    try:
        await _until_listening(tls_port, process)
        yield proxy
    finally:
        process.terminate()
        await process.communicate()


def _write(proxy: Proxy, nodes: Sequence[int]) -> None:
    """Write the configuration as it is shipped, but for ports and the places of this machine's own files."""
    tls = proxy.home / "tls"
    tls.mkdir(parents=True)
    make_certificate(tls, [MTLS_HOST])
    (tls / "key.pem").chmod(0o600)
    (proxy.home / "nodes.conf").write_text("".join(f"server 127.0.0.1:{port};\n" for port in nodes))
    changes = {
        "listen 80 ": f"listen 127.0.0.1:{proxy.plain_port} ",
        "listen 443 ": f"listen 127.0.0.1:{proxy.tls_port} ",
        "        listen [::]:80 default_server;\n": "",
        "        listen [::]:443 ssl http2 default_server;\n": "",
        "/run/nginx.pid": str(proxy.home / "nginx.pid"),
        "/var/log/nginx": str(proxy.home),
    }
    _write_changed(CONFIGURATION, proxy.home, changes)


def _write_changed(shipped: Path, home: Path, changes: Mapping[str, str]) -> None:
    text = shipped.read_text("utf-8")
    for there, here in changes.items():
        assert there in text
        text = text.replace(there, here)
    (home / shipped.name).write_text(text, "utf-8")


async def _until_listening(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(10):
        while True:
            if process.returncode is not None:
                _, complaint = await process.communicate()
                raise AssertionError(f"nginx ended: {complaint.decode()}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return
