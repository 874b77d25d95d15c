"""An approval handed over to the person's card bridge: two digits on the screen, the signature on the PC."""

import base64
import re
from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Page, expect

from approvals.credentials.device import signed_bytes
from approvals.credentials.handover import Act, purpose
from approvals.model.device import DeviceKind
from approvals.model.ids import ActionId, HandoverId
from approvals.model.json import Json
from tests.browser.company import Company
from tests.browser.looking import check
from tests.browser.people import Signer
from tests.browser.sizes import DESKTOP
from tests.browser.windows import Windows
from tests.channels.stream import Enrolled
from tests.house import mine


@dataclass(frozen=True, slots=True)
class Bridge:
    """A PC of the signer's, paired past the screens, as it calls the bank."""

    company: Company
    device: Enrolled

    async def waiting(self) -> HandoverId:
        company, token = self.company, self.device.token
        match await company.bank.call("GET", company.node, "/v1/handovers", token=token):
            case {"items": [{"id": str(found)}]}:
                return HandoverId(found)
            case said:
                raise AssertionError(said)

    async def take(self, handover: HandoverId, digits: str) -> None:
        form: dict[str, Json] = {"digits": digits}
        await self._act(Act.TAKE, handover, "digits", form)

    async def answer(self, handover: HandoverId, code: str) -> None:
        form: dict[str, Json] = {"proof": {"method": "cap", "code": code}}
        await self._act(Act.ANSWER, handover, "answers", form)

    async def _act(self, act: Act, handover: HandoverId, path: str, form: dict[str, Json]) -> None:
        company, device = self.company, self.device
        nonce = str((await company.bank.post(company.node, "/v1/nonces"))["nonce"])
        signed = signed_bytes(purpose(act, handover), company.node.origin, nonce, device.device_id)
        signature = base64.urlsafe_b64encode(device.person.sign(signed)).rstrip(b"=").decode()
        proof = {"device": device.device_id, "nonce": nonce, "signature": signature}
        path = f"/v1/handovers/{handover}/{path}"
        await company.bank.reply("POST", company.node, path, {**form, "device": proof}, token=device.token)


@pytest_asyncio.fixture(loop_scope="session")
async def bridge(company: Company, anne: Signer) -> Bridge:
    device = await company.bank.device(anne.person)
    async with company.bank.database.transaction() as connection:
        await connection.execute("UPDATE devices SET kind = $2 WHERE id = $1", device.device_id, DeviceKind.BRIDGE)
    return Bridge(company, device)


async def asking(windows: Windows, signer: Signer, action: ActionId) -> tuple[Page, str]:
    """A screen that hands the approval over, and the digits it shows."""
    page = await windows.open(DESKTOP)
    await signer.come_in(page)
    await page.goto(f"/app/approvals/{action}")
    await page.get_by_role("button", name="Signer sur mon PC").dblclick()
    shown = page.get_by_role("status").filter(has_text=re.compile("^ *[0-9]{2} *$"))
    await shown.wait_for()
    return page, (await shown.inner_text()).strip()


async def test_an_approval_is_signed_on_the_pc_behind_two_digits(
    windows: Windows, anne: Signer, bridge: Bridge, company: Company
) -> None:
    action = await company.hold()
    page, digits = await asking(windows, anne, action)
    await check(page, "app-handover-fr")
    handover = await bridge.waiting()
    await bridge.take(handover, digits)
    await expect(page.get_by_text("Continuez sur votre PC")).to_be_visible()
    reader_input = mine(await company.bank.house.sheet(action), anne.person).reader_input
    await bridge.answer(handover, anne.person.wrong(reader_input).code)
    await expect(page.get_by_role("alert").filter(has_text="Recommencez sur votre PC")).to_be_visible()
    await bridge.answer(handover, anne.person.answer(reader_input).code)
    await expect(page.get_by_role("status").filter(has_text="Signée")).to_be_visible()


async def test_other_digits_end_it_and_it_can_be_asked_again(
    windows: Windows, anne: Signer, bridge: Bridge, company: Company
) -> None:
    page, digits = await asking(windows, anne, await company.hold())
    await bridge.take(await bridge.waiting(), f"{(int(digits) + 1) % 100:02}")
    await expect(page.get_by_text("La signature sur PC s’est arrêtée")).to_be_visible()
    await page.get_by_role("button", name="Signer sur mon PC").click()
    await expect(page.get_by_text("tapez ceux-ci")).to_be_visible()


async def test_without_a_pc_nothing_is_offered(windows: Windows, anne: Signer, company: Company) -> None:
    page = await windows.open(DESKTOP)
    action = await company.hold()
    await anne.come_in(page)
    async with page.expect_response("**/v1/devices"):
        await page.goto(f"/app/approvals/{action}")
    await page.get_by_role("button", name="Refuser").wait_for()
    await expect(page.get_by_role("button", name="Signer sur mon PC")).to_have_count(0)
