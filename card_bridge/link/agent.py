"""The agent: woken by the stream, it asks for the other screen's digits, shows what is to be signed, brings the answer.

The PIN goes to the card, the code to the bank; neither is kept or logged. Where the bank is gone, the same request is
sent again as long as the hand-over lives: nothing is spent for it twice.
"""

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeAlias, TypeVar

from approvals.model.policy import Means
from approvals.model.proof import Answer
from approvals.model.reader import ReaderInput
from card_bridge.link import words
from card_bridge.link.bank import ActionAsked, Bank, ReaderAsked, Waiting
from card_bridge.link.refusals import LinkRefusal, ServerGone, ServerRefused
from card_bridge.link.screen import Screen
from card_bridge.link.statement import statement_text
from card_bridge.readers.base import PinEntry
from card_bridge.refusals import BridgeRefusal, CardBlocked

Result = TypeVar("Result")
CodeOf: TypeAlias = Callable[[ReaderInput, PinEntry], str]
"""Gets the digits of a card for what is asked; blocks while the person types. Raises BridgeRefusal."""

_RANDOM: Final = random.SystemRandom()
_ANSWER_SECONDS: Final = 120.0
"""How long an answer is brought again; the bank's own limit for it is the same."""
_LONGEST_PAUSE: Final = 5.0
_HANDOVER: Final = "handover_"


class Agent:
    """One hand-over at a time; another waits until this one is done with."""

    def __init__(self, bank: Bank, screen: Screen, code_of: CodeOf) -> None:
        self._bank = bank
        self._screen = screen
        self._code_of = code_of
        self._woken = asyncio.Event()

    def wake(self, kind: str) -> None:
        """Look again: the stream is up to date, or something happened to a hand-over."""
        if kind == "synced" or kind.startswith(_HANDOVER):
            self._woken.set()

    async def run(self) -> None:
        """Attend to what waits, for ever."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            with suppress(ServerGone, ServerRefused):
                for waiting in await self._bank.waiting():
                    await self._attend(waiting)

    async def _attend(self, waiting: Waiting) -> None:
        try:
            digits = await self._ask_digits(waiting)
            if digits is None:
                self._screen.show(words.GONE[self._screen.language])
            elif not digits:
                await self._give_back(waiting.id)
            else:
                await self._sign(waiting.id, await self._bring(lambda: self._bank.take(waiting.id, digits)))
        except BridgeRefusal as refusal:
            self._screen.show(refusal.sentence(self._screen.language))

    async def _ask_digits(self, waiting: Waiting) -> str | None:
        """Return what was typed; None once it is taken elsewhere or too late."""
        typing = asyncio.create_task(self._screen.ask(words.DIGITS[self._screen.language]))
        try:
            while time.time() * 1000 < waiting.expires:
                woken = asyncio.create_task(self._woken.wait())
                left = waiting.expires / 1000 - time.time()
                await asyncio.wait({typing, woken}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                woken.cancel()
                if typing.done():
                    return typing.result()
                if self._woken.is_set() and not await self._still_waits(waiting.id):
                    return None
            return None
        finally:
            typing.cancel()
            with suppress(asyncio.CancelledError):
                await typing

    async def _still_waits(self, handover: str) -> bool:
        self._woken.clear()
        listed = [each.id for each in await self._bank.waiting()]
        if set(listed) - {handover}:
            self._woken.set()  # another waits: it is next
        return handover in listed

    async def _sign(self, handover: str, asked: ActionAsked) -> None:
        """Show it, have the card answer, bring the answer; whatever goes wrong on the way, the screen is told."""
        self._screen.language = asked.statement.language
        try:
            reader = await self._choose_reader(asked)
            if reader is None or not await self._is_wanted(asked, reader):
                await self._give_back(handover)
                return
            code = await self._code(reader)
        except BridgeRefusal as refusal:
            self._screen.show(refusal.sentence(self._screen.language))
            await self._give_back(handover)
            return
        await self._answer(handover, reader, code, asked)

    async def _answer(self, handover: str, reader: ReaderAsked, code: str, asked: ActionAsked) -> None:
        request = uuid.uuid4().hex
        proof = {"method": "cap", "code": code, "card": reader.card.id}
        answered = await self._bring(lambda: self._bank.answer(handover, proof, request))
        verdict = words.VERDICTS[answered.answer][self._screen.language].format(left=answered.attempts_left)
        self._screen.show(verdict if answered.warning is None else f"{verdict} {answered.warning}")
        if answered.answer is Answer.PROOF_REFUSED and answered.attempts_left:
            await self._sign(handover, asked)

    async def _choose_reader(self, asked: ActionAsked) -> ReaderAsked | None:
        """Return what the person's card is asked; None where it is no card's to answer."""
        challenge = asked.challenge
        if challenge is None or challenge.means is not Means.CAP or not challenge.readers:
            self._screen.show(words.UNSIGNABLE[self._screen.language])
            return None
        if len(challenge.readers) == 1:
            return challenge.readers[0]
        choices = ", ".join(reader.card.last4 for reader in challenge.readers)
        named = await self._screen.ask(words.WHICH_CARD[self._screen.language].format(choices=choices))
        return next((reader for reader in challenge.readers if reader.card.last4 == named), None)

    async def _is_wanted(self, asked: ActionAsked, reader: ReaderAsked) -> bool:
        question = words.SIGN[self._screen.language].format(last4=reader.card.last4)
        return await self._screen.confirm(statement_text(asked), question)

    async def _code(self, reader: ReaderAsked) -> str:
        """Return what the card shows; a chip that is blocked is reported."""
        self._screen.show(words.INSERT[self._screen.language].format(last4=reader.card.last4))
        try:
            return await asyncio.to_thread(self._code_of, reader.typed(), self._screen)
        except CardBlocked:
            with suppress(LinkRefusal):
                self._screen.show(await self._bring(lambda: self._bank.report_blocked(reader.card.id)))
            raise

    async def _give_back(self, handover: str) -> None:
        self._screen.show(words.NOT_SIGNED[self._screen.language])
        with suppress(ServerRefused, ServerGone):
            await self._bank.give_back(handover)

    async def _bring(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        """Ask until the bank answers, or there is no use in it any more. Raises ServerRefused, ServerGone."""
        ends = time.monotonic() + _ANSWER_SECONDS
        pause = 0.5
        while True:
            try:
                return await ask()
            except (ServerGone, ServerRefused) as failure:
                is_passing = isinstance(failure, ServerGone) or failure.is_passing
                if not is_passing or time.monotonic() >= ends:
                    raise
            self._screen.show(words.TRYING[self._screen.language])
            await asyncio.sleep(_RANDOM.uniform(0.2, pause))
            pause = min(pause * 2, _LONGEST_PAUSE)
