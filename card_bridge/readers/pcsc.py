"""Readers by PC/SC (pyscard's own binding of it): which there are, and a card held by us alone.

Every call has a time limit, and every result of PC/SC that is not success becomes one of our refusals.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from smartcard import scard

from card_bridge.emv.apdu import Transport
from card_bridge.readers import pin_pad
from card_bridge.readers.refusals import (
    CardAbsent,
    CardMute,
    CardRemoved,
    NoReader,
    ReaderFailed,
    ReaderRefusal,
    ReaderShared,
    ReaderUnknown,
    ServiceDown,
)
from card_bridge.readers.time_limit import within

ANSWER_SECONDS: Final = 10.0
"""For one command: the slowest chips take one second, a reader's driver gives up after some more."""
PAD_SECONDS: Final = 60.0
"""For a PIN on the pad, whose own limit is 30 seconds a key."""
_FAREWELL_SECONDS: Final = 1.0
"""For letting go of a card: one that fell silent holds up this call as well."""
_LOOK_AGAIN_SECONDS: Final = 0.2
_PROTOCOLS: Final = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_FEATURE_REQUEST: Final = scard.SCARD_CTL_CODE(3400)
_REFUSALS: Final[dict[int, type[ReaderRefusal]]] = {
    scard.SCARD_E_NO_SERVICE: ServiceDown,
    scard.SCARD_E_SERVICE_STOPPED: ServiceDown,
    scard.SCARD_E_INVALID_HANDLE: ServiceDown,
    scard.SCARD_E_NO_READERS_AVAILABLE: NoReader,
    scard.SCARD_E_UNKNOWN_READER: ReaderUnknown,
    scard.SCARD_E_READER_UNAVAILABLE: CardRemoved,
    scard.SCARD_E_SHARING_VIOLATION: ReaderShared,
    scard.SCARD_E_NO_SMARTCARD: CardAbsent,
    scard.SCARD_W_REMOVED_CARD: CardRemoved,
    scard.SCARD_W_RESET_CARD: ReaderShared,
    scard.SCARD_E_NOT_TRANSACTED: CardRemoved,
    scard.SCARD_W_UNRESPONSIVE_CARD: CardMute,
    scard.SCARD_W_UNPOWERED_CARD: CardMute,
    scard.SCARD_W_UNSUPPORTED_CARD: CardMute,
    scard.SCARD_E_PROTO_MISMATCH: CardMute,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """One reader that is plugged in, and whether a card is in it."""

    name: str
    has_card: bool


class PcscCard:
    """A card held exclusively, inside a transaction."""

    def __init__(self, handle: int, transport: Transport) -> None:
        self._handle = handle
        self._pad_code = _pad_code(handle)
        self._header = scard.SCARD_PCI_T1 if transport is Transport.T1 else scard.SCARD_PCI_T0
        self.transport = transport

    @property
    def has_pad(self) -> bool:
        return self._pad_code is not None

    def transmit(self, command: Sequence[int]) -> bytes:
        sent = list(command)
        try:
            result, answer = within(ANSWER_SECONDS, lambda: scard.SCardTransmit(self._handle, self._header, sent))
        finally:
            sent.clear()  # it may be a VERIFY
        _require(result)
        return bytes(answer)

    def verify_on_pad(self) -> bytes:
        structure = list(pin_pad.verify_structure())
        result, answer = within(PAD_SECONDS, lambda: scard.SCardControl(self._handle, self._pad_code, structure))
        _require(result)
        return bytes(answer)


def readers() -> list[ReaderState]:
    """Every reader there is, now. Raises ReaderRefusal; none plugged in is an empty list."""
    with _context() as context:
        return _states(context)


@contextmanager
def held_card(*, reader: str | None = None, patience: float = 0.0) -> Iterator[PcscCard]:
    """Hold the card of this reader, or of the first that has one, waiting `patience` seconds for it to be put in.

    Raises ReaderRefusal: NoReader, ReaderUnknown or CardAbsent when the time is over.
    """
    with _context() as context:
        name = _await_card(context, reader, patience)
        handle, transport = _connect(context, name)
        try:
            _require(within(ANSWER_SECONDS, lambda: scard.SCardBeginTransaction(handle)))
            yield PcscCard(handle, transport)
        finally:
            with suppress(ReaderRefusal):
                within(_FAREWELL_SECONDS, lambda: scard.SCardDisconnect(handle, scard.SCARD_RESET_CARD))


@contextmanager
def _context() -> Iterator[int]:
    # Without it SCardConnect waits for ever for a reader that another program holds.
    os.environ.setdefault("PCSCLITE_NO_BLOCKING", "1")
    result, context = within(ANSWER_SECONDS, lambda: scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))
    _require(result)
    try:
        yield context
    finally:
        with suppress(ReaderRefusal):
            within(_FAREWELL_SECONDS, lambda: scard.SCardReleaseContext(context))


def _await_card(context: int, reader: str | None, patience: float) -> str:
    """The name of the reader to use, looked for again and again: readers and cards come and go."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return _reader_with_card(_states(context), reader)
        except (NoReader, ReaderUnknown, CardAbsent):
            if time.monotonic() >= deadline:
                raise
        time.sleep(_LOOK_AGAIN_SECONDS)


def _reader_with_card(states: Sequence[ReaderState], reader: str | None) -> str:
    if not states:
        raise NoReader
    fitting = [state for state in states if reader in {None, state.name}]
    if not fitting:
        raise ReaderUnknown
    for state in fitting:
        if state.has_card:
            return state.name
    raise CardAbsent


def _states(context: int) -> list[ReaderState]:
    result, names = within(ANSWER_SECONDS, lambda: scard.SCardListReaders(context, []))
    if result == scard.SCARD_E_NO_READERS_AVAILABLE:
        return []
    _require(result)
    asked = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
    result, states = within(ANSWER_SECONDS, lambda: scard.SCardGetStatusChange(context, 0, asked))
    _require(result)
    return [ReaderState(name=name, has_card=bool(state & scard.SCARD_STATE_PRESENT)) for name, state, _ in states]


def _connect(context: int, name: str) -> tuple[int, Transport]:
    result, handle, protocol = within(
        ANSWER_SECONDS, lambda: scard.SCardConnect(context, name, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS)
    )
    _require(result)
    return handle, Transport.T1 if protocol == scard.SCARD_PROTOCOL_T1 else Transport.T0


def _pad_code(handle: int) -> int | None:
    """How to have the PIN typed on the reader; None where it has no pad, or does not say."""
    result, features = within(ANSWER_SECONDS, lambda: scard.SCardControl(handle, _FEATURE_REQUEST, []))
    if result != scard.SCARD_S_SUCCESS:
        return None
    return pin_pad.control_code(bytes(features), pin_pad.VERIFY_PIN_DIRECT)


def _require(result: int) -> None:
    """Raise the refusal a result of PC/SC stands for; success is nothing."""
    if result == scard.SCARD_S_SUCCESS:
        return
    if result in _REFUSALS:
        raise _REFUSALS[result]
    raise ReaderFailed(result)
