"""The chip's commands: bytes in, bytes out, over the demo card that keeps key, PIN and counter.

What it answers is the application's plain form; how T=0 fetches it is `transport`'s.
"""

from collections.abc import Callable
from typing import Final

from approvals.cap.profile import Application, CapProfile, DataObject
from approvals.cap.token import CardResponse
from deploy.demo.card import Card, CardBlocked, PinMissing
from deploy.demo.virtual_card.tlv import tlv

OK: Final = bytes.fromhex("9000")
_APPLICATIONS: Final = {
    Application.CAP: bytes.fromhex("A0000000048002"),
    Application.DPA: bytes.fromhex("A0000000038002"),
}
_NO_SUCH_APPLICATION: Final = bytes.fromhex("6A82")
_NO_SUCH_RECORD: Final = bytes.fromhex("6A83")
_NO_SUCH_DATA: Final = bytes.fromhex("6A88")
_WRONG_LENGTH: Final = bytes.fromhex("6700")
_NOT_NOW: Final = bytes.fromhex("6985")
_BLOCKED: Final = bytes.fromhex("6983")
_NO_SUCH_INSTRUCTION: Final = bytes.fromhex("6D00")
_LOCATOR: Final = bytes.fromhex("08010100")  # one record, the first of file 1
_SECOND_LIST_HEAD: Final = bytes.fromhex("8A02")


class Chip:
    """One card in a reader. Each command is answered with data and status word."""

    def __init__(self, card: Card, number: str | None = None) -> None:
        """`number` is what its record tells, as many cards' do; the file holds none."""
        self._card = card
        self._number = number
        self._is_selected = False
        self._is_started = False
        self._has_answered = False
        self._commands: dict[int, Callable[[bytes], bytes]] = {
            0xA4: self._select,
            0xA8: self._start,
            0xB2: self._read_record,
            0xCA: self._get_data,
            0x20: self._verify,
            0xAE: self._generate_cryptogram,
        }

    def reset(self) -> None:
        """Power went: nothing is selected, no PIN is verified."""
        self._is_selected = self._is_started = self._has_answered = False

    def answer(self, command: bytes) -> bytes:
        if len(command) < 4:
            return _WRONG_LENGTH
        known = self._commands.get(command[1])
        return known(command) if known else _NO_SUCH_INSTRUCTION

    def _select(self, command: bytes) -> bytes:
        self.reset()
        name = _APPLICATIONS[self._card.profile.application]
        if _data(command) != name:
            return _NO_SUCH_APPLICATION
        self._is_selected = True
        label = tlv(0x50, b"Contreseing")
        return tlv(0x6F, tlv(0x84, name), tlv(0xA5, label, tlv(0x5F2D, b"fren"))) + OK

    def _start(self, command: bytes) -> bytes:
        if not self._is_selected or self._is_started:
            return _NOT_NOW
        if _data(command) != bytes.fromhex("8300"):
            return _WRONG_LENGTH
        if self._card.tries_left:
            try:
                self._card.start()
            except CardBlocked:
                return _NOT_NOW
        self._is_started = True
        return tlv(0x80, self._card.profile.aip, _LOCATOR) + OK

    def _read_record(self, command: bytes) -> bytes:
        if command[2:4] != bytes.fromhex("010C"):
            return _NO_SUCH_RECORD
        return record(self._card.profile, self._card.psn, self._number) + OK

    def _get_data(self, command: bytes) -> bytes:
        if command[2:4] != bytes.fromhex("9F17"):
            return _NO_SUCH_DATA
        return tlv(0x9F17, bytes([self._card.tries_left])) + OK

    def _verify(self, command: bytes) -> bytes:
        block = _data(command)
        if command[2:4] != bytes.fromhex("0080") or len(block) != 8 or block[0] >> 4 != 2:
            return _WRONG_LENGTH
        try:
            is_right = self._card.verify(block[1:].hex()[: block[0] & 0x0F])
        except CardBlocked:
            return _BLOCKED
        return OK if is_right else bytes([0x63, 0xC0 | self._card.tries_left])

    def _generate_cryptogram(self, command: bytes) -> bytes:
        if not self._is_started:
            return _NOT_NOW
        if self._has_answered:
            return self._decline(_data(command))
        if len(_data(command)) != _length_of(self._card.profile.cdol1):
            return _WRONG_LENGTH
        try:
            response = self._card.generate_cryptogram(_data(command))
        except PinMissing:
            return _NOT_NOW
        self._has_answered = True
        return cryptogram_answer(self._card.profile, response) + OK

    def _decline(self, terminal: bytes) -> bytes:
        """The second GENERATE AC: whatever is asked, this chip closes with an AAC."""
        self.reset()
        return cryptogram_answer(self._card.profile, self._card.decline(terminal)) + OK


def record(profile: CapProfile, psn: str, number: str | None = None) -> bytes:
    """The one record: lists, bitmap, flags and sequence number, and the card number where it tells it."""
    cdol1 = b"".join(tlv_entry(item) for item in profile.cdol1)
    return tlv(
        0x70,
        tlv(0x8C, cdol1),
        tlv(0x8D, _SECOND_LIST_HEAD + cdol1),
        tlv(0x5F34, bytes.fromhex(psn)),
        tlv(0x8E, bytes(8) + bytes.fromhex("0100")),
        tlv(0x9F56, profile.layout.bitmap),
        tlv(0x9F55, bytes([profile.layout.flags])),
        b"" if number is None else tlv(0x5A, bytes.fromhex(number + "f" * (len(number) % 2))),
    )


def cryptogram_answer(profile: CapProfile, response: CardResponse) -> bytes:
    """GENERATE AC's answer: Visa's in objects, Mastercard's in a row (EMV book 3, 6.5.5.4)."""
    cid, atc = bytes([response.cid]), response.atc.to_bytes(2)
    if profile.application is Application.CAP:
        return tlv(0x80, cid, atc, response.cryptogram, response.iad)
    return tlv(0x77, tlv(0x9F27, cid), tlv(0x9F36, atc), tlv(0x9F26, response.cryptogram), tlv(0x9F10, response.iad))


def tlv_entry(item: DataObject) -> bytes:
    """An entry of a data object list: a tag and how many bytes are asked of it."""
    return item.tag.to_bytes(2 if item.tag > 0xFF else 1) + bytes([item.length])


def _length_of(listed: tuple[DataObject, ...]) -> int:
    return sum(item.length for item in listed)


def _data(command: bytes) -> bytes:
    """The data of a command, with or without Le behind it."""
    return command[5 : 5 + command[4]] if len(command) > 5 else b""
