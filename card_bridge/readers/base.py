"""What a card in a reader offers, and a conversation carried over it.

The PIN lives here for as long as one VERIFY takes: typed into a buffer, sent, wiped.
"""

from collections.abc import Sequence
from typing import Protocol

from card_bridge.conversation import CardCode, Conversation, PinWanted, Step
from card_bridge.emv.apdu import Transport, read_response, verify


class Card(Protocol):
    """A card held in a reader, by this program alone. Every call raises ReaderRefusal, within its time limit."""

    @property
    def transport(self) -> Transport: ...

    @property
    def has_pad(self) -> bool:
        """Whether the reader takes the PIN by itself, so that it never reaches the PC."""
        ...

    def transmit(self, command: Sequence[int]) -> bytes: ...

    def verify_on_pad(self) -> bytes:
        """Let the person type the PIN on the reader; the card's answer to it."""
        ...


class PinEntry(Protocol):
    """Where the person is asked."""

    def type_pin(self, tries_left: int | None) -> bytearray:
        """The ASCII digits typed unseen; whoever asked wipes them. Raises PinNotTyped."""
        ...

    def announce_pad(self, tries_left: int | None) -> None:
        """Say that the PIN is to be typed on the reader."""
        ...


def carry(talk: Conversation, card: Card, entry: PinEntry) -> CardCode:
    """Hold a conversation with a card to its end. Raises BridgeRefusal."""
    try:
        step = next(talk)
        while True:
            step = talk.send(read_response(_answer(step, card, entry)))
    except StopIteration as end:
        code: CardCode = end.value
        return code


def _answer(step: Step, card: Card, entry: PinEntry) -> bytes:
    if not isinstance(step, PinWanted):
        return card.transmit(step.encoded(card.transport))
    if card.has_pad:
        entry.announce_pad(step.tries_left)
        return card.verify_on_pad()
    return _verify_typed(card, entry.type_pin(step.tries_left))


def _verify_typed(card: Card, pin: bytearray) -> bytes:
    command = bytearray()
    try:
        command = verify(pin)
        return card.transmit(command)
    finally:
        _wipe(pin)
        _wipe(command)


def _wipe(secret: bytearray) -> None:
    secret[:] = bytes(len(secret))
