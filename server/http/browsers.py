"""Browsers: the login is a cookie no script reads, and every change shows that a page of ours asks for it.

A page names itself in `Contreseing-Client`, which no other site's page can send unasked; that header also says which
cookie counts, so that the app and the advisers' desk stand side by side in one browser. Whoever sends none is no page
that has a cookie: none is looked at. The widget's frame is such a page, and its changes come from our origin too.
"""

import hashlib
import hmac
from dataclasses import replace
from enum import StrEnum
from typing import Final

from aiohttp import web
from msgspec import structs

from server.http.forms import SignedInContent
from server.http.gates import bearer_token
from server.http.refusals import CsrfRefused
from server.http.replies import Cookie, Given, Reply

CLIENT: Final = "Contreseing-Client"
CSRF: Final = "Contreseing-CSRF"
_CHANGES_NOTHING: Final = frozenset({"GET", "HEAD"})


class Client(StrEnum):
    """The pages that sign in; each has a login of its own."""

    APP = "app"
    DESK = "desk"

    @property
    def cookie(self) -> str:
        """`__Host-`: set by this host over TLS, for this host alone (RFC 6265bis, section 4.1.3.2)."""
        return f"__Host-contreseing-{self}"


class Browsers:
    """Reads what a browser shows, and gives it what it keeps."""

    def __init__(self, *, secret: bytes, origin: str) -> None:
        """`secret` keys the CSRF tokens: the same on every node; `origin` is the one our pages are served from."""
        self._secret = secret
        self._origin = origin

    def require_own_page(self, request: web.Request) -> None:
        """What a page changes, a page of our own origin must have asked for. Raises CsrfRefused.

        A browser names the page's origin with every change (Fetch standard, "Origin"), whatever token goes with it.
        """
        origin = request.headers.get("Origin")
        is_page = origin is not None or _client(request) is not None
        if not is_page or request.method in _CHANGES_NOTHING:
            return
        if origin != self._origin:
            raise CsrfRefused("another origin asks")
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise CsrfRefused("another site asks")

    def token(self, request: web.Request) -> str | None:
        """Return the token of whoever asks, by header or by cookie.

        Raises CsrfRefused for a change by cookie that does not show the login's own CSRF token.
        """
        client = _client(request)
        if client is None:
            return bearer_token(request.headers.get("Authorization"))
        token = request.cookies.get(client.cookie)
        if token and request.method not in _CHANGES_NOTHING:
            self._require_csrf(request, token)
        return token or None

    def keep(self, request: web.Request, given: Given) -> Given:
        """Move the token of a sign-in from the answer into the cookie, and tell the page its CSRF token."""
        client = _client(request)
        if client is None or not isinstance(given, Reply):
            return given
        if given.ends_stay:
            return replace(given, cookie=Cookie(name=client.cookie, value=None))
        if not isinstance(given.body, SignedInContent):
            return given
        coming = given.body.token
        token = coming or request.cookies.get(client.cookie, "")
        body = structs.replace(given.body, token=None, csrf=self._csrf(token))
        return replace(given, body=body, cookie=Cookie(name=client.cookie, value=coming) if coming else None)

    def _require_csrf(self, request: web.Request, token: str) -> None:
        if not hmac.compare_digest(request.headers.get(CSRF, "").encode(), self._csrf(token).encode()):
            raise CsrfRefused(f"{CSRF} is not this login's")

    def _csrf(self, token: str) -> str:
        return hmac.new(self._secret, b"csrf " + token.encode(), hashlib.sha256).hexdigest()


def _client(request: web.Request) -> Client | None:
    named = request.headers.get(CLIENT)
    return Client(named) if named in set(Client) else None
