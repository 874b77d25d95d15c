"""The person of the demo: reads the phone, types on the reader, copies the digits back. Digits travel as typed text."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import aiohttp

from deploy.demo.make_remittance import DEBTOR_IBAN, Batch, french_iban, remittance
from deploy.demo.places import CONFIDENTIAL_CODE, PIN, Places
from deploy.demo.processes import Child, WalkFailed
from deploy.demo.telling import Telling
from server.clock import SystemClock

_PAYEES: Final = (
    ("Béton du Rhône", french_iban(1)),
    ("Charpentes Lemoine", french_iban(2)),
    ("Location & Levage Nord", french_iban(3)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What the person has before them, and how their day is told."""

    places: Places
    phone: Child
    reader: Child
    core: Child
    telling: Telling


async def walk(people: People) -> None:
    """Walk the main job from the first use of the phone to the money released. Raises WalkFailed."""
    telling = people.telling
    with telling.step("Claire enrols her phone: confidential code, and a code of her card and reader"):
        await enrol_phone(people)
    with telling.step("The bookkeeper's payment file reaches the bank's core, which posts it to be countersigned"):
        await send_file(people, make_file())
    with telling.step("Her phone shows what will be signed, with what the payees' banks said, and what to type"):
        digits = await read_request(people)
    with telling.step("She types these digits and her PIN into the reader, which has nothing but her card"):
        code = await make_code(people, digits)
    with telling.step("She copies the reader's code into the phone: it is right, the file is signed"):
        await answer(people, code)
        await people.phone.until("Code accepté")
    with telling.step("The core receives the release and checks it by itself: sender, token, file"):
        await people.core.until(r"^Released: act_")
        await people.phone.until("exécutée par la banque")


async def enrol_phone(people: People) -> None:
    await people.phone.until("Code confidentiel")
    code = await make_code(people, None)
    await say(people, people.phone, CONFIDENTIAL_CODE)
    await people.phone.until("touche CODE")
    await say(people, people.phone, code)
    await people.phone.until("Connecté")


def make_file() -> bytes:
    """Return a new payment file of today: five orders to three payees, to be executed tomorrow."""
    today = SystemClock().now().astimezone(ZoneInfo("Europe/Paris"))
    message_id = f"CANAL-{today:%Y%m%d}-{uuid.uuid4().hex[:6].upper()}"
    batch = Batch(
        id=f"{message_id}-A",
        orders=5,
        debtor_iban=DEBTOR_IBAN,
        execution_date=(today + timedelta(days=1)).date(),
        payees=_PAYEES,
        smallest=184_250,
    )
    return b"".join(remittance(message_id, [batch]))


async def send_file(people: People, content: bytes) -> None:
    """Hand a file to the bank's core, as the company's online bank does. Raises WalkFailed with the bank's answer."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{people.places.core}/remittances", data=content) as response,
    ):
        if response.status not in {201, 202}:
            raise WalkFailed(f"the file was not taken: {await response.text()}")


async def read_request(people: People) -> str:
    """Read the phone to the end of the request; return the digits it says to type."""
    digits = (await people.phone.until(r"Tapez ([0-9]+) et validez")).group(1)
    await people.phone.until("ou refuse")
    return digits


async def make_code(people: People, digits: str | None) -> str:
    """Use card and reader: CODE without digits, SIGN with them; return the code shown."""
    await say(people, people.reader, "insert")
    await people.reader.until("CODE ou SIGN")
    await say(people, people.reader, "SIGN" if digits else "CODE")
    await people.reader.until("PIN")
    await say(people, people.reader, PIN)
    if digits:
        await people.reader.until("Chiffres")
        await say(people, people.reader, digits)
    code = (await people.reader.until(r"Code : ([0-9]+)")).group(1)
    await say(people, people.reader, "remove")
    await people.reader.until("Insérez la carte")
    return code


async def answer(people: People, code: str) -> None:
    await say(people, people.phone, code)


async def say(people: People, child: Child, line: str) -> None:
    people.telling.typed(child.name, line)
    await child.type(line)
