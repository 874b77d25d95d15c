"""A demo card: what a chip holds, kept in a file, and the three commands a CAP reader gives it.

It holds its own key, never the issuer's, and its cryptograms are really computed. What a reader makes of them
is `reader`'s. For test cards only: the file's owner can read the key and the PIN.
"""

import hmac
from pathlib import Path
from typing import Annotated, Final

import msgspec

from approvals.cap.cryptogram import card_values, cryptogram_for
from approvals.cap.keys import derive_card_key
from approvals.cap.profile import LAST_ATC, CapProfile
from approvals.cap.tables import ProfileTable, profile_of, table_of
from approvals.cap.token import ARQC, CardResponse
from approvals.errors import CapError

PIN_TRIES: Final = 3
_AAC: Final = 0x00


class CardUnreadable(Exception):
    """The file is no demo card."""


class CardBlocked(Exception):
    """Three wrong PINs, or a counter at its end: this chip answers no more."""


class PinMissing(Exception):
    """A cryptogram was asked for before the PIN was verified: the chip's results would be others."""


class CardMemory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: profile, two-digit sequence number, card key in hexadecimal, PIN, tries left, counter."""

    profile: ProfileTable
    psn: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2}(?![\s\S])")]
    card_key: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}(?![\s\S])")]
    pin: str
    tries_left: Annotated[int, msgspec.Meta(ge=0, le=PIN_TRIES)]
    atc: Annotated[int, msgspec.Meta(ge=0, le=LAST_ATC)]


class Card:
    """A card in a reader. Each command writes its effect to the file before it answers."""

    def __init__(self, path: Path, memory: CardMemory) -> None:
        self._path = path
        self._memory = memory
        self._is_pin_verified = False
        self.profile: CapProfile = profile_of(memory.profile)

    @property
    def atc(self) -> int:
        return self._memory.atc

    @property
    def tries_left(self) -> int:
        return self._memory.tries_left

    @property
    def psn(self) -> str:
        return self._memory.psn

    def start(self) -> None:
        """GET PROCESSING OPTIONS: a new transaction, which moves the counter. Raises CardBlocked."""
        if self._memory.tries_left == 0 or self._memory.atc == LAST_ATC:
            raise CardBlocked
        self._is_pin_verified = False
        self._keep(msgspec.structs.replace(self._memory, atc=self._memory.atc + 1))

    def verify(self, pin: str) -> bool:
        """VERIFY: is it the PIN. A wrong one costs a try, a right one gives them all back. Raises CardBlocked."""
        if self._memory.tries_left == 0:
            raise CardBlocked
        self._is_pin_verified = hmac.compare_digest(pin.encode(), self._memory.pin.encode())
        tries_left = PIN_TRIES if self._is_pin_verified else self._memory.tries_left - 1
        self._keep(msgspec.structs.replace(self._memory, tries_left=tries_left))
        return self._is_pin_verified

    def generate_cryptogram(self, terminal: bytes) -> CardResponse:
        """GENERATE AC over the reader's CDOL1 values, once a PIN. Raises PinMissing."""
        if not self._is_pin_verified:
            raise PinMissing
        self._is_pin_verified = False
        return self._respond(ARQC, terminal)

    def decline(self, terminal: bytes) -> CardResponse:
        """The second GENERATE AC, which closes: an AAC, of which no code is made."""
        return self._respond(_AAC, terminal)

    def _respond(self, cid: int, terminal: bytes) -> CardResponse:
        memory, profile = self._memory, self.profile
        message = terminal + card_values(profile, memory.atc)
        cryptogram = cryptogram_for(profile, bytes.fromhex(memory.card_key), atc=memory.atc, message=message)
        return CardResponse(psn=memory.psn, cid=cid, atc=memory.atc, cryptogram=cryptogram, iad=profile.iad)

    def _keep(self, memory: CardMemory) -> None:
        _write(self._path, memory)
        self._memory = memory


def read_card(path: Path) -> Card:
    """The card of a file; raises CardUnreadable."""
    try:
        return Card(path, msgspec.json.decode(path.read_bytes(), type=CardMemory))
    except (OSError, msgspec.DecodeError, CapError) as refusal:
        raise CardUnreadable(f"{path.name} is no demo card") from refusal


def personalise(path: Path, *, issuer_key: bytes, pan: str, psn: str, profile: CapProfile, pin: str) -> Card:
    """Write a new card, its counter at 0, and give it back.

    Raises CapKeyError for an issuer key, number or sequence number of another shape; ValueError for a PIN that
    is not 4 to 12 digits.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise ValueError("a PIN has 4 to 12 digits")
    card_key = derive_card_key(profile.card_key_option, issuer_key, pan, psn)
    memory = CardMemory(
        profile=table_of(profile), psn=psn, card_key=card_key.hex(), pin=pin, tries_left=PIN_TRIES, atc=0
    )
    _write(path, memory)
    return Card(path, memory)


def _write(path: Path, memory: CardMemory) -> None:
    """Exchange the file whole: a process killed half-way must not give the chip its last counter back."""
    beside = path.with_name(f"{path.name}.new")
    content = msgspec.json.format(msgspec.json.encode(memory), indent=2)
    beside.touch(mode=0o600)
    beside.write_bytes(content + b"\n")
    beside.replace(path)
