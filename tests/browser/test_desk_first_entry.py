"""An adviser's first entry on the desk, and another authenticator when the first is lost."""

import re
from base64 import b32decode
from itertools import count
from typing import Final

import pytest_asyncio
from playwright.async_api import Page, expect

from approvals.credentials.counters import PERSON_ATTEMPTS
from approvals.credentials.totp import code_at, step_at
from approvals.model.adviser import HOUSE_CLIENT, Adviser, Colleague, Role
from approvals.model.ids import UserId
from approvals.model.person import Language, User, UserStatus
from approvals.ports.book import Ledger
from server.clock import SystemClock
from tests.browser.looking import check, problems
from tests.browser.sizes import DESKTOP, SMALL
from tests.browser.windows import Windows
from tests.flows.nodes import Bank
from tests.log_watch import never_log

CHOSEN: Final = "granit 5 verger lune"
_NUMBERS: Final = count(301)


@pytest_asyncio.fixture(loop_scope="session")
async def invited(bank: Bank) -> tuple[str, str]:
    """An adviser taken in, whose letter has come: number and secret."""
    number = str(next(_NUMBERS))
    house = await bank.house.book.reading(lambda ledger: ledger.people.subscription_named(HOUSE_CLIENT))
    assert house is not None
    user = User(
        id=UserId(f"usr_invited_{number}"),
        subscription_id=house.id,
        number=number,
        name="Inès Fabre",
        language=Language.FR,
        status=UserStatus.INVITED,
        code_hash=None,
        attempts_left=PERSON_ATTEMPTS,
    )

    async def work(ledger: Ledger) -> None:
        await ledger.advisers.enter(Colleague(user=user, adviser=Adviser(user_id=user.id, role=Role.ADVISER)))
        await ledger.activations.order(user.id, bank.house.clock.now())

    await bank.house.book.transaction(work)
    printed = await bank.house.ways_in.letters.print("api_key:printer", user.id)
    never_log(CHOSEN, printed.secret)
    return number, printed.secret


async def choose(page: Page, password: str, again: str) -> None:
    await page.get_by_label("Mot de passe que vous choisissez").fill(password)
    await page.get_by_label("Le même mot de passe").fill(again)
    await page.get_by_role("button", name="Choisir ce mot de passe").click()


async def shown_seed(page: Page) -> bytes:
    """Copy the key by hand, as who has no camera does."""
    await page.get_by_text("Pas d’appareil photo ?").click()
    text = re.sub(r"\s", "", await page.locator("ct-new-authenticator details code").inner_text())
    never_log(text)
    return b32decode(text + "=" * (-len(text) % 8))


def code_of(seed: bytes, *, steps: int = 0) -> str:
    return code_at(seed, step_at(SystemClock().now()) + steps)


async def confirm(page: Page, code: str) -> None:
    await page.get_by_label("Code affiché par l’application").fill(code)
    await page.get_by_role("button", name="Confirmer").dblclick()


async def recovery_codes(page: Page) -> list[str]:
    await page.get_by_role("heading", name="Vos codes de secours").wait_for()
    codes = await page.locator("ct-new-authenticator li code").all_inner_texts()
    never_log(*codes)
    return codes


async def test_a_letter_lets_an_adviser_choose_a_password_and_enrol_an_authenticator(
    windows: Windows, invited: tuple[str, str]
) -> None:
    number, secret = invited
    page = await windows.open(DESKTOP, forgiven=["422", "409"])
    await page.goto("/desk")
    await page.get_by_role("link", name="Première entrée").click()
    await page.get_by_label("Votre numéro").fill(number)
    await page.get_by_label("Code d’activation de la lettre").fill(secret.lower())
    await choose(page, CHOSEN, "granit 5 verger")
    await expect(page.get_by_role("alert").filter(has_text="ne sont pas les mêmes")).to_be_visible()
    await choose(page, "motdepasse123", "motdepasse123")
    await expect(page.get_by_role("alert").filter(has_text="trop facile à deviner")).to_be_visible()
    await check(page, "desk-first-entry-desktop")
    await choose(page, CHOSEN, CHOSEN)
    seed = await shown_seed(page)
    await confirm(page, f"{(int(code_of(seed)) + 1) % 1_000_000:06}")
    await expect(page.get_by_role("alert").filter(has_text="n’est pas le bon")).to_be_visible()
    await page.locator("ct-adviser-entry img").scroll_into_view_if_needed()
    await check(page, "desk-authenticator-desktop")
    await confirm(page, code_of(seed))
    codes = await recovery_codes(page)
    assert len(set(codes)) == 10
    await check(page, "desk-recovery-codes-desktop")
    await page.get_by_role("link", name="J’ai noté mes codes").click()
    await sign_in(page, number, totp=code_of(seed, steps=1))
    await expect(page.get_by_role("heading", name="À contresigner")).to_be_visible()
    await page.get_by_role("button", name="Quitter").click()
    await replace(page, number, codes[0])


async def replace(page: Page, number: str, recovery_code: str) -> None:
    """The phone is lost: in by a recovery code, which leads to another authenticator at once."""
    await page.get_by_role("button", name="Utiliser un code de secours").click()
    await sign_in(page, number, recovery_code=recovery_code)
    await expect(page.get_by_text("Un code de secours a servi à entrer")).to_be_visible()
    await page.get_by_role("button", name="Afficher un nouveau QR code").click()
    seed = await shown_seed(page)
    await confirm(page, code_of(seed))
    assert recovery_code not in await recovery_codes(page)
    await page.get_by_role("button", name="J’ai noté mes codes").click()
    await page.get_by_role("heading", name="Changer d’application").wait_for()
    await check(page, "desk-mine-desktop")
    await page.get_by_role("button", name="Quitter").click()
    await sign_in(page, number, totp=code_of(seed, steps=1))
    await expect(page.get_by_role("link", name="Inès Fabre")).to_be_visible()


async def sign_in(page: Page, number: str, **second: str) -> None:
    await page.locator("input[name=number]").fill(number)
    await page.locator("input[name=password]").fill(CHOSEN)
    for name, code in second.items():
        await page.locator(f"input[name={name}]").fill(code)
    await page.get_by_role("button", name="Entrer", exact=True).click()


async def test_a_wrong_letter_is_said_in_words(windows: Windows, invited: tuple[str, str]) -> None:
    number, _ = invited
    page = await windows.open(SMALL, forgiven=["40"])
    await page.goto("/desk/first")
    await page.get_by_label("Votre numéro").fill(number)
    await page.get_by_label("Code d’activation de la lettre").fill("0000-0000-0000-0000")
    await choose(page, CHOSEN, CHOSEN)
    await expect(page.get_by_role("alert").filter(has_text="Vérifiez votre numéro")).to_be_visible()
    assert await problems(page) == []
