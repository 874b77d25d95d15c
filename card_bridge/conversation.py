"""The whole talk with a CAP card, as a generator: it yields what to send, takes what came back, ends with the code.

Pure: what carries commands, and where a PIN is typed, are `card_bridge.readers`'. The PIN never passes here: the
generator asks for a VERIFY and is told the card's answer.
"""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Final

from approvals.model.reader import ReaderInput
from card_bridge.emv import apdu, cap
from card_bridge.emv.apdu import Command, Response
from card_bridge.emv.refusals import ApplicationMissing, ResponseEndless, refusal_of
from card_bridge.refusals import CardBlocked, LastTryLeft, OtherCard, PinEntryCancelled, PinEntryTimeout, PinWrongLength

CAUTIOUS: Final = 2
"""Tries a card must have left for the bridge to ask a PIN, unless the person insists."""
INSISTING: Final = 1
_MOST_ROUNDS: Final = 8  # of 61xx and 6Cxx for one command
_NOT_FOUND: Final = {0x6A81, 0x6A82}
_BLOCKED: Final = {0x6983, 0x6984}
_PAD_REFUSALS: Final = {0x6400: PinEntryTimeout, 0x6401: PinEntryCancelled, 0x6403: PinWrongLength}


@dataclass(frozen=True, slots=True, kw_only=True)
class PinWanted:
    """VERIFY is to be sent, with a PIN typed on the pad or at a prompt; None where the card tells no tries."""

    tries_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCode:
    """What the glass shows: the digits. The cryptogram stays here."""

    digits: str = field(repr=False)


Step = Command | PinWanted
Conversation = Generator[Step, Response, CardCode]
_Talk = Generator[Step, Response, Response]


def conversation(typed: ReaderInput, *, fewest_tries: int = CAUTIOUS, last4: str | None = None) -> Conversation:
    """Get the code for what was typed: SELECT to the closing AAC; `last4` where a certain card is asked.

    Raises BridgeRefusal of one kind or another, whatever the card answers.
    """
    application, control_information = yield from _select()
    card = yield from _start(application, control_information)
    _require_card(card, last4)
    values = card.values(typed)
    try:
        yield from _verify_pin(fewest_tries)
    except CardBlocked:
        raise CardBlocked(card.last4) from None
    answer = yield from _exchange(apdu.generate_cryptogram(apdu.ARQC, cap.fill(card.cdol1, values)))
    response = cap.card_response(card, answer.required())
    # The card has given what it can give: what it says to the end of the transaction changes no digit.
    yield from _exchange(apdu.generate_cryptogram(apdu.AAC, cap.fill(card.cdol2 or card.cdol1, values)))
    return CardCode(digits=cap.code_shown(card, typed, response))


def _select() -> Generator[Step, Response, tuple[cap.Application, bytes]]:
    """The first application there is (EMV book 1, 12.3.3)."""
    for application in cap.Application:
        answer = yield from _exchange(apdu.select(application.value))
        if answer.status not in _NOT_FOUND:
            return application, answer.required()
    raise ApplicationMissing


def _start(application: cap.Application, control_information: bytes) -> Generator[Step, Response, cap.CodeCard]:
    """GET PROCESSING OPTIONS, then the records it names."""
    listed = cap.options_list(control_information)
    options = yield from _exchange(apdu.get_processing_options(cap.fill(listed, cap.READER_VALUES)))
    records = []
    for place in cap.record_places(options.required()):
        record = yield from _exchange(apdu.read_record(place.file, place.record))
        records.append(record.required())
    return cap.code_card(application, records)


def _require_card(card: cap.CodeCard, last4: str | None) -> None:
    """A PIN typed for another card would be a try lost there; one that tells no number cannot be told apart."""
    if None not in {card.last4, last4} and card.last4 != last4:
        raise OtherCard


def _verify_pin(fewest_tries: int) -> Generator[Step, Response, None]:
    """Ask for the PIN until it is right, or one try too few is left."""
    tries_left = yield from _pin_tries()
    while True:
        _require_tries(tries_left, fewest_tries)
        answer = yield PinWanted(tries_left=tries_left)
        if answer.status == apdu.OK:
            return
        tries_left = _tries_after(answer.status)


def _pin_tries() -> Generator[Step, Response, int | None]:
    """What the card tells; many tell nothing."""
    answer = yield from _exchange(apdu.get_pin_tries())
    return cap.pin_tries(answer.data) if answer.status == apdu.OK else None


def _require_tries(tries_left: int | None, fewest_tries: int) -> None:
    if tries_left == 0:
        raise CardBlocked
    if tries_left is not None and tries_left < fewest_tries:
        raise LastTryLeft


def _tries_after(status: int) -> int:
    """Tries left after a VERIFY that did not succeed; raises what else its status word stands for."""
    if status & 0xFFF0 == 0x63C0:
        return status & 0x0F
    if status in _BLOCKED:
        raise CardBlocked
    if status in _PAD_REFUSALS:
        raise _PAD_REFUSALS[status]
    raise refusal_of(status)


def _exchange(command: Command) -> _Talk:
    """One command to its whole answer: 6Cxx asks for another length, 61xx has more to fetch (ISO 7816-3, 12.2)."""
    data = b""
    for _ in range(_MOST_ROUNDS):
        answer = yield command
        kind, length = divmod(answer.status, 0x100)
        if kind == 0x6C and not command.data:
            command = replace(command, le=length)
        elif kind == 0x61:
            data, command = data + answer.data, apdu.get_response(length)
        else:
            return Response(data=data + answer.data, status=answer.status)
    raise ResponseEndless
