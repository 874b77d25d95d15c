"""Commands to a chip and its answers, as bytes (ISO/IEC 7816-3 and -4, EMV book 3, 6).

When each is sent is the conversation's; this file alone knows how they are written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from card_bridge.emv.refusals import ResponseTooLong, ResponseTruncated, refusal_of
from card_bridge.refusals import PinWrongLength

OK: Final = 0x9000
ARQC: Final = 0x80
AAC: Final = 0x00
_MOST_DATA: Final = 256
_PIN_BLOCK: Final = 8  # bytes: control and length, then 14 digits or fillers
_LEAST_PIN, _MOST_PIN = 4, 12


class Transport(Enum):
    """How the reader carries bytes: T=0 asks for the answer by another command, T=1 by a last byte (Le)."""

    T0 = 0
    T1 = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command; `le` is how many bytes are awaited, 0 for as many as there are, None where data is sent."""

    head: bytes
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    def encoded(self, transport: Transport) -> bytes:
        """The bytes to send. EMV's commands with data all have an answer, so T=1 adds Le."""
        if not self.data:
            return self.head + bytes([self.le or 0])
        ending = b"\x00" if transport is Transport.T1 else b""
        return self.head + bytes([len(self.data)]) + self.data + ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back: data and status word."""

    data: bytes = field(repr=False)
    status: int

    def required(self) -> bytes:
        """The data of a command that worked; raises the refusal its status word stands for."""
        if self.status != OK:
            raise refusal_of(self.status)
        return self.data


def read_response(received: bytes) -> Response:
    """Split an answer. Raises ResponseTruncated, ResponseTooLong."""
    if len(received) < 2:
        raise ResponseTruncated
    if len(received) > _MOST_DATA + 2:
        raise ResponseTooLong
    return Response(data=received[:-2], status=int.from_bytes(received[-2:]))


def select(application: bytes) -> Command:
    return Command(head=bytes.fromhex("00A40400"), data=application)


def get_processing_options(values: bytes) -> Command:
    """Start a transaction: the chip's counter moves (EMV book 3, 6.5.8)."""
    return Command(head=bytes.fromhex("80A80000"), data=bytes([0x83, len(values)]) + values)


def read_record(file: int, record: int) -> Command:
    return Command(head=bytes([0x00, 0xB2, record, file << 3 | 0x04]), le=0)


def get_pin_tries() -> Command:
    """GET DATA 9F17 (EMV book 3, 6.5.7)."""
    return Command(head=bytes.fromhex("80CA9F17"), le=0)


def generate_cryptogram(kind: int, values: bytes) -> Command:
    """GENERATE AC of one kind, ARQC or AAC (EMV book 3, 6.5.5)."""
    return Command(head=bytes([0x80, 0xAE, kind, 0x00]), data=values)


def get_response(length: int) -> Command:
    return Command(head=bytes.fromhex("00C00000"), le=length)


def verify(pin: Sequence[int]) -> bytearray:
    """VERIFY with a PIN of 4 to 12 ASCII digits in plain (EMV book 3, 6.5.12); the caller wipes it.

    Raises PinWrongLength: nothing is sent, no try is lost.
    """
    if not (_LEAST_PIN <= len(pin) <= _MOST_PIN and all(0x30 <= digit <= 0x39 for digit in pin)):
        raise PinWrongLength
    command = bytearray.fromhex("0020008008") + bytearray(b"\xff" * _PIN_BLOCK)
    command[5] = 0x20 | len(pin)
    for place, digit in enumerate(pin):
        low = place % 2
        command[6 + place // 2] &= ~(0x0F if low else 0xF0) & 0xFF | (digit & 0x0F) << (0 if low else 4)
    return command
