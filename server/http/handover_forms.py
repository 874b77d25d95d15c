"""What is sent and given over HTTP about hand-overs to a card bridge, and what a bridge reports."""

from typing_extensions import override

from approvals.model.handover import HandoverStatus
from approvals.model.proof import Answer
from channels.frames.content import OfferedCode
from channels.frames.fields import CardName, Id, Milliseconds
from server.http.access_forms import DigitsForm
from server.http.forms import DeviceProof, Form, Given


class BridgeActForm(Form, frozen=True, kw_only=True):
    """The bridge's signature over a nonce of POST /v1/nonces, for `handover <act> <id>`: take, answer, give-back."""

    device: DeviceProof


class BridgeDigitsForm(DigitsForm, frozen=True, kw_only=True):
    """The two digits the screen shows, and the bridge's signature for `handover take <id>`."""

    device: DeviceProof


class BridgeAnswerForm(Form, frozen=True, kw_only=True):
    """The proof, and the bridge's signature for `handover answer <id>`."""

    proof: OfferedCode
    device: DeviceProof

    @override
    def __repr__(self) -> str:
        return "BridgeAnswerForm(…)"


class BlockedCardForm(Form, frozen=True, kw_only=True):
    """The card whose chip is blocked, and the bridge's signature for `card-blocked <card>`."""

    card: CardName
    device: DeviceProof


class AskedHandoverContent(Given, frozen=True, kw_only=True):
    """The two digits to be shown, told this once; to be typed at the bridge until then."""

    id: Id
    digits: str
    expires: Milliseconds


class HandoverContent(Given, frozen=True, kw_only=True):
    """How far a hand-over is, and the last verdict the bridge brought, null before one."""

    id: Id
    challenge: Id
    status: HandoverStatus
    answer: Answer | None
    expires: Milliseconds


class WaitingHandoverContent(Given, frozen=True, kw_only=True):
    """A hand-over that waits for its digits; what it is about is told behind them."""

    id: Id
    asked: Milliseconds
    expires: Milliseconds
