"""Google on this machine, as far as FCM needs it: the token endpoint and HTTP v1's `messages:send`, over TLS by name.

The library has one address for FCM and no option for another, so the way there is what is ours: a proxy (HTTPS_PROXY)
that leads here whatever it is asked for, and a CA that vouches for the names (REQUESTS_CA_BUNDLE), as in a bank.
"""

import asyncio
import json
import os
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.certificates import make_certificate

FCM: Final = "fcm.googleapis.com"
TOKENS: Final = "oauth2.googleapis.com"
ACCOUNT: Final = "push@contreseing-test.iam.gserviceaccount.com"
_ERROR_TYPE: Final = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True, kw_only=True)
class Google:
    """Answers each device by its registration, and keeps what it was sent; `tokens` answers whoever signs in."""

    answers: dict[str, list[Callable[[], web.Response]]] = field(default_factory=dict)
    tokens: list[Callable[[], web.Response]] = field(default_factory=list)
    messages: list[dict[str, object]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    sign_ins: int = 0
    is_slow: bool = False

    async def sign_in(self, request: web.Request) -> web.Response:
        """RFC 7523: the service account's own signature buys an access token."""
        form = await request.post()
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        key = RSAKey.import_key(_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        claims = jwt.decode(str(form["assertion"]), key, algorithms=["RS256"]).claims
        assert (claims["iss"], claims["aud"]) == (ACCOUNT, f"https://{TOKENS}/token")
        self.sign_ins += 1
        if self.tokens:
            return self.tokens.pop(0)()
        token = {"access_token": f"access-{self.sign_ins}", "token_type": "Bearer", "expires_in": 3600}
        return web.json_response(token)

    async def send(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.authorizations.append(request.headers["Authorization"])
        message: dict[str, object] = body["message"]
        self.messages.append(message)
        if self.is_slow:
            await asyncio.sleep(10)
        script = self.answers.get(str(message["token"]))
        if script:
            return (script.pop(0) if len(script) > 1 else script[0])()
        return web.json_response({"name": f"projects/contreseing-test/messages/{len(self.messages)}"})


def part(message: object, *names: str) -> object:
    """One value of a message, by the names on the way to it."""
    for name in names:
        assert isinstance(message, dict)
        message = message[name]
    return message


def refusal(status: int, name: str, code: str | None = None, **headers: str) -> Callable[[], web.Response]:
    """An error as FCM's HTTP v1 says it; `code` is FCM's own beside the general one."""
    details = [] if code is None else [{"@type": _ERROR_TYPE, "errorCode": code}]
    error = {"code": status, "message": "for people", "status": name, "details": details}
    told = {key.replace("_", "-"): value for key, value in headers.items()}
    return lambda: web.json_response({"error": error}, status=status, headers=told)


def write_key_file(path: Path) -> Path:
    """A service account's key file, as Google gives it out."""
    key = _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    account = {
        "type": "service_account",
        "project_id": "contreseing-test",
        "private_key_id": "1",
        "private_key": key,
        "client_email": ACCOUNT,
        "token_uri": f"https://{TOKENS}/token",
    }
    path.write_text(json.dumps(account), encoding="utf-8")
    return path


@asynccontextmanager
async def google(folder: Path) -> AsyncIterator[tuple[Google, Mapping[str, str]]]:
    """Serve meanwhile; also yield the environment by which it is found."""
    certificate = make_certificate(folder, (FCM, TOKENS))
    served = Google()
    app = web.Application()
    app.router.add_post("/token", served.sign_in)
    app.router.add_post("/v1/projects/contreseing-test/messages:send", served.send)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, folder / "key.pem")
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        async with _proxy(int(runner.addresses[0][1])) as address:
            yield served, {"HTTPS_PROXY": address, "REQUESTS_CA_BUNDLE": str(certificate)}
    finally:
        await runner.cleanup()


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables of this process meanwhile, as an operator does before starting it."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@asynccontextmanager
async def _proxy(port: int) -> AsyncIterator[str]:
    """Lead every CONNECT for the two names to this port; refuse others, which the library asks for besides."""
    tunnels: set[asyncio.Task[None]] = set()

    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tunnels.add(task)
        try:
            await _tunnel(reader, writer, port)
        finally:
            writer.close()

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for tunnel in tunnels:
            tunnel.cancel()
        await asyncio.gather(*tunnels, return_exceptions=True)


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        asked = await reader.readuntil(b"\r\n\r\n")
        if not asked.startswith((f"CONNECT {FCM}:443 ".encode(), f"CONNECT {TOKENS}:443 ".encode())):
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        inner, outer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pipe(reader, outer), _pipe(inner, writer))
        finally:
            outer.close()


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await source.read(64 * 1024):
            sink.write(chunk)
            await sink.drain()
    sink.close()
