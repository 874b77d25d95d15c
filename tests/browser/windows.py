"""Windows on the bank, each a device of its own, and what a test may expect of every page in them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Literal

from playwright.async_api import Browser, Page, expect

from tests.browser.sizes import Size
from tests.browser.watching import Watch

_PATIENCE: Final = 30_000
"""Milliseconds: a busy machine is slow, and what is waited for ends the wait."""
_ADDRESSES: Final = count(1)
expect.set_options(timeout=_PATIENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Opens windows, each in a context of its own: other cookies, other storage."""

    browser: Browser
    origin: str
    stack: AsyncExitStack
    watches: list[Watch] = field(default_factory=list)

    async def open(
        self,
        size: Size,
        *,
        locale: Literal["fr-FR", "en-GB"] = "fr-FR",
        scheme: Literal["light", "dark"] = "light",
        origins: Sequence[str] = (),
        forgiven: Sequence[str] = (),
    ) -> Page:
        """Return an empty page; `goto("/app")` is the bank's.

        `origins` may be asked besides the bank's; a complaint that holds one of the `forgiven` texts is none.
        """
        context = await self.browser.new_context(
            base_url=self.origin,
            viewport={"width": size.width, "height": size.height},
            has_touch=size.touch,
            is_mobile=size.touch,
            locale=locale,
            timezone_id="Europe/Paris",
            color_scheme=scheme,
            reduced_motion="reduce",
            extra_http_headers={"X-Forwarded-For": _address()},
        )
        self.stack.push_async_callback(context.close)
        context.set_default_timeout(_PATIENCE)
        watch = Watch([self.origin, *origins], forgiven)
        watch.keep_an_eye_on(context)
        self.watches.append(watch)
        return await context.new_page()

    @property
    def complaints(self) -> list[str]:
        """What went wrong in any window so far."""
        return [complaint for watch in self.watches for complaint in watch.seen]


@asynccontextmanager
async def windows_on(browser: Browser, origin: str) -> AsyncIterator[Windows]:
    """Open windows on the bank at this origin; close them all after, and fail for any complaint."""
    async with AsyncExitStack() as stack:
        windows = Windows(browser=browser, origin=origin, stack=stack)
        yield windows
    assert windows.complaints == [], windows.complaints


def _address() -> str:
    """Each window comes from an address of its own, so that one test's wrong codes slow no other."""
    high, low = divmod(next(_ADDRESSES), 250)
    return f"10.0.{high}.{low + 1}"
