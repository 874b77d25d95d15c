"""Conversations without a reader: a chip asked directly, and the transcripts of the public vectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from approvals.cap.profile import profile_for
from approvals.cap.tables import published_profiles
from approvals.model.reader import CODE_KEY, CapMode, ReaderInput
from card_bridge.conversation import Conversation
from card_bridge.emv.apdu import Transport
from card_bridge.readers.base import carry
from deploy.demo.card import Card, personalise
from deploy.demo.virtual_card.transport import Answering
from tests.log_watch import never_log

ISSUER_KEY: Final = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
FRENCH, TREE, TDS = "4761739001010010", "5413330089010012", "6799998900000010"
PIN: Final = "580213"
_VECTORS: Final = Path(__file__).parents[1] / "vectors" / "cap.json"


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One vector with a transcript; `mode` M1 is CODE or Respond, M2 is TDS."""

    id: str
    expect: str
    mode: str
    user_data: str
    transcript: dict[str, str]

    @property
    def typed(self) -> ReaderInput:
        if self.mode == "M2":
            return ReaderInput(mode=CapMode.TDS, fields=(self.user_data,))
        return ReaderInput(mode=CapMode.RESPOND, digits=self.user_data) if self.user_data else CODE_KEY


def heard() -> list[Heard]:
    vectors = msgspec.json.decode(_VECTORS.read_bytes())["vectors"]
    return [msgspec.convert(vector, Heard) for vector in vectors if "transcript" in vector]


def new_card(path: Path, pan: str = FRENCH) -> Card:
    never_log(PIN)
    profile = profile_for(pan, published_profiles())
    return personalise(path, issuer_key=ISSUER_KEY, pan=pan, psn="01", profile=profile, pin=PIN)


@dataclass(slots=True)
class Slot:
    """A card in a reader without a pad, asked directly; keeps what was sent."""

    behind: Answering
    transport: Transport = Transport.T0
    has_pad: bool = False
    sent: list[bytes] = field(default_factory=list)

    def transmit(self, command: Sequence[int]) -> bytes:
        self.sent.append(bytes(command))
        return self.behind.answer(bytes(command))

    def verify_on_pad(self) -> bytes:
        raise NotImplementedError


@dataclass(slots=True)
class Fingers:
    """Types one PIN after the other, and keeps what was shown and what was typed with."""

    pins: list[str]
    shown: list[int | None] = field(default_factory=list)
    buffers: list[bytearray] = field(default_factory=list)

    def type_pin(self, tries_left: int | None) -> bytearray:
        self.shown.append(tries_left)
        self.buffers.append(bytearray(self.pins.pop(0).encode()))
        return self.buffers[-1]

    def announce_pad(self, tries_left: int | None) -> None:
        self.shown.append(tries_left)


def code_from(talk: Conversation, behind: Answering, *pins: str, transport: Transport = Transport.T0) -> str:
    return carry(talk, Slot(behind, transport), Fingers(list(pins or [PIN]))).digits
