"""The demo's two advisers: made by the product's own bootstrap, and let in as their letters would.

Their passwords are known by heart; their authenticators' seeds are drawn anew at every set-up, and rest in one file of
the demo, 0600, from which `python -m deploy.demo.advisers` shows the codes of the moment. None of it is in the wheel.
"""

import base64
import json
import sys
from pathlib import Path
from typing import Final

from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.credentials.totp import code_at, step_at
from approvals.desk.adviser_enrolment import AdviserEnrolment, Claim, ShownSeed
from approvals.model.proof import TotpProof
from deploy.demo.places import Places
from server.clock import SystemClock
from server.foundation import Foundation, open_foundation
from server.joining import terms_of
from server.settings import load

ADVISERS: Final = (("001", "Denise Royer"), ("002", "Farid Haddad"))
ADVISER_PASSWORD: Final = "canal ouvert 7 jours"  # noqa: S105  # of the demo alone
_HERE: Final = "127.0.0.1"


def bootstrap_arguments(secret_files: Path) -> tuple[str, ...]:
    """Return what is typed after `contreseing` to make the two; their secrets go into this folder."""
    first, second = ADVISERS
    return (
        *("advisers", "bootstrap", "--bank", "Banque du Canal"),
        *("--first-number", first[0], "--first-name", first[1], "--first-secret", str(_letter(secret_files, first[0]))),
        *("--second-number", second[0], "--second-name", second[1]),
        *("--second-secret", str(_letter(secret_files, second[0]))),
    )


async def let_advisers_in(places: Places, secret_files: Path) -> None:
    """Do what each adviser does once: choose the password, enrol the authenticator, show its first code."""
    settings = load(places.settings, {})
    hasher = ConfidentialCodes()
    try:
        async with open_foundation(settings, demo=True) as foundation:
            enrolment = _enrolment(foundation, hasher)
            seeds = {number: (await _enter(enrolment, number, secret_files)).seed for number, _ in ADVISERS}
    finally:
        hasher.close()
    places.authenticators.touch(mode=0o600)
    places.authenticators.write_text(json.dumps(seeds), "ascii")


def codes_of_now(places: Places, *, ahead: int = 0) -> dict[str, str]:
    """Return the code each adviser's authenticator shows now, or so many steps later, by number."""
    step = step_at(SystemClock().now()) + ahead
    seeds: dict[str, str] = json.loads(places.authenticators.read_text("ascii"))
    return {number: code_at(base64.b32decode(seed), step) for number, seed in seeds.items()}


async def _enter(enrolment: AdviserEnrolment, number: str, secret_files: Path) -> ShownSeed:
    secret = _letter(secret_files, number).read_text("ascii").strip()
    claim = Claim(number=number, address=_HERE, secret=secret)
    shown = await enrolment.begin(claim, ADVISER_PASSWORD)
    code = code_at(base64.b32decode(shown.seed), step_at(SystemClock().now()))
    await enrolment.confirm(claim, TotpProof(code=code))
    return shown


def _enrolment(foundation: Foundation, hasher: ConfidentialCodes) -> AdviserEnrolment:
    return AdviserEnrolment(
        book=foundation.book,
        clock=foundation.clock,
        ids=foundation.ids,
        hasher=hasher,
        keyring=foundation.vault.keyring,
        terms=terms_of(foundation.settings),
    )


def _letter(secret_files: Path, number: str) -> Path:
    return secret_files / f"adviser-{number}.secret"


def _main() -> None:
    """Show the codes of the demo in the folder named, or where the demo puts it by itself."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("var/demo")
    for number, code in codes_of_now(Places(home=home, server_port=0, core_port=0)).items():
        sys.stdout.write(f"{number} {code}\n")


if __name__ == "__main__":
    _main()
