"""The agent: woken by the stream, it asks for the other screen's digits, shows what is to be signed, brings the answer.

The PIN goes to card or key, code or signature to the bank; none is kept or logged. Where the bank is gone, the same
request is sent again as long as the hand-over lives: nothing is spent for it twice.
"""

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, TypeAlias, TypeVar

from approvals.model.proof import Answer
from card_bridge.link import choice, words
from card_bridge.link.bank import ActionAsked, Bank, ReaderAsked, Waiting
from card_bridge.link.choice import Choice
from card_bridge.link.refusals import LinkRefusal, ServerGone, ServerRefused
from card_bridge.link.screen import Screen
from card_bridge.link.statement import key_statement_text, statement_for_key, statement_text
from card_bridge.readers.base import PinEntry
from card_bridge.refusals import BridgeRefusal, CardBlocked
from card_bridge.tokens.certificates import Found
from card_bridge.tokens.pkcs11 import UsbKeys
from card_bridge.tokens.refusals import KeyPinWrong, TokenRefusal

Result = TypeVar("Result")
CodeOf: TypeAlias = Callable[[ReaderAsked, PinEntry], str]
"""Gets the digits of a card for what is asked; blocks while the person types. Raises BridgeRefusal."""
Proof: TypeAlias = Mapping[str, str]
"""As the bank takes it: `method`, and what goes with it."""

_RANDOM: Final = random.SystemRandom()
_ANSWER_SECONDS: Final = 120.0
"""How long an answer is brought again; the bank's own limit for it is the same."""
_LONGEST_PAUSE: Final = 5.0
_HANDOVER: Final = "handover_"


class Agent:
    """One hand-over at a time; another waits until this one is done with."""

    def __init__(self, bank: Bank, screen: Screen, code_of: CodeOf, keys: UsbKeys | None) -> None:
        """`keys` where the person has a USB key's driver."""
        self._bank = bank
        self._screen = screen
        self._code_of = code_of
        self._keys = keys
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
        """Show it, have it signed, bring the answer; whatever goes wrong on the way, the screen is told."""
        self._screen.language = asked.statement.language
        try:
            proof = await self._proof(asked)
        except BridgeRefusal as refusal:
            self._screen.show(refusal.sentence(self._screen.language))
            proof = None
        if proof is None:
            await self._give_back(handover)
        else:
            await self._answer(handover, proof, asked)

    async def _answer(self, handover: str, proof: Proof, asked: ActionAsked) -> None:
        request = uuid.uuid4().hex
        answered = await self._bring(lambda: self._bank.answer(handover, proof, request))
        verdict = words.VERDICTS[answered.answer][self._screen.language].format(left=answered.attempts_left)
        self._screen.show(verdict if answered.warning is None else f"{verdict} {answered.warning}")
        if answered.answer is Answer.PROOF_REFUSED and answered.attempts_left:
            await self._sign(handover, asked)

    async def _proof(self, asked: ActionAsked) -> Proof | None:
        """Return what the person signed with what they chose; None for a no. Raises BridgeRefusal."""
        match await self._choose(asked):
            case ReaderAsked() as reader:
                return await self._by_card(asked, reader)
            case Found() as found if self._keys is not None:
                return await self._by_key(asked, found, self._keys)
            case _:
                return None

    async def _choose(self, asked: ActionAsked) -> Choice | None:
        """Return the one there is, or the one the person names; None where nothing here can sign it."""
        choices: list[Choice] = [*choice.cards(asked), *await self._certificates(asked)]
        if not choices:
            self._screen.show(words.UNSIGNABLE[self._screen.language])
            return None
        if len(choices) == 1:
            return choices[0]
        return choice.chosen(choices, await self._screen.ask(choice.question(choices, self._screen.language)))

    async def _certificates(self, asked: ActionAsked) -> Sequence[Found]:
        """Look at the keys plugged in; that none serves matters only where no card could sign. Raises TokenRefusal."""
        if self._keys is None or not choice.takes_certificate(asked):
            return ()
        try:
            return choice.fitting(await asyncio.to_thread(self._keys.certificates), _now())
        except TokenRefusal:
            if choice.cards(asked):
                return ()
            raise

    async def _by_card(self, asked: ActionAsked, reader: ReaderAsked) -> Proof | None:
        """Have the card answer; a chip that is blocked is reported."""
        if not await self._is_wanted(statement_text(asked), reader):
            return None
        self._screen.show(words.INSERT[self._screen.language].format(last4=reader.card.last4))
        try:
            code = await asyncio.to_thread(self._code_of, reader, self._screen)
        except CardBlocked:
            with suppress(LinkRefusal):
                self._screen.show(await self._bring(lambda: self._bank.report_blocked(reader.card.id)))
            raise
        return {"method": "cap", "code": code, "card": reader.card.id}

    async def _by_key(self, asked: ActionAsked, found: Found, keys: UsbKeys) -> Proof | None:
        """Have the key sign what was written out here; a wrong PIN is asked again, as the key lets it."""
        written = statement_for_key(asked, _now())
        if not await self._is_wanted(key_statement_text(written), found):
            return None
        while True:
            try:
                jws = await asyncio.to_thread(keys.sign_approval, found, written)
            except KeyPinWrong as refusal:
                self._screen.show(refusal.sentence(self._screen.language))
            else:
                return {"method": "certificate", "jws": jws}

    async def _is_wanted(self, text: str, chosen: Choice) -> bool:
        language = self._screen.language
        return await self._screen.confirm(text, words.SIGN[language].format(choice=choice.name(chosen, language)))

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


def _now() -> datetime:
    """Return this PC's time: enough to choose a certificate by and to see what expired; the bank has its own."""
    return datetime.fromtimestamp(time.time(), UTC)
