"""A PKCS#12 file imported into a browser, on a page of its own, and what is signed with its key (RULES 15)."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.async_api import FilePayload, Page, expect

from approvals.model.certificate import Certificate, CertificateStatus
from server.clock import SystemClock
from tests.browser.certificate_files import (
    PASSWORD,
    Authorities,
    accepted_authority,
    as_file,
    ec_key,
    offer,
    rsa_key,
)
from tests.browser.company import Company, found_company
from tests.browser.foreign_words import TURNED, word, words_on
from tests.browser.looking import check
from tests.browser.people import Signer
from tests.browser.sizes import DESKTOP, PHONE, SMALL
from tests.browser.windows import Windows
from tests.certified import BY_CERTIFICATE, BY_EITHER
from tests.holders import ANNE, held
from tests.house import CODE
from tests.pki import ONE_STAR, TWO_STARS, PrivateKey, open_authority

KEYS = """async () => {
  if ((await indexedDB.databases()).length === 0) return [];
  const request = indexedDB.open('contreseing');
  await new Promise((resolve) => (request.onsuccess = resolve));
  const all = request.result.transaction('shelf').objectStore('shelf').getAll();
  await new Promise((resolve) => (all.onsuccess = resolve));
  request.result.close();
  const keys = all.result.map(({ key }) => key).filter((key) => key instanceof CryptoKey);
  const out = (key) => Promise.allSettled(['pkcs8', 'jwk', 'raw'].map((form) => crypto.subtle.exportKey(form, key)));
  const isOut = async (key) => (await out(key)).some(({ status }) => status === 'fulfilled');
  const told = async (key) => [key.type, key.extractable, await isOut(key)];
  return Promise.all(keys.map(told));
}"""
"""Of each key kept for a certificate: its kind, whether it says that it can be read out, whether it can."""


@pytest_asyncio.fixture(loop_scope="session")
async def authority(company: Company) -> AsyncIterator[Authorities]:
    async with accepted_authority(company) as accepted:
        yield accepted


async def at_the_page(windows: Windows, signer: Signer, *, forgiven: tuple[str, ...] = ()) -> Page:
    page = await windows.open(PHONE, forgiven=forgiven)
    await signer.come_in(page, with_card=True)
    await page.goto("/certificate-file")
    await page.get_by_role("heading", name="Importer un certificat").wait_for()
    return page


async def certificates_of(company: Company, signer: Signer) -> list[Certificate]:
    return await held(company.bank.house, signer.person.user.id)


@pytest.mark.parametrize(
    ("make", "seal"), [(ec_key, "modern"), (rsa_key, "modern"), (ec_key, "legacy"), (rsa_key, "legacy")]
)
async def test_what_is_imported_signs_with_the_confidential_code_and_cannot_be_read_out(
    windows: Windows, company: Company, anne: Signer, authority: Authorities, make: Callable[[], PrivateKey], seal: str
) -> None:
    await company.let_sign(BY_EITHER)
    page = await at_the_page(windows, anne)
    await offer(page, authority.file(authority.issue(make()), seal))
    await expect(page.get_by_text("Ce navigateur garde maintenant la clé")).to_be_visible()
    assert await page.evaluate(KEYS) == [["private", False, False]]
    assert [each.in_browser for each in await certificates_of(company, anne)] == [True]
    action = await company.hold_chequebook()
    await page.goto(f"/app/approvals/{action}")
    await page.get_by_label("Code confidentiel").fill(CODE)
    await page.locator("ct-key-form").get_by_role("button", name="Signer").click()
    await expect(page.get_by_text("Signée")).to_be_visible()


async def test_a_wrong_confidential_code_is_counted_and_signs_nothing(
    windows: Windows, company: Company, anne: Signer, authority: Authorities
) -> None:
    await company.let_sign(BY_CERTIFICATE)
    page = await at_the_page(windows, anne)
    await check(page, "certificate-file-fr")
    await offer(page, authority.file(authority.issue()))
    await expect(page.get_by_text("Ce navigateur garde maintenant la clé")).to_be_visible()
    await check(page, "certificate-file-done-fr")
    action = await company.hold_file()
    await page.goto(f"/app/approvals/{action}")
    code, send = page.get_by_label("Code confidentiel"), page.get_by_role("button", name="Signer")
    await code.fill("000000")
    await send.click()
    await expect(page.get_by_role("alert").filter(has_text="Il reste 2 essais")).to_be_visible()
    assert await company.status_of(action) == "pending"
    user = await company.bank.house.user(anne.person)
    assert user.attempts_left == 4
    await page.locator("ct-key-form").scroll_into_view_if_needed()
    await check(page, "app-browser-key-fr")
    await code.fill(CODE)
    await send.click()
    await expect(page.get_by_text("Signée")).to_be_visible()


async def test_whoever_has_no_key_here_is_told_where_to_import_one(
    windows: Windows, company: Company, anne: Signer, authority: Authorities
) -> None:
    await company.let_sign(BY_CERTIFICATE)
    first = await at_the_page(windows, anne)
    await offer(first, authority.file(issued := authority.issue()))
    await expect(first.get_by_text("Ce navigateur garde maintenant la clé")).to_be_visible()
    other = await windows.open(DESKTOP, forgiven=["409"])
    await anne.come_in(other)
    await other.goto(f"/app/approvals/{await company.hold_chequebook()}")
    await expect(other.locator("ct-key-form form")).to_have_count(0)
    await other.get_by_role("link", name="Importer un certificat dans ce navigateur").click()
    await offer(other, authority.file(issued))
    await expect(other.get_by_text("Ce navigateur garde maintenant la clé")).to_be_visible()
    assert len(await certificates_of(company, anne)) == 1


async def test_each_file_that_gives_no_key_is_told_why(windows: Windows, anne: Signer, authority: Authorities) -> None:
    page = await at_the_page(windows, anne)
    good = authority.issue()
    reused = authority.issue(good.key)
    weak, curve = rsa_key(1024), ec_key(ec.SECP384R1())
    files: list[tuple[FilePayload, str, str]] = [
        (authority.file(good), "pas le bon", "pas le mot de passe de ce fichier"),
        (authority.file(good, "legacy"), "", "pas le mot de passe de ce fichier"),
        (as_file(good.der), PASSWORD, "pas un fichier PKCS#12"),
        (as_file(b""), PASSWORD, "pas un fichier PKCS#12"),
        (as_file(b"\x30" * 3000), PASSWORD, "pas un fichier PKCS#12"),
        (as_file(authority.file(good)["buffer"][:-200]), PASSWORD, "pas un fichier PKCS#12"),
        (as_file(bytes(64 * 1024 + 1)), PASSWORD, "dépasse 64 Ko"),
        (authority.without_key(good), PASSWORD, "pas de clé privée"),
        (authority.file(good, others=[reused]), PASSWORD, "plusieurs clés ou plusieurs certificats"),
        (authority.file(authority.issue(weak)), PASSWORD, "moins de 2048 bits"),
        (authority.file(authority.issue(curve)), PASSWORD, "pas d’un type admis"),
    ]
    for file, password, words in files:
        await offer(page, file, password)
        await expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
        assert await page.locator("input[name=password]").input_value() == ""
    await check(page, "certificate-file-refused-fr", shows=page.get_by_role("button", name="Importer"))
    assert await page.evaluate("indexedDB.databases().then((found) => found.length)") == 0 or not await page.evaluate(
        KEYS
    )


async def test_each_certificate_the_bank_does_not_take_is_told_why_and_its_key_not_kept(
    windows: Windows, company: Company, anne: Signer, authority: Authorities
) -> None:
    page = await at_the_page(windows, anne, forgiven=("422",))
    yesterday = SystemClock().now() - timedelta(days=1)
    stranger = open_authority("AC inconnue").issue(replace(ANNE, policies=(ONE_STAR,)))
    for issued, words in (
        (authority.issue(policies=(TWO_STARS,)), "RGS ** ou ***"),
        (authority.issue(not_after=yesterday), "Il a expiré"),
        (authority.issue(given_name="Bruno", surname="KELLER"), "au nom d'une autre personne"),
        (stranger, "n'est pas acceptée par la banque"),
    ):
        await offer(page, authority.file(issued))
        await expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    assert await certificates_of(company, anne) == []
    assert await page.evaluate(KEYS) == []


async def test_a_certificate_under_another_user_number_is_told_so(
    windows: Windows, company: Company, anne: Signer, authority: Authorities
) -> None:
    file = authority.file(authority.issue())
    page = await at_the_page(windows, anne)
    await offer(page, file)
    await expect(page.get_by_text("Ce navigateur garde maintenant la clé")).to_be_visible()
    elsewhere = await found_company(company.bank, company.node)
    other = await at_the_page(windows, Signer(elsewhere, elsewhere.anne), forgiven=("409",))
    await offer(other, file)
    await expect(other.get_by_role("alert").filter(has_text="sous un autre numéro d’utilisateur")).to_be_visible()
    assert await other.evaluate(KEYS) == []


async def test_a_key_is_imported_after_a_sign_in_with_the_card_and_no_other(
    windows: Windows, anne: Signer, authority: Authorities
) -> None:
    page = await windows.open(SMALL, locale="en-GB", forgiven=("403",))
    await page.goto("/certificate-file")
    await expect(page.get_by_text("Sign in with your card and reader first")).to_be_visible()
    await check(page, "certificate-file-nobody-en")
    await anne.come_in(page)
    await page.goto("/certificate-file")
    await offer(page, authority.file(authority.issue()))
    await expect(page.get_by_role("alert").filter(has_text="Sign in again, with your card")).to_be_visible()
    assert await page.evaluate(KEYS) == []


async def test_a_key_is_taken_out_again_and_the_certificate_with_it(
    windows: Windows, company: Company, anne: Signer, authority: Authorities
) -> None:
    page = await at_the_page(windows, anne)
    await offer(page, authority.file(authority.issue()))
    await page.get_by_role("button", name="Retirer").click()
    await page.get_by_role("button", name="Confirmer : retirer").click()
    await expect(page.get_by_text("Clés gardées par ce navigateur")).to_have_count(0)
    assert await page.evaluate(KEYS) == []
    assert [each.status for each in await certificates_of(company, anne)] == [CertificateStatus.REMOVED]


async def test_a_script_in_a_certificates_names_is_shown_as_it_is_written(
    windows: Windows, company: Company, anne: Signer, authority: Authorities
) -> None:
    page = await at_the_page(windows, anne)
    await offer(page, authority.file(authority.issue()))
    await expect(page.get_by_text("Ce navigateur garde maintenant la clé")).to_be_visible()
    async with company.bank.database.transaction() as connection:
        for field in ("given_name", "surname"):
            statement = f"UPDATE certificates SET {field} = $2 WHERE user_id = $1"  # noqa: S608  # of these two names
            await connection.execute(statement, anne.person.user.id, word(field) + TURNED)
    await page.reload()
    await page.locator("ct-kept-keys li").wait_for()
    assert await words_on(page) == {"given_name", "surname"}


async def test_the_key_opens_the_door_with_the_confidential_code_and_not_without(
    windows: Windows, anne: Signer, authority: Authorities
) -> None:
    page = await at_the_page(windows, anne, forgiven=("401",))
    await offer(page, authority.file(authority.issue()))
    await expect(page.get_by_text("Ce navigateur garde maintenant la clé")).to_be_visible()
    await page.context.clear_cookies()
    await page.goto("/app")
    await anne.type_identity(page)
    await page.get_by_role("tab", name="Certificat").click()
    await expect(page.get_by_label("Certificat de")).to_have_text("Anne Morvan")
    await check(page, "app-sign-in-certificate-fr")
    code, send = page.locator("input[name=code]"), page.locator("form button.main")
    await code.fill("739165")
    await send.click()
    await expect(page.get_by_role("alert").filter(has_text="ne permettent pas d’entrer")).to_be_visible()
    await code.fill(CODE)
    await send.click()
    await expect(page.get_by_role("heading", name="À signer")).to_be_visible()
