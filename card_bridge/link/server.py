"""The bank over HTTP, as the bridge asks it: pinned, never redirected, every call with its time limit."""

import http.client
import ssl
from collections.abc import Mapping
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from card_bridge.link.pinning import Pin, key_digest, require_pinned, tls
from card_bridge.link.refusals import ServerChanged, ServerGone, ServerRefused

Wanted = TypeVar("Wanted")

_SECONDS: Final = 15.0
_MOST_BYTES: Final = 4 * 1024 * 1024


class Nothing(msgspec.Struct):
    """The body of a 204."""


class _Problem(msgspec.Struct):
    code: str
    detail: str


class Server:
    """One server at one address; it blocks, so it is called from a thread."""

    def __init__(self, address: str, pin: Pin) -> None:
        self._address = address
        self._pin = pin

    def ask(
        self,
        method: str,
        path: str,
        wanted: type[Wanted],
        *,
        form: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Wanted:
        """Raises ServerRefused, ServerGone, ServerChanged; a body that is not what it should be is a server gone."""
        body = None if form is None else msgspec.json.encode(form)
        connection = self._connect()
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            content = response.read(_MOST_BYTES) or b"{}"
            if not 200 <= response.status < 300:
                raise _refusal(response.status, content)
            return msgspec.json.decode(content, type=wanted)
        except (OSError, http.client.HTTPException, msgspec.DecodeError):
            raise ServerGone from None
        finally:
            connection.close()

    def key(self) -> str | None:
        """Return the digest of the server's key, its certificate having been checked; None without TLS."""
        connection = self._connect()
        socket = _tls_of(connection)
        certificate = socket.getpeercert(binary_form=True) if socket else None
        connection.close()
        return None if certificate is None else key_digest(certificate)

    def _connect(self) -> http.client.HTTPConnection:
        connection = self._connection()
        try:
            connection.connect()
            require_pinned(_tls_of(connection), self._pin)
        except ssl.SSLCertVerificationError:
            raise ServerChanged from None
        except OSError:
            raise ServerGone from None
        except ServerChanged:
            connection.close()
            raise
        return connection

    def _connection(self) -> http.client.HTTPConnection:
        parts, context = urlsplit(self._address), tls(self._address, self._pin)
        host = parts.hostname or ""
        if context is None:
            return http.client.HTTPConnection(host, parts.port, timeout=_SECONDS)
        return http.client.HTTPSConnection(host, parts.port, timeout=_SECONDS, context=context)


def _tls_of(connection: http.client.HTTPConnection) -> ssl.SSLSocket | None:
    return connection.sock if isinstance(connection.sock, ssl.SSLSocket) else None


def _refusal(status: int, content: bytes) -> ServerRefused | ServerGone:
    """A problem is the bank's no; anything else (a proxy's page, a redirect) is a server gone."""
    try:
        problem = msgspec.json.decode(content, type=_Problem)
    except msgspec.DecodeError:
        return ServerGone()
    return ServerRefused(problem.code, problem.detail, status=status)
