"""Words of others, such as run where a page takes them for its own: where they are kept, and how a page shows them."""

import re
from typing import Any, Final

from playwright.async_api import Frame, Page

from tests.browser.company import Company

_PICTURE: Final = "<img src onerror=ran=1>"
_SCRIPT: Final = f"{_PICTURE}<svg onload=ran=1><script>ran=1</script>"
TURNED: Final = "\u202egnp.exe"
"""Turns round what follows, where it is not kept apart."""

_KEPT: Final = {
    "personne": "UPDATE users SET name = $2 WHERE subscription_id = $1",
    "société": "UPDATE subscriptions SET name = $2 WHERE id = $1",
    "compte": "UPDATE accounts SET label = $2 WHERE subscription_id = $1",
    "conseiller": "UPDATE users SET name = $2 WHERE id IN (SELECT adviser_id FROM subscriptions WHERE id = $1)",
    "appareil": "UPDATE devices SET name = $2 WHERE user_id IN (SELECT id FROM users WHERE subscription_id = $1)",
    "autorité": """UPDATE authorities SET name = $2 WHERE id IN (
        SELECT authority_id FROM certificates JOIN users ON users.id = user_id WHERE subscription_id = $1)""",
}
WRITTEN: Final = frozenset(_KEPT)
_SUBSTITUTION: Final = """INSERT INTO substitutions (id, subscription_id, absent_id, substitute_id, first_day, last_day)
    VALUES ($1, $2, $3, $4, '2026-01-01', '2099-12-31')"""

_READ: Final = """() => {
  const around = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
  const isolating = (node) => {
    let at = around(node);
    while (at.localName !== 'option' && !/isolate|plaintext/.test(getComputedStyle(at).unicodeBidi)) at = around(at);
    return at;
  };
  const isIn = (name, node) => {
    for (let at = around(node); at; at = around(at)) if (at.localName === name) return true;
    return false;
  };
  const found = [];
  const read = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.shadowRoot) read(node.shadowRoot);
      if (node.nodeType !== Node.TEXT_NODE || !node.data.includes('onerror=')) continue;
      const apart = isolating(node);
      const isApart = apart.textContent.trim() === node.data.trim();
      found.push({ text: node.data, isApart, by: apart.localName, isMain: isIn('main', node) });
    }
  };
  read(document.body);
  const made = [...document.querySelectorAll('img, svg[onload]')].length;
  return { found, ran: made > 0 || 'ran' in window };
}"""
"""Every text of ours to be found, whether it stands apart (UAX #9, isolates; a browser draws each option by
itself), and whether anything of it ran."""


def word(name: str) -> str:
    """The text that stands in the field of this name: 63 characters and the name, where 70 are taken."""
    return f"{name} {_SCRIPT}"


def short_word(name: str) -> str:
    """The same where 35 are taken."""
    return f"{name} {_PICTURE}"


async def write_into(company: Company) -> None:
    """Put such words into each field of the company's that somebody fills, past the forms that refuse some of it."""
    async with company.bank.database.transaction() as connection:
        absent, substitute = company.anne.user.id, company.bruno.user.id
        await connection.execute(_SUBSTITUTION, f"sst_{company.client}", company.id, absent, substitute)
        for name, statement in _KEPT.items():
            await connection.execute(statement, company.id, word(name) + TURNED)


async def words_on(page: Page | Frame) -> set[str]:
    """The fields whose words the page's main part shows.

    Fails where any on the page ran, or may turn round what stands beside it.
    """
    read: dict[str, Any] = await page.evaluate(_READ)
    assert not read["ran"], page.url
    turning = [each for each in read["found"] if "\u202e" in each["text"] and not each["isApart"]]
    assert turning == [], f"{page.url}: {turning}"
    told = [each["text"] for each in read["found"] if each["isMain"]]
    return {name for text in told for name in re.findall(r"(\w+) <img src onerror", text)}
