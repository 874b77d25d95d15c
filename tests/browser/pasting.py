"""Pastes too much into a field, as people do: from the clipboard, by the keyboard."""

import time
from typing import Final

from playwright.async_api import Locator, expect

PASTED: Final = 2 * 1024 * 1024
"""Bytes: two for each letter."""
_PATIENCE: Final = 2.0
"""Seconds until a page must have drawn again; 2 MB that a page lays out take longer."""


async def paste(field: Locator, text: str) -> None:
    """Put the text on the clipboard, and paste it where the field's caret is."""
    await field.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await field.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    await field.focus()
    await field.page.keyboard.press("Control+V")


async def refuses_two_megabytes(field: Locator, most: int) -> None:
    """Paste far too much into the field: nothing of it is kept, the limit is said, and the page goes on."""
    before = await field.input_value()
    began = time.monotonic()
    await paste(field, "é" * (PASTED // 2))
    await field.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert time.monotonic() - began < _PATIENCE
    said = field.locator("xpath=following-sibling::*[@role='alert']").filter(has_text="au plus")
    await expect(said).to_have_text(f"{most:,} caractères au plus : rien n’a été ajouté.".replace(",", " "))
    await expect(field).to_have_value(before)
    await field.press("End")
    await field.press("1")
    await expect(field).to_have_value(f"{before}1")
    await expect(said).to_have_count(0)
