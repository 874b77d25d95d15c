"""After the walk: everything stays up, and what is typed here goes to the phone, the reader or the bank's core."""

import asyncio
from pathlib import Path
from typing import Final

from deploy.demo.advisers import ADVISER_PASSWORD, ADVISERS, codes_of_now
from deploy.demo.places import CLIENT, CONFIDENTIAL_CODE, PIN, SIGNER, Places
from deploy.demo.processes import WalkFailed
from deploy.demo.typed_lines import typed_lines
from deploy.demo.walk import People, make_file, send_file

_HELP: Final = f"""
[bold]Or here, by typing:[/bold]

  [bold]post[/bold]              a new payment file reaches the bank's core; its request shows on the phone
  [bold]post FILE[/bold]         the same with a pain.001 file of your own; to make one, in another terminal:
                    [dim].venv/bin/python -m deploy.demo.make_remittance --message-id MINE-1 > mine.xml[/dim]
  [bold]reader insert[/bold]     puts the card in; then, each a line:
                    reader SIGN (or CODE) · reader {PIN}, the PIN · reader 12345678, the digits · reader remove
  [bold]phone 12345678[/bold]    copies the reader's code into the phone; phone refuse says no
                    after 5 minutes without action the phone asks for the confidential code, {CONFIDENTIAL_CODE}
  [bold]phone stream[/bold]      watches the stream: shows its frames as they come, or hides them again
  [bold]advisers[/bold]          shows what the two advisers' authenticators show now; they sign in by their number and
                    the password {ADVISER_PASSWORD!r}, at POST /v1/advisers/sessions
  [bold]stop[/bold]              ends everything, as Ctrl-C does
"""


async def by_hand(people: People) -> None:
    """Pass on what is typed until `stop`, or the end of the input."""
    people.telling.note(_links(people.places))
    people.telling.note(_HELP)
    async for line in typed_lines():
        word, _, rest = line.partition(" ")
        if word == "stop":
            return
        await _pass_on(people, word, rest.strip())
    await asyncio.Event().wait()  # no terminal to type at: stay up until Ctrl-C


def _links(places: Places) -> str:
    """What to open, and what to do there: the whole path with a mouse."""
    number, name = ADVISERS[0]
    return f"""
[bold]Now in a browser, with a mouse.[/bold] Everything is up:

  1. [underline]{places.online_bank}/[/underline]
     the bank's client area, with the chat: click [bold]Envoyer le fichier[/bold]
  2. [underline]{places.server}/app[/underline]
     the approver's app: client identifier {CLIENT}, user {SIGNER}, confidential code {CONFIDENTIAL_CODE}
  3. [underline]{places.reader_page}/[/underline]
     Claire's card and reader: insert, SIGN, the PIN {PIN}, the digits the app shows; copy the code
  4. back in the app, paste it: the file is signed, and the bank's core carries it out

  [underline]{places.server}/desk[/underline]
     the advisers' desk: {name} is number {number}, password {ADVISER_PASSWORD!r}
  [underline]{places.reader_page}/authenticator[/underline]
     the advisers' codes of the moment
  [underline]{places.server}/docs[/underline]
     the API
"""


async def _pass_on(people: People, word: str, rest: str) -> None:
    match word:
        case "post":
            await _post(people, rest)
        case "reader":
            await people.reader.type(rest)
        case "phone":
            await people.phone.type(rest)
        case "advisers":
            for number, code in codes_of_now(people.places).items():
                people.telling.note(f"   {number}: {code}")
        case "":
            pass
        case _:
            people.telling.note(_HELP)


async def _post(people: People, file: str) -> None:
    try:
        await send_file(people, _read(file) if file else make_file())
    except (OSError, WalkFailed) as refusal:
        people.telling.note(f"   [red]{refusal}[/red]")


def _read(file: str) -> bytes:
    return Path(file).expanduser().read_bytes()
