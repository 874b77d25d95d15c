"""A CAP reader with keys: one key pressed, one glass shown. What a code is made of stays the card's and `reader`'s."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from approvals.errors import CapError
from approvals.model.reader import CapMode, ReaderInput
from deploy.demo.card import PIN_TRIES, Card, CardBlocked, CardUnreadable, read_card
from deploy.demo.reader import code_shown

_FUNCTIONS: Final = {"CODE": CapMode.IDENTIFY, "SIGN": CapMode.RESPOND}
_LONGEST: Final = {"pin": 12, "digits": 8}


class Glass(StrEnum):
    """What the glass says, before it is put into words."""

    EMPTY = "empty"
    CHOOSE = "choose"
    PIN = "pin"
    DIGITS = "digits"
    CODE = "code"
    REFUSED = "refused"
    BLOCKED = "blocked"
    UNREADABLE = "unreadable"


@dataclass(slots=True, kw_only=True)
class Keypad:
    """The reader between two keys; `typed` is a PIN while the glass asks for one."""

    glass: Glass = Glass.EMPTY
    card: Card | None = None
    mode: CapMode = CapMode.IDENTIFY
    typed: str = field(default="", repr=False)
    code: str = field(default="", repr=False)

    @property
    def tries_left(self) -> int:
        return PIN_TRIES if self.card is None else self.card.tries_left

    def insert(self, path: Path) -> None:
        """Put the card of this file in, in the place of one that is in."""
        self.take_out()
        try:
            self.card = read_card(path)
            self.glass = Glass.CHOOSE
        except CardUnreadable:
            self.glass = Glass.UNREADABLE

    def take_out(self) -> None:
        self.card, self.typed, self.code, self.glass = None, "", "", Glass.EMPTY

    def press(self, key: str) -> None:
        """CODE, SIGN, OK, C (takes the last digit back) or a digit; a key that means nothing now does nothing."""
        if self.card is None:
            return
        try:
            self._press(self.card, key)
        except CardBlocked:
            self.glass, self.typed = Glass.BLOCKED, ""
        except CapError:
            self.glass = Glass.REFUSED

    def _press(self, card: Card, key: str) -> None:
        match key:
            case "CODE" | "SIGN":
                card.start()
                self.mode, self.glass, self.typed, self.code = _FUNCTIONS[key], Glass.PIN, "", ""
            case "C":
                self.typed = self.typed[:-1]
            case "OK" if self.glass is Glass.PIN and len(self.typed) >= 4:
                self._try_pin(card)
            case "OK" if self.glass is Glass.DIGITS and self.typed:
                self._show_code(card, ReaderInput(mode=self.mode, digits=self.typed))
            case _ if key.isdecimal() and len(self.typed) < _LONGEST.get(self.glass, 0):
                self.typed += key
            case _:
                pass

    def _try_pin(self, card: Card) -> None:
        pin, self.typed = self.typed, ""
        if not card.verify(pin):
            self.glass = Glass.PIN if card.tries_left else Glass.BLOCKED
        elif self.mode is CapMode.IDENTIFY:
            self._show_code(card, ReaderInput(mode=self.mode))
        else:
            self.glass = Glass.DIGITS

    def _show_code(self, card: Card, typed: ReaderInput) -> None:
        self.code = code_shown(card, typed)
        self.glass, self.typed = Glass.CODE, ""
