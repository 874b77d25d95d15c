"""The chat on a page of the bank's other site, as a host writes it: its script, its frame, its back end's word."""

from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import FrameLocator, Page

from tests.browser.company import Company
from tests.browser.elsewhere import Site
from tests.browser.sizes import DESKTOP, Size
from tests.browser.windows import Windows
from tests.house import Person

_CORE: Final = "ctk_core"
GIVES: Final = "document.querySelector('contreseing-chat').tokenFor = (challenge) => window.vouch(challenge);"


@dataclass(kw_only=True)
class HostPage:
    """A page of the bank's other site, with a session of its own there; it counts what it vouched for."""

    windows: Windows
    site: Site
    company: Company
    person: Person | None
    vouched: list[str] = field(default_factory=list)

    async def show(self, size: Size = DESKTOP, *, attributes: str = "", script: str = GIVES) -> Page:
        bank = self.company.node.origin
        self.site.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self' {bank}; frame-src {bank}; require-trusted-types-for 'script'"
        )
        self.site.pages["/chat.js"] = script
        self.site.pages["/"] = (
            "<!doctype html><html lang='fr'><head><title>Espace client</title>"
            "<meta name='viewport' content='width=device-width'>"
            f"<script src='{bank}/widget.js' defer></script><script src='chat.js' defer></script></head>"
            f"<body><main><h1>Espace client</h1></main><contreseing-chat {attributes}></contreseing-chat></body>"
        )
        page = await self.windows.open(size, origins=[self.site.origin])
        await page.expose_function("vouch", self._vouch)
        await page.goto(self.site.origin)
        return page

    async def _vouch(self, challenge: str) -> str | None:
        """What the host's back end does for the person of its own session."""
        self.vouched.append(challenge)
        if self.person is None:
            return None
        asked = {
            "client_identifier": self.company.client,
            "user_number": self.person.user.number,
            "host": self.site.origin,
            "challenge": challenge,
        }
        node = self.company.node
        return str((await self.company.bank.post(node, "/v1/widget-tokens", asked, token=_CORE))["token"])


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("contreseing-chat iframe")
