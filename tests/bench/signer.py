"""A signer: the device that is told, the card that makes the code, the answer that goes back."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Final

from approvals.cap.cryptogram import card_values, cryptogram_for, terminal_values
from approvals.cap.keys import derive_card_key
from approvals.cap.token import ARQC, CardResponse, code_of
from approvals.errors import ProofNotChecked
from approvals.model.action import ActionStatus
from approvals.model.proof import Answer
from approvals.model.reader import ReaderInput
from channels.frames import from_device, from_server
from channels.frames.content import ActionContent, CapCode, ReaderContent
from tests.bench.device import Device, Line
from tests.bench.jobs import JobFailed
from tests.bench.residents import PSN, Resident, profile

_PROFILE: Final = profile()
_BREATH: Final = 0.1  # seconds before what may be asked again is asked again


class Card:
    """A chip: its own key, and its counter, which never goes back (EMV book 2, A1.4)."""

    def __init__(self, issuer_key: bytes, pan: str, atc: int) -> None:
        self._key = derive_card_key(_PROFILE.card_key_option, issuer_key, pan, PSN)
        self.atc = atc

    def code(self, asked: ReaderInput) -> str:
        """Return what the reader shows once this was typed."""
        self.atc += 1
        message = terminal_values(_PROFILE, asked) + card_values(_PROFILE, self.atc)
        cryptogram = cryptogram_for(_PROFILE, self._key, atc=self.atc, message=message)
        response = CardResponse(psn=PSN, cid=ARQC, atc=self.atc, cryptogram=cryptogram, iad=_PROFILE.iad)
        return code_of(_PROFILE.layout, response)


@dataclass(slots=True, kw_only=True)
class Approval:
    """One action on its way; times are monotonic seconds, 0 until it happened."""

    began: float
    asked: asyncio.Future[ActionContent] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    ended: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    told: float = 0.0
    answered: float = 0.0
    released: float = 0.0
    shown: float = 0.0
    asked_again: int = 0


class UnderWay:
    """Every approval under way, by the core's reference."""

    def __init__(self) -> None:
        self._approvals: dict[str, Approval] = {}

    def begin(self, reference: str, approval: Approval) -> None:
        self._approvals[reference] = approval

    def forget(self, reference: str) -> None:
        self._approvals.pop(reference, None)

    def released(self, reference: str) -> None:
        """The core was handed the release."""
        approval = self._approvals.get(reference)
        if approval is not None:
            approval.released = time.monotonic()

    def shown(self, action: ActionContent) -> None:
        """The signer's device shows the action: as something to sign, or as carried out."""
        approval = self._approvals.get(action.reference or "")
        if approval is None:
            return
        if action.status is ActionStatus.RELEASED and not approval.ended.done():
            approval.shown = time.monotonic()
            approval.ended.set_result(None)
        elif action.status is ActionStatus.PENDING and not approval.asked.done():
            approval.told = time.monotonic()
            approval.asked.set_result(action)


class Signer:
    """Signs what their device shows, one approval at a time."""

    def __init__(self, company: int, line: Line, card: Card, under_way: UnderWay) -> None:
        resident = Resident(company=company, number="1")
        self.company = company
        self.device = Device(resident, line, self._take, login=resident.login_token)
        self.card = card
        self._under_way = under_way
        self._results: dict[str, asyncio.Future[from_server.Result]] = {}

    async def answer(self, action: ActionContent, approval: Approval) -> None:
        """Type what is asked into the reader and send its code, as often as the server asks for it again.

        Raises JobFailed unless it is accepted.
        """
        challenge = action.challenge
        if challenge is None or challenge.reader is None:
            raise JobFailed("the signer was told of an action they cannot answer")
        asked = _typed(challenge.reader)
        frame = self._frame(challenge.id, asked)
        approval.answered = time.monotonic()
        while (result := await self._send(frame)).answered is None:
            if result.error is None or not result.error.retryable:
                raise JobFailed(f"a right code came to nothing: {result.error}")
            approval.asked_again += 1
            await asyncio.sleep(_BREATH)
            if result.error.code == ProofNotChecked.code:
                frame = self._frame(challenge.id, asked)  # the same request would be answered the same
        if result.answered.answer is not Answer.ACCEPTED:
            raise JobFailed(f"a right code was answered {result.answered.answer}")

    def _frame(self, challenge_id: str, asked: ReaderInput) -> from_device.Answer:
        proof = CapCode(code=self.card.code(asked))
        return from_device.Answer(req=str(uuid.uuid4()), challenge=challenge_id, proof=proof)

    async def _send(self, frame: from_device.Answer) -> from_server.Result:
        result: asyncio.Future[from_server.Result] = asyncio.get_running_loop().create_future()
        self._results[frame.req] = result
        await self.device.send(frame)
        return await result

    async def acknowledge(self) -> None:
        """Tell the server what is kept: once an approval, for the stream takes 60 frames a minute."""
        await self.device.send(from_device.Ack(s=self.device.read_up_to))

    def _take(self, frame: from_server.FromServer) -> None:
        match frame:
            case from_server.Event(action=ActionContent() as action):
                self._under_way.shown(action)
            case from_server.Result():
                waiting = self._results.pop(frame.req, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
            case _:
                pass


def _typed(reader: ReaderContent) -> ReaderInput:
    return ReaderInput(
        mode=reader.mode,
        digits=reader.digits,
        amount=reader.amount,
        currency=reader.currency,
        fields=tuple(reader.fields),
    )
