"""What no page of ours may do while looked at: fail in a script, write an error, break its policy, leave home."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

_ANSWER = re.compile(r"the server responded with a status of 4\d\d")


class Watch:
    """Keeps what went wrong in one context; `origins` may be asked, messages that hold a `forgiven` text may be."""

    def __init__(self, origins: Sequence[str], forgiven: Sequence[str]) -> None:
        self.seen: list[str] = []
        self._origins = {_origin(each) for each in origins}
        self._forgiven = forgiven

    def keep_an_eye_on(self, context: BrowserContext) -> None:
        context.on("weberror", self._failed)
        context.on("console", self._said)
        context.on("request", self._asked)
        context.on("page", self._opened)

    def _failed(self, error: WebError) -> None:
        self._see(f"page error: {error.error}")

    def _said(self, message: ConsoleMessage) -> None:
        """Every console error, violations of the policy among them; the bank's own "no" is an answer, not an error."""
        is_refusal = _ANSWER.search(message.text) and "/v1/" in str(message.location["url"])
        if message.type == "error" and not is_refusal:
            self._see(f"console: {message.text} ({message.location['url']})")

    def _asked(self, request: Request) -> None:
        self._went_to(request.url)

    def _opened(self, page: Page) -> None:
        page.on("websocket", self._connected)

    def _connected(self, socket: WebSocket) -> None:
        self._went_to(socket.url.replace("ws", "http", 1))

    def _went_to(self, url: str) -> None:
        if urlsplit(url).scheme.startswith("http") and _origin(url) not in self._origins:
            self._see(f"request to another origin: {url}")

    def _see(self, what: str) -> None:
        if not any(text in what for text in self._forgiven):
            self.seen.append(what)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
