"""The socket of vpcd, the driver that makes a reader out of a TCP port: two bytes of length, then that many.

A payload of one byte steers the slot; any other is a command. Closing the socket takes the card out.
"""

import socket
from typing import Final, Protocol

from deploy.demo.virtual_card.transport import Answering

_OFF: Final = 0
_ON: Final = 1
_RESET: Final = 2
_GIVE_ATR: Final = 4
_HEADER: Final = 2


class Inserted(Answering, Protocol):
    """A card that answers to reset."""

    @property
    def atr(self) -> bytes: ...


def insert(port: int) -> socket.socket:
    """Put a card into the reader on this port; `serve` then answers. Raises OSError where no reader listens."""
    slot = socket.create_connection(("127.0.0.1", port), timeout=5)
    slot.settimeout(None)
    return slot


def serve(card: Inserted, slot: socket.socket) -> None:
    """Answer until the socket is closed, by either side."""
    while (payload := _receive(slot)) is not None:
        answer = _answer(card, payload)
        if answer is not None:
            slot.sendall(len(answer).to_bytes(_HEADER) + answer)


def _answer(card: Inserted, payload: bytes) -> bytes | None:
    if len(payload) != 1:
        return card.answer(payload)
    if payload[0] == _GIVE_ATR:
        return card.atr
    if payload[0] in {_OFF, _ON, _RESET}:
        card.reset()
    return None


def _receive(slot: socket.socket) -> bytes | None:
    header = _receive_exactly(slot, _HEADER)
    return None if header is None else _receive_exactly(slot, int.from_bytes(header))


def _receive_exactly(slot: socket.socket, length: int) -> bytes | None:
    received = b""
    while len(received) < length:
        # Without it each command waits 40 ms for the acknowledgement of the one before.
        slot.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = slot.recv(length - len(received))
        if not piece:
            return None
        received += piece
    return received
