"""Looks at a page as people with few pixels, a thumb or a screen reader meet it; takes its picture where asked.

axe-core runs in an isolated world by CDP, in every frame: the page's own policy stays as strict as people get it.
"""

import functools
import json
import os
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Error, Locator, Page

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "screens"
TAKES_PICTURES = "CONTRESEING_SCREENS"
"""With this in the environment (`make screens`) `check` leaves pictures; without it a run changes no file."""


async def check(page: Page, name: str, *, shows: Locator | None = None) -> None:
    """Assert that the page as it is now has nothing for axe-core to say, fits its width and can be touched.

    The picture has what it `shows` in its middle, where the page is longer than the window.
    """
    await page.wait_for_load_state()
    if shows is not None:
        await shows.evaluate("(shown) => shown.scrollIntoView({ block: 'center' })")
    if TAKES_PICTURES in os.environ:
        PICTURES.mkdir(exist_ok=True)
        await page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")
    found = await problems(page)
    assert found == [], f"{name}: {found}"


async def problems(page: Page) -> list[str]:
    """What is wrong with the page, a line each, its frames included."""
    session = await page.context.new_cdp_session(page)
    tree = (await session.send("Page.getFrameTree"))["frameTree"]
    found = [problem for frame in _frames(tree) for problem in await _look(session, frame, page)]
    for frame in page.frames[1:]:
        found += await _look_apart(page, frame)
    await session.detach()
    return found


async def _look_apart(page: Page, frame: Any) -> list[str]:  # noqa: ANN401  # a Frame, which new_cdp_session types as Page
    """Look into a frame that has a process of its own, as another site's has."""
    try:
        session = await page.context.new_cdp_session(frame)
    except Error:
        return []  # a frame of the page's own process: seen with the page
    tree = (await session.send("Page.getFrameTree"))["frameTree"]
    found = await _look(session, tree["frame"]["id"], page)
    await session.detach()
    return found


def _frames(tree: dict[str, Any]) -> list[str]:
    own: str = tree["frame"]["id"]
    return [own, *(frame for child in tree.get("childFrames", ()) for frame in _frames(child))]


async def _look(session: CDPSession, frame: str, page: Page) -> list[str]:
    made = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "looking"})
    world: int = made["executionContextId"]
    await _evaluate(session, world, _axe())
    violations = json.loads(await _evaluate(session, world, _RUN))
    touched = "true" if await page.evaluate("navigator.maxTouchPoints > 0") else "false"
    stumbled = json.loads(await _evaluate(session, world, f"JSON.stringify(({_stumbling()})({touched}))"))
    return [*(f"{each['id']}: {each['help']}: {' | '.join(each['nodes'])}" for each in violations), *stumbled]


_RUN = """
axe.run(document, { resultTypes: ['violations'], iframes: false }).then(({ violations }) => JSON.stringify(
  violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html }) => html.slice(0, 200)) })),
))
"""


async def _evaluate(session: CDPSession, world: int, expression: str) -> str:
    asked = {"expression": expression, "contextId": world, "awaitPromise": True, "returnByValue": True}
    answered = await session.send("Runtime.evaluate", asked)
    assert "exceptionDetails" not in answered, answered["exceptionDetails"]
    return str(answered["result"].get("value", ""))


@functools.cache
def _axe() -> str:
    return (ROOT / "channels/web/node_modules/axe-core/axe.min.js").read_text("utf-8") + ";undefined"


@functools.cache
def _stumbling() -> str:
    text = Path(__file__).with_suffix(".js").read_text("utf-8")
    return text[text.index("(isTouched)") :].rstrip().removesuffix(";")
