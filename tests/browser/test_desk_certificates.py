"""Certificates on the adviser's desk: a company's orders and certificates, and the authorities the bank accepts."""

from datetime import timedelta

from playwright.async_api import expect

from approvals.model.adviser import Role
from approvals.model.certificate import Certificate, CertificateStatus, Holder, Level
from approvals.model.ids import CertificateId
from approvals.ports.book import Ledger
from server.clock import SystemClock
from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.people import Banker, make_banker
from tests.browser.sizes import DESKTOP
from tests.browser.windows import Windows
from tests.flows.nodes import Bank
from tests.pki import open_authority


async def hold_certificate(bank: Bank, company: Company) -> str:
    """Write a certificate of Anne's, and its authority; return the authority's name."""
    now, authority = SystemClock().now(), open_authority().entry(ocsp_url="http://ocsp.test/")
    certificate = Certificate(
        id=CertificateId(f"crt_{company.client}"),
        user_id=company.anne.user.id,
        authority_id=authority.id,
        der=company.client.encode(),
        thumbprint=company.client.ljust(43, "A"),
        holder=Holder(serial_number=company.client, given_name="Anne", surname="MORVAN", siren="552100554"),
        level=Level.TWO_STARS,
        uses=authority.uses,
        not_before=now,
        not_after=now + timedelta(days=700),
        status=CertificateStatus.ACTIVE,
        enrolled_at=now,
    )

    async def work(ledger: Ledger) -> None:
        await ledger.authorities.put(authority)
        await ledger.certificates.put(certificate)

    await bank.house.book.transaction(work)
    return authority.name


async def test_a_certificate_is_ordered_followed_and_removed_from_a_companys_page(
    windows: Windows, bank: Bank, company: Company, banker: Banker
) -> None:
    authority = await hold_certificate(bank, company)
    page = await windows.open(DESKTOP, forgiven=["409"])
    await banker.come_in(page)
    await page.goto(f"/desk/companies/{company.client}")
    certificates = page.locator("ct-company-certificates")
    order = certificates.get_by_role("button", name="Noter la demande")
    await certificates.get_by_label("Titulaire").select_option(label=company.bruno.user.name)
    await order.click()
    await expect(certificates.get_by_text("Demandée")).to_be_visible()
    await order.click()
    await expect(certificates.get_by_role("alert").filter(has_text="déjà en cours")).to_be_visible()
    await certificates.get_by_role("button", name="Noter : commandée").click()
    await expect(certificates.get_by_text("Commandée à la boutique")).to_be_visible()
    await certificates.get_by_role("button", name="Retirer le certificat").click()
    await certificates.scroll_into_view_if_needed()
    await check(page, "desk-certificates-desktop")
    await certificates.get_by_role("button", name="Retirer maintenant").click()
    await expect(certificates.get_by_role("listitem").filter(has_text=authority)).to_contain_text("retiré")
    await page.get_by_role("link", name="Autorités").click()
    await expect(page.locator("ct-authorities li").filter(has_text=authority).first).to_contain_text("Acceptée")
    await check(page, "desk-authorities-desktop")


async def test_an_auditor_reads_certificates_and_changes_none(windows: Windows, bank: Bank, company: Company) -> None:
    authority = await hold_certificate(bank, company)
    page = await windows.open(DESKTOP)
    auditor = await make_banker(bank, "751", "Inès Fabre", Role.AUDITOR)
    await auditor.come_in(page)
    await page.goto(f"/desk/companies/{company.client}")
    certificates = page.locator("ct-company-certificates")
    await expect(certificates.get_by_text(authority)).to_be_visible()
    await expect(certificates.get_by_role("button")).to_have_count(0)
