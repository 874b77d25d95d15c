"""What `make fuzz` feeds with bytes: each target takes any bytes and may raise nothing.

A refusal of the parser's own tree is an answer; anything else that escapes is the crash atheris reports.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from approvals.model.reader import CODE_KEY, CapMode, ReaderInput
from card_bridge.conversation import conversation
from card_bridge.emv.apdu import read_response
from card_bridge.emv.refusals import CardRefusal
from card_bridge.emv.tlv import by_tag, read_objects
from card_bridge.refusals import BridgeRefusal

_TYPED: Final = (
    CODE_KEY,
    ReaderInput(mode=CapMode.RESPOND, digits="27890189"),
    ReaderInput(mode=CapMode.SIGN, digits="1", amount=5, currency="EUR"),
    ReaderInput(mode=CapMode.TDS, fields=("12", "345")),
)


def tlv(fed: bytes) -> None:
    """The objects of an answer."""
    with suppress(CardRefusal):
        by_tag(read_objects(fed))


def apdu(fed: bytes) -> None:
    """A whole conversation: the first byte chooses what was typed, then come answers behind a byte of length."""
    talk = conversation(_TYPED[fed[0] % len(_TYPED)] if fed else CODE_KEY)
    rest = fed[1:]
    with suppress(BridgeRefusal, StopIteration):
        next(talk)
        while rest:
            answer, rest = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
            talk.send(read_response(answer))


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {"tlv": tlv, "apdu": apdu}
