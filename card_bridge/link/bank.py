"""What a paired bridge asks the bank about hand-overs; each act is signed for by itself, over a fresh number."""

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from approvals.credentials.device import CARD_BLOCKED
from approvals.credentials.handover import Act, purpose
from approvals.model.ids import HandoverId
from approvals.model.person import Language
from approvals.model.policy import Means
from approvals.model.proof import Answer
from approvals.model.reader import CapMode, ReaderInput
from card_bridge.link.identity import Paired, sign
from card_bridge.link.server import Nothing, Server, Wanted


class Waiting(msgspec.Struct, frozen=True):
    """A hand-over that waits for its digits; `expires` in milliseconds since 1970."""

    id: str
    expires: int


class CardAsked(msgspec.Struct, frozen=True):
    """A card of the person's, by what is printed on it."""

    id: str
    last4: str


class ReaderAsked(msgspec.Struct, frozen=True):
    """What is typed into the reader for one card."""

    mode: CapMode
    digits: str
    amount: int | None
    currency: str | None
    fields: tuple[str, ...]
    card: CardAsked

    def typed(self) -> ReaderInput:
        return ReaderInput(
            mode=self.mode, digits=self.digits, amount=self.amount, currency=self.currency, fields=self.fields
        )


class ChallengeAsked(msgspec.Struct, frozen=True):
    """What the person is asked; `readers` has one entry a card, `envelope` is null where no certificate signs."""

    id: str
    means: tuple[Means, ...]
    readers: tuple[ReaderAsked, ...]
    envelope: msgspec.Raw


class StatementAsked(msgspec.Struct, frozen=True):
    """What is to be signed: the facts as the bank wrote them (RFC 8785), and their digest."""

    facts: msgspec.Raw
    sha256: str
    language: Language


class ActionAsked(msgspec.Struct, frozen=True):
    """What was taken over."""

    kind: str
    statement: StatementAsked
    challenge: ChallengeAsked | None


class Answered(msgspec.Struct, frozen=True):
    """The verdict; `warning` where few attempts are left."""

    answer: Answer
    attempts_left: int
    warning: str | None


class _Listed(msgspec.Struct):
    items: list[Waiting]


class _Nonce(msgspec.Struct):
    nonce: str


class _Told(msgspec.Struct):
    text: str


class Bank:
    """The bank of one paired bridge. Every call raises ServerRefused, ServerGone, ServerChanged."""

    def __init__(self, paired: Paired) -> None:
        self._paired = paired
        self._server = Server(paired.address, paired.pin)
        self._headers = {"Authorization": f"Bearer {paired.token}"}

    async def waiting(self) -> Sequence[Waiting]:
        return (await self._ask("GET", "/v1/handovers", _Listed)).items

    async def take(self, handover: str, digits: str) -> ActionAsked:
        return await self._act(Act.TAKE, handover, f"/v1/handovers/{handover}/digits", ActionAsked, {"digits": digits})

    async def answer(self, handover: str, proof: Mapping[str, str], request: str) -> Answered:
        """The same `request` again is the same answer: nothing is spent for it twice."""
        path, form = f"/v1/handovers/{handover}/answers", {"proof": proof}
        return await self._act(Act.ANSWER, handover, path, Answered, form, {"Idempotency-Key": request})

    async def give_back(self, handover: str) -> None:
        await self._act(Act.GIVE_BACK, handover, f"/v1/handovers/{handover}/return", Nothing, {})

    async def report_blocked(self, card: str) -> str:
        """Return what the person is to do, in their language."""
        form = {"card": card, "device": await self._signed(f"{CARD_BLOCKED} {card}")}
        return (await self._ask("POST", "/v1/cards/blocked", _Told, form)).text

    async def _act(
        self,
        act: Act,
        handover: str,
        path: str,
        wanted: type[Wanted],
        form: Mapping[str, object],
        headers: Mapping[str, str] | None = None,
    ) -> Wanted:
        device = await self._signed(purpose(act, HandoverId(handover)))
        return await self._ask("POST", path, wanted, {**form, "device": device}, headers)

    async def _signed(self, signed_for: str) -> Mapping[str, str]:
        nonce = (await self._ask("POST", "/v1/nonces", _Nonce)).nonce
        signature = sign(self._paired, signed_for, nonce)
        return {"device": self._paired.device, "nonce": nonce, "signature": signature}

    async def _ask(
        self,
        method: str,
        path: str,
        wanted: type[Wanted],
        form: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Wanted:
        every = {**self._headers, **(headers or {})}
        return await asyncio.to_thread(self._server.ask, method, path, wanted, form=form, headers=every)
