"""Words of others in a payment file: shown as they are written from the chat to the signature, or refused there."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import pytest
from playwright.async_api import FilePayload, Page, expect

from deploy.demo.make_remittance import Batch, french_iban, remittance
from server.clock import SystemClock
from tests.browser.company import Company
from tests.browser.foreign_words import TURNED, short_word, word, words_on
from tests.browser.people import Signer
from tests.browser.sizes import PHONE
from tests.browser.windows import Windows

REFERENCE: Final = b"<RmtInf><Ustrd>Facture 1</Ustrd></RmtInf>"
BLOCK: Final = "<svg onload=ran=1>"


def written(text: str) -> bytes:
    """A payment's reference, as a file carries it."""
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    return f"<RmtInf><Ustrd>{escaped}</Ustrd></RmtInf>".encode()


def file(company: Company, payees: Sequence[str], *, debtor: str, reference: str = "Facture 1") -> FilePayload:
    """A file of today with these payees, under a name that is a trick itself."""
    batch = Batch(
        id=BLOCK,
        orders=len(payees),
        debtor_name=debtor,
        debtor_iban=company.iban,
        execution_date=(SystemClock().now() + timedelta(days=1)).date(),
        payees=[(name, french_iban(60_000 + n)) for n, name in enumerate(payees)],
    )
    content = b"".join(remittance(short_word("lot"), [batch])).replace(REFERENCE, written(reference))
    assert written(reference) in content
    return FilePayload(name=f"{word('fichier')}{TURNED}.xml", mimeType="text/xml", buffer=content)


async def drop(windows: Windows, signer: Signer, dropped: FilePayload) -> Page:
    page = await windows.open(PHONE, forgiven=["422"])
    await signer.come_in(page)
    await page.goto("/app/chat")
    await page.locator("ct-chat input[type=file]").set_input_files(files=[dropped])
    return page


async def test_a_script_in_a_payment_file_is_shown_as_it_is_written_until_it_is_signed(
    windows: Windows, anne: Signer, company: Company
) -> None:
    debtor, reference = word("débiteur"), word("référence")
    page = await drop(windows, anne, file(company, [word("payé")], debtor=debtor, reference=reference))
    confirm = page.get_by_role("button", name="Confirmer et demander la signature")
    await confirm.wait_for()
    shown = await words_on(page)
    assert shown == {"fichier", "lot", "payé"}
    await confirm.click()
    card = page.locator("ct-action-card")
    await expect(card.get_by_text("En attente de signature")).to_be_visible()
    await words_on(page)
    await page.goto(f"/app/approvals/{await card.evaluate('(card) => card.action')}")
    await page.get_by_role("button", name="Voir tous les bénéficiaires").click()
    await page.locator("ct-payees li").wait_for()
    assert await words_on(page) == {"lot", "payé"}
    await expect(page.get_by_text(word("payé"))).to_have_count(2)  # in what is signed, and in the list


@pytest.mark.parametrize("where", ["payee", "debtor", "reference"])
async def test_a_trick_in_a_payment_file_is_refused_with_what_to_do(
    windows: Windows, anne: Signer, company: Company, where: str
) -> None:
    tricky = {"payee": "Zoé", "debtor": "Martin", "reference": "Facture"}
    tricky[where] += TURNED
    dropped = file(company, [tricky["payee"]], debtor=tricky["debtor"], reference=tricky["reference"])
    page = await drop(windows, anne, dropped)
    refused = page.get_by_role("alert").filter(has_text="Ce fichier ne peut pas être pris (character_refused)")
    await expect(refused).to_be_visible()
    await expect(page.get_by_role("button", name="Confirmer et demander la signature")).to_have_count(0)
    assert await words_on(page) == {"fichier"}
