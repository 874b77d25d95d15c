"""What a command shows and asks, in the person's language: results on the output, questions beside it.

French unless the locale says English: the bank's customers are French companies.
"""

import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from approvals.model.person import Language
from card_bridge.link import words
from card_bridge.refusals import PinNotTyped

_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_MOST_TYPED: Final = 64  # bytes of one line; a PIN has 12 at most
_LINE_ENDS: Final = b"\r\n"


def language() -> Language:
    """The language of this terminal."""
    locale = next((os.environ[name] for name in _LOCALE_VARIABLES if os.environ.get(name)), "")
    return Language.EN if locale.startswith("en") else Language.FR


def say(french: str, english: str) -> None:
    """A result, on a line of its own."""
    sys.stdout.write(f"{_chosen(french, english)}\n")
    sys.stdout.flush()


def tell(french: str, english: str) -> None:
    """A question or a hint: it is not part of a result that is piped on."""
    sys.stderr.write(f"{_chosen(french, english)}\n")
    sys.stderr.flush()


class Keyboard:
    """The prompt for a PIN: nothing typed is shown."""

    def type_pin(self, tries_left: int | None) -> bytearray:
        """Raises PinNotTyped when the line is empty or the input ends."""
        tell(f"Code PIN{_tries_in_french(tries_left)} :", f"PIN{_tries_in_english(tries_left)}:")
        with _hidden(sys.stdin.fileno()):
            typed = read_line(sys.stdin.fileno())
        if not typed:
            raise PinNotTyped
        return typed

    def announce_pad(self, tries_left: int | None) -> None:
        tell(
            f"Tapez le code PIN sur le lecteur{_tries_in_french(tries_left)}.",
            f"Type the PIN on the reader{_tries_in_english(tries_left)}.",
        )

    def warn_of_lost_tries(self) -> None:
        tell(*(words.LOST_TRIES[each] for each in (Language.FR, Language.EN)))


def _tries_in_french(tries_left: int | None) -> str:
    return "" if tries_left is None else f" (essais restants : {tries_left})"


def _tries_in_english(tries_left: int | None) -> str:
    return "" if tries_left is None else f" (tries left: {tries_left})"


def read_line(descriptor: int) -> bytearray:
    """Byte after byte, into a buffer that can be wiped: a string of Python's could not."""
    typed = bytearray()
    while (byte := os.read(descriptor, 1)) and byte not in _LINE_ENDS and len(typed) < _MOST_TYPED:
        typed += byte
    return typed


@contextmanager
def _hidden(descriptor: int) -> Iterator[None]:
    """No echo while the PIN is typed, where a terminal would show it."""
    if not os.isatty(descriptor):
        yield
        return
    before = termios.tcgetattr(descriptor)
    silent = termios.tcgetattr(descriptor)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, silent)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


def _chosen(french: str, english: str) -> str:
    return english if language() is Language.EN else french
