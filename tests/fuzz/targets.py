"""What `make fuzz` feeds with bytes: each target takes any bytes and may raise nothing.

A refusal of the parser's own tree is an answer; anything else that escapes is the crash atheris reports.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from approvals.certificates import signature
from approvals.certificates.signature import Algorithm, SignedType
from approvals.certificates.signature_refusals import SignatureRefused
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
_SIGNED: Final = "A" * 86
"""A signature's length in base64url: 64 bytes of zero."""


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


def jws(fed: bytes) -> None:
    """A signature as the wire brings it: the bytes as the whole text, as the header in it, as the certificate in that.

    What can be read is verified by the certificate it claims, which is the stranger's too. A mutation of the text alone
    would hardly pass base64 and thumbprint.
    """
    header = urlsafe_b64encode(fed).decode().rstrip("=")
    claimed = signature.header(fed, Algorithm.ES256, SignedType.APPROVAL)
    for text in (fed.decode("latin-1"), f"{header}..{_SIGNED}", f"{claimed}..{_SIGNED}"):
        with suppress(SignatureRefused):
            read = signature.read_detached(text)
            signature.verify(read, read.typ, b"{}", read.x5c)


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {"tlv": tlv, "apdu": apdu, "jws": jws}
