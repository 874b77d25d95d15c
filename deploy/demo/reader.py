"""The glass of a CAP reader as a process: a line typed, a screen shown.

    python -m deploy.demo.reader CARD.json

It is what a person holds in their hand, and is as far from the bank: it knows the card and nothing else. The
screens are a generator, so that they read in the order a person sees them.
"""

import re
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Generator
from dataclasses import dataclass, replace
from getpass import getpass
from io import TextIOWrapper
from pathlib import Path
from typing import Final, assert_never

from approvals.cap.cryptogram import terminal_values
from approvals.cap.profile import CapProfile
from approvals.cap.token import code_of, sign_transaction_data
from approvals.errors import CapError
from approvals.model.reader import CapMode, ReaderInput
from deploy.demo.card import Card, CardBlocked, CardUnreadable, read_card

INSERT: Final = "Insérez la carte (insert)"
BLOCKED: Final = "Carte bloquée : appelez votre chargé d'affaires"
UNREADABLE: Final = "Carte illisible"
REFUSED: Final = "Saisie refusée : recommencez"
HELP: Final = (
    "Touches / keys: insert, CODE, SIGN, RESPOND, TDS, chiffres / digits, montant / amount (1234,56), "
    "ok = confirmer / confirm, remove = retirer la carte / take the card out"
)
USAGE: Final = """\
Le lecteur CAP de la démonstration : chaque ligne tapée affiche un écran d'une ligne.
The demo's CAP reader: each line typed shows one screen of one line.

  insert            mettre la carte / put the card in
  CODE              un code seul / a code alone: PIN, code
  SIGN              lier des chiffres / bind digits: PIN, digits (amount and currency where the card asks), code
  RESPOND, TDS      sur les cartes qui les ont / on cards that have them
  ok                confirmer (ou une ligne vide) / confirm (or an empty line)
  remove            retirer la carte, à tout moment / take the card out, at any time
  help              rappeler les touches / recall the keys

Le PIN n'est jamais affiché ; trois PIN faux bloquent la carte.
The PIN is never shown; three wrong PINs block the card.
"""
EXAMPLES: Final = """\
exemples / examples:
  python -m deploy.demo.reader var/demo/card.json
  printf '%s\\n' insert CODE 4271 | python -m deploy.demo.reader var/demo/card.json
  printf '%s\\n' insert SIGN 4271 27890189 | python -m deploy.demo.reader var/demo/card.json
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One line on the glass; what is typed after it may have to stay unseen."""

    text: str
    is_secret: bool = False


class CardRemoved(Exception):
    """The card was taken out: whatever was under way is dropped."""


Asking = Generator[Screen, str, str]
"""Shows screens, takes lines, ends with the text of what was asked."""


def glass(path: Path) -> Generator[Screen, str, None]:
    """The reader, for ever: send it a line, get a screen."""
    text = INSERT
    while True:
        try:
            if (yield from _ask(text)) == "insert":
                yield from _use(read_card(path))
            text = INSERT
        except CardRemoved:
            text = INSERT
        except CardUnreadable:
            text = UNREADABLE


def _use(card: Card) -> Asking:
    """A card is in: one key after the other, until it is taken out. A code stays on the glass until the next."""
    keys = _keys(card.profile)
    choice = f"{' ou '.join(keys)} ?"
    text = choice
    while True:
        key = (yield from _ask(text)).upper()
        text = (yield from _answer(card, keys[key])) if key in keys else choice


def _keys(profile: CapProfile) -> dict[str, CapMode]:
    """The keys that do something with this card. SIGN is Respond where the card asks no amount."""
    signing = CapMode.SIGN if CapMode.SIGN in profile.modes else CapMode.RESPOND
    keys = {"CODE": CapMode.IDENTIFY, "SIGN": signing, "TDS": CapMode.TDS}
    if signing is CapMode.SIGN:
        keys["RESPOND"] = CapMode.RESPOND
    return {key: mode for key, mode in keys.items() if mode in profile.modes}


def _answer(card: Card, mode: CapMode) -> Asking:
    try:
        card.start()
        yield from _verify_pin(card)
    except CardBlocked:
        return BLOCKED
    typed = yield from _type(card.profile, mode)
    try:
        return f"Code : {code_shown(card, typed)}"
    except CapError:
        return REFUSED


def code_shown(card: Card, typed: ReaderInput) -> str:
    """The code on the glass once the PIN is right. Raises CapError for input this card does not take."""
    response = card.generate_cryptogram(terminal_values(card.profile, typed))
    if typed.mode is CapMode.TDS:
        response = replace(response, cryptogram=sign_transaction_data(response.cryptogram, typed.fields))
    return code_of(card.profile.layout, response)


def _verify_pin(card: Card) -> Generator[Screen, str, None]:
    text = "PIN ?"
    while True:
        pin = yield from _ask_number(text, r"[0-9]{4,12}", is_secret=True)
        if card.verify(pin):
            return
        if card.tries_left == 0:
            raise CardBlocked
        text = f"PIN faux, essais restants : {card.tries_left}. PIN ?"


def _type(profile: CapProfile, mode: CapMode) -> Generator[Screen, str, ReaderInput]:
    match mode:
        case CapMode.IDENTIFY:
            return ReaderInput(mode=mode)
        case CapMode.RESPOND:
            return ReaderInput(mode=mode, digits=(yield from _ask_digits()))
        case CapMode.SIGN:
            digits = yield from _ask_digits()
            amount = yield from _ask_number("Montant ?", r"[0-9]{1,10}([.,][0-9]{2})?")
            currency = (yield from _ask_currency()) if profile.layout.is_currency_asked else None
            return ReaderInput(mode=mode, digits=digits, amount=_minor_units(amount), currency=currency)
        case CapMode.TDS:
            return ReaderInput(mode=mode, fields=(yield from _ask_fields()))
        case _:
            assert_never(mode)


def _ask_digits() -> Asking:
    return (yield from _ask_number("Chiffres ?", r"[0-9]{1,8}"))


def _ask_currency() -> Asking:
    return (yield from _ask_number("Monnaie ? (EUR)", r"[A-Z]{3}"))


def _ask_fields() -> Generator[Screen, str, tuple[str, ...]]:
    """Numbers until one is confirmed empty; at least one, at most ten."""
    fields = [(yield from _ask_number("Champ 1 ?", r"[0-9]{1,10}"))]
    while len(fields) < 10:
        field = yield from _ask_number(f"Champ {len(fields) + 1} ? (ok)", r"[0-9]{0,10}|ok")
        if field in {"", "ok"}:
            break
        fields.append(field)
    return tuple(fields)


def _ask_number(text: str, pattern: str, *, is_secret: bool = False) -> Asking:
    """Ask until what is typed has this form: a reader has no keys for anything else."""
    while True:
        typed = yield from _ask(text, is_secret=is_secret)
        if re.fullmatch(pattern, typed, re.ASCII):
            return typed


def _ask(text: str, *, is_secret: bool = False) -> Asking:
    typed = yield Screen(text=text, is_secret=is_secret)
    while typed.lower() == "help":
        typed = yield Screen(text=HELP, is_secret=is_secret)
    if typed.lower() == "remove":
        raise CardRemoved
    return typed


def _minor_units(amount: str) -> int:
    whole, _, cents = amount.replace(",", ".").partition(".")
    return int(whole + (cents or "00"))


def _read_line(screen: Screen) -> str | None:
    """The next line typed, None at the end. On a terminal a PIN is read without echo."""
    if screen.is_secret and sys.stdin.isatty():
        try:
            return getpass("")
        except EOFError:
            return None
    line = sys.stdin.readline()
    return line.strip() if line else None


def _show(screen: Screen) -> None:
    sys.stdout.write(f"{screen.text}\n")
    sys.stdout.flush()


def main() -> int:
    """Show a screen for every line typed, until the input ends."""
    parser = ArgumentParser(
        prog="python -m deploy.demo.reader",
        description=USAGE,
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("card", type=Path, help="le fichier de la carte / the card's file")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # whoever drives it reads accents, whatever the locale
    screens = glass(parser.parse_args().card)
    screen = next(screens)
    _show(screen)
    while (line := _read_line(screen)) is not None:
        screen = screens.send(line)
        _show(screen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
