"""The payees' banks of the demo, as a process: they say whether an account is held under a name.

    python -m deploy.demo.payees_banks --port PORT

It speaks the message of the EPC's inter-PSP API for Verification of Payee (`server/outside/payee_check.py` says where
it is published). Who holds which account is invented; of one the name is only close. Each answer is one line.
"""

import sys
from argparse import ArgumentParser
from difflib import SequenceMatcher
from typing import Final

import msgspec
from aiohttp import web
from msgspec import Struct

from deploy.demo.make_remittance import french_iban, made_payee

PATH: Final = "/vop/v1/payee-verifications"
_HOLDERS: Final = {
    french_iban(1): "Béton du Rhône",
    french_iban(2): "Charpentes Lemoine et Fils",
    french_iban(3): "Location & Levage Nord",
}
_CLOSE: Final = 0.7  # how alike two names are, from 0 to 1; a real bank has rules of its own


class _Party(Struct, frozen=True):
    name: str


class _Account(Struct, frozen=True):
    iban: str


class _Request(Struct, frozen=True, rename="camel"):
    """As much of the request as decides."""

    party: _Party
    party_account: _Account


async def verify(request: web.Request) -> web.Response:
    """Answer one request; the request's id comes back with it."""
    asked = msgspec.json.decode(await request.read(), type=_Request)
    answer = answer_to(asked.party.name, asked.party_account.iban)
    sys.stdout.write(f"Asked about {asked.party.name}: {answer['partyNameMatch']}\n")
    sys.stdout.flush()
    return web.json_response(answer, headers={"X-Request-ID": request.headers["X-Request-ID"]})


def answer_to(name: str, iban: str) -> dict[str, str]:
    """Match, close match with the holder's name, no match; of an account unknown here, nothing can be said."""
    holder = _HOLDERS.get(iban) or _made_holder(iban)
    if holder is None:
        return {"partyNameMatch": "NOAP"}
    likeness = SequenceMatcher(None, name.casefold(), holder.casefold()).ratio()
    if likeness == 1:
        return {"partyNameMatch": "MTCH"}
    if likeness >= _CLOSE:
        return {"partyNameMatch": "CMTC", "matchedName": holder}
    return {"partyNameMatch": "NMTC"}


def _made_holder(iban: str) -> str | None:
    """Return who holds an account of `make_remittance`'s: its number says which one it is."""
    number = iban[14:25]
    n = int(number) - 1 if number.isdigit() else -1
    return made_payee(n)[0] if n >= 0 and made_payee(n)[1] == iban else None


def main() -> None:
    """Serve until told to stop."""
    parser = ArgumentParser(prog="python -m deploy.demo.payees_banks", description="The payees' banks of the demo.")
    parser.add_argument("--port", type=int, required=True, help="port to listen on, of this machine only")
    app = web.Application()
    app.add_routes([web.post(PATH, verify)])
    web.run_app(app, host="127.0.0.1", port=parser.parse_args().port, print=lambda _: _started(), access_log=None)


def _started() -> None:
    sys.stdout.write("Ready to verify payees\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
