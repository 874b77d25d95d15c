"""The certificate a PC showed to the proxy in the TLS handshake of the mTLS host, which is optional and off by default.

It is believed from a trusted proxy alone, and for that host alone: there the proxy sets the header anew from the
handshake, everywhere else it takes it away (deploy/nginx.conf). What the certificate is worth is the desk's to ask.
"""

import ssl
from typing import Final
from urllib.parse import unquote

from aiohttp import web

from server.http.address import Proxies

HEADER: Final = "X-Client-Certificate"
"""The PEM, percent-encoded: nginx's `$ssl_client_escaped_cert`."""


class CertificateHost:
    """The one host whose callers show certificates; `name` is None where there is none."""

    def __init__(self, name: str | None, proxies: Proxies) -> None:
        self._name = name
        self._proxies = proxies

    def shown(self, request: web.BaseRequest) -> bytes | None:
        """Return the certificate, DER; None where there is nothing to believe."""
        told = request.headers.getall(HEADER, [])
        if self._name is None or request.headers.getall("Host", []) != [self._name] or len(told) != 1:
            return None
        return _der(told[0]) if self._proxies.trusts(request) else None


def _der(escaped: str) -> bytes | None:
    try:
        return ssl.PEM_cert_to_DER_cert(unquote(escaped, errors="strict"))
    except ValueError:
        return None
