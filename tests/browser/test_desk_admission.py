"""Certificates admitted on the desk, and the authorities whose certificates count kept there."""

from dataclasses import replace

import pytest_asyncio
from cryptography.hazmat.primitives.hashes import SHA256
from playwright.async_api import Page, expect

from approvals.model.ids import AuthorityId
from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.people import Banker
from tests.browser.sizes import DESKTOP, SMALL
from tests.browser.staff import another, asked, countersign
from tests.browser.windows import Windows
from tests.flows.nodes import Bank
from tests.pki import Issued, IssuingAuthority, Wish, open_authority

_NOBODY = "http://127.0.0.1:9/"  # nothing answers there
_SIREN = "552100554"  # of every company of these tests


@pytest_asyncio.fixture(loop_scope="session")
async def colleague(bank: Bank) -> Banker:
    """Another supervisor, who may countersign."""
    return await another(bank, "Karim Belaïd")


async def accepted(bank: Bank, company: Company) -> IssuingAuthority:
    """An authority the bank accepts, whose responder is silent."""
    authority = open_authority(f"AC {company.client}")
    entry = authority.entry(ocsp_url=_NOBODY)
    entry = replace(entry, id=AuthorityId(f"aut_{company.client}"), name=f"AC {company.client}")
    await bank.house.book.transaction(lambda ledger: ledger.authorities.put(entry))
    return authority


def of(company: Company, given_name: str, siren: str = _SIREN) -> Wish:
    return Wish(given_name=given_name, surname="MORVAN", siren=siren, serial_number=f"IDCFR-{company.client}")


async def paste(page: Page, issued: Issued) -> None:
    await page.get_by_label("Certificat de la personne").fill(issued.pem.decode())
    await page.get_by_role("button", name="Vérifier").click()


async def test_a_certificate_named_otherwise_is_judged_in_words_and_admitted_by_two(
    windows: Windows, bank: Bank, company: Company, banker: Banker, colleague: Banker
) -> None:
    authority = await accepted(bank, company)
    first, second = await windows.open(DESKTOP), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.goto(f"/desk/companies/{company.client}/{company.anne.user.number}")
    await paste(first, authority.issue(of(company, "Anne Sophie")))
    await expect(first.get_by_text("Il est au nom d'une autre personne.")).to_be_visible()
    await expect(first.get_by_text("Anne Sophie MORVAN")).to_be_visible()
    ask = first.get_by_role("button", name="Demander l’admission")
    await check(first, "desk-admission-desktop", shows=ask)
    await ask.dblclick()
    act = await asked(first)
    await colleague.come_in(second)
    await second.goto(act)
    await expect(second.get_by_text("Anne Sophie MORVAN")).to_be_visible()
    await countersign(second, colleague, act)
    await expect(second.locator("ct-act")).to_contain_text("Contresignée")


async def test_what_no_admission_can_override_is_offered_none(
    windows: Windows, bank: Bank, company: Company, banker: Banker
) -> None:
    authority = await accepted(bank, company)
    page = await windows.open(SMALL)
    await banker.come_in(page)
    await page.goto(f"/desk/companies/{company.client}/{company.anne.user.number}")
    for issued, told in (
        (authority.issue(of(company, "Anne", siren="732829320")), "Il est au nom d'une autre entreprise."),
        (open_authority("AC inconnue").issue(of(company, "Anne")), "n'est pas acceptée par la banque"),
    ):
        await paste(page, issued)
        await expect(page.get_by_text(told)).to_be_visible()
        await expect(page.get_by_text("Aucune admission ne peut passer outre.")).to_be_visible()
        await expect(page.get_by_role("button", name="Demander l’admission")).to_have_count(0)
    await check(page, "desk-admission-never-small", shows=page.get_by_text("Aucune admission"))


async def test_an_authority_is_accepted_changed_and_withdrawn(
    windows: Windows, bank: Bank, company: Company, banker: Banker, colleague: Banker
) -> None:
    name, third = f"AC {company.client}", await another(bank, "Salomé Petit")
    authority = open_authority(name)
    fingerprint = authority.certificate.fingerprint(SHA256()).hex(":").upper()
    first, second = await windows.open(DESKTOP, forgiven=["422"]), await windows.open(DESKTOP)
    await banker.come_in(first)
    await first.get_by_role("link", name="Autorités").click()
    await first.get_by_role("link", name="Accepter une autorité").click()
    await first.get_by_label("Nom de l’autorité").fill(name)
    await first.get_by_label("Certificat de l’autorité").fill(authority.issued.pem.decode())
    await first.get_by_label("Identifiant de la politique").fill("RGS deux étoiles")
    await first.get_by_label("Adresse du répondeur OCSP").fill(_NOBODY)
    await first.get_by_role("button", name="Demander").click()
    await expect(first.get_by_text("une suite de nombres séparés par des points")).to_be_visible()
    await first.get_by_label("Identifiant de la politique").fill("1.2.250.1.999.1.2")
    await first.get_by_role("heading", name="Accepter une autorité").scroll_into_view_if_needed()
    await check(first, "desk-authority-new-desktop")
    await first.get_by_role("button", name="Demander").dblclick()
    await first.wait_for_url("**/desk/acts/*")
    await expect(first.locator("ct-act")).to_contain_text(fingerprint)
    await colleague.come_in(second)
    await countersign(second, colleague, first.url)
    await change(first, name)
    await withdraw(first, name)
    act = await asked(first)
    await third.come_in(second)
    await countersign(second, third, act)
    await second.goto("/desk/authorities")
    kept = second.get_by_role("listitem").filter(has_text=name)
    await expect(kept).to_contain_text("Retirée le")
    await expect(kept).to_contain_text(fingerprint)


async def change(page: Page, name: str) -> None:
    """Ask for a policy more; the act shows what was beside what will be."""
    await page.goto("/desk/authorities")
    await page.get_by_role("listitem").filter(has_text=name).get_by_role("link", name="Modifier").click()
    await expect(page.get_by_label("Nom de l’autorité")).to_have_value(name)
    await expect(page.get_by_label("Certificat de l’autorité")).to_have_count(0)
    await page.get_by_role("button", name="Ajouter une politique").click()
    await page.get_by_label("Identifiant de la politique").nth(1).fill("1.2.250.1.999.1.3")
    await page.get_by_label("Niveau").nth(1).select_option("***")
    await page.get_by_role("button", name="Demander").click()
    await page.wait_for_url("**/desk/acts/*")
    await expect(page.locator("ct-act")).to_contain_text("1.2.250.1.999.1.3")


async def withdraw(page: Page, name: str) -> None:
    await page.goto("/desk/authorities")
    row = page.get_by_role("listitem").filter(has_text=name)
    await row.get_by_role("button", name="Retirer l’autorité").click()
    await row.get_by_role("button", name="Demander").click()
