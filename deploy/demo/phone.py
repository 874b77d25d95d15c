"""The signer's phone as a process: its screen on the output, what is typed on the input.

    python -m deploy.demo.phone FILE --server URL

The first time it makes its own key and is enrolled with confidential code and CAP code. Then it stays connected to
the stream, shows exactly what will be signed, and takes the reader's code or the word `refuse`; `stream` shows its
frames as they come, or hides them again. It knows nothing of the card: the digits come through a person.
"""

import asyncio
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import aiohttp

from approvals.model.challenge import RefusalReason
from approvals.model.proof import Answer as Verdict
from channels.frames import from_device, from_server
from channels.frames.content import ActionContent, CapCode
from deploy.demo import phone_screen as screen
from deploy.demo.phone_bank import BankRefused, PhoneBank
from deploy.demo.phone_identity import PhoneIdentity
from deploy.demo.phone_stream import PhoneStream
from deploy.demo.typed_lines import typed_lines

_REFUSE: Final = "refuse"
_STREAM: Final = "stream"


class Phone:
    """What the phone knows while it is on: whether its person is signed in, and what they were asked to sign."""

    def __init__(self, bank: PhoneBank, stream: PhoneStream, frames: screen.FrameView) -> None:
        self._bank = bank
        self._stream = stream
        self._frames = frames
        self._asked: dict[str, ActionContent] = {}
        self._level = from_server.Level.DEVICE_BOUND

    # --- what is typed ------------------------------------------------------------------------------------

    async def enrol(self, typed: AsyncIterator[str]) -> None:
        """Ask for confidential code and CAP code until the bank takes them."""
        screen.show(screen.FIRST_USE)
        while self._stream.login is None:
            screen.show(screen.CONFIDENTIAL_CODE)
            code = await anext(typed)
            screen.show(screen.FIRST_CODE)
            try:
                self._stream.login = await self._bank.enrol(code, await anext(typed))
            except BankRefused as refusal:
                screen.show(str(refusal))
        screen.show(screen.ENROLLED)

    async def take_typed(self, line: str) -> None:
        """A confidential code when nobody is signed in, else a reader's code or a refusal for what is asked."""
        if line == _STREAM:
            self._frames.switch()
            return
        if self._stream.login is None:
            await self._sign_in(line)
            return
        challenge = self._current_challenge()
        if challenge is None:
            screen.show(screen.NOTHING_ASKED)
        elif line == _REFUSE:
            refusal = from_device.Refuse(req=uuid.uuid4().hex, challenge=challenge, reason=RefusalReason.OTHER)
            await self._stream.send(refusal)
        elif line.isascii() and line.isdigit():
            answer = from_device.Answer(req=uuid.uuid4().hex, challenge=challenge, proof=CapCode(code=line))
            await self._stream.send(answer)
        else:
            screen.show(screen.ANSWER)

    async def _sign_in(self, code: str) -> None:
        try:
            self._stream.login = await self._bank.sign_in(code)
        except BankRefused as refusal:
            screen.show(str(refusal))
            screen.show(screen.CONFIDENTIAL_CODE)
            return
        await self._stream.send(from_device.Auth(token=self._stream.login))

    # --- what comes ---------------------------------------------------------------------------------------

    async def take_frame(self, frame: from_server.FromServer) -> None:
        match frame:
            case from_server.Welcome():
                self._take_level(frame.level)
            case from_server.Synced():
                screen.show(screen.CONNECTED)
                await self._look()
            case from_server.LevelChanged():
                if self._take_level(frame.level):
                    await self._look()
            case from_server.Event(action=None):
                screen.show(frame.words)
            case from_server.Event(action=action) if action is not None:
                self._take_action(action)
            case from_server.Result():
                _show_result(frame)
            case from_server.Error():
                screen.show_trouble(frame.code)
            case _:
                pass

    def _take_level(self, level: from_server.Level) -> bool:
        """Note the level; say whether somebody is signed in who was not."""
        before, self._level = self._level, level
        if level is from_server.Level.DEVICE_BOUND and self._stream.login is not None:
            self._stream.login = None
            screen.show(screen.LEVEL_ENDED)
            screen.show(screen.CONFIDENTIAL_CODE)
        return before is not level and level is from_server.Level.SIGNED_IN

    async def _look(self) -> None:
        """Show what waits already: what came while the phone was off, or nobody was signed in."""
        if self._stream.login is not None and self._level is from_server.Level.SIGNED_IN:
            for action in (await self._bank.snapshot(self._stream.login)).actions:
                self._take_action(action)

    def _take_action(self, action: ActionContent) -> None:
        is_asked = action.challenge is not None and action.challenge.reader is not None
        if is_asked and action.id not in self._asked:
            self._asked[action.id] = action
            screen.show_request(action)
        if not is_asked:
            self._asked.pop(action.id, None)
            screen.show_end(action)

    def _current_challenge(self) -> str | None:
        """The one shown first and still open."""
        return next((action.challenge.id for action in self._asked.values() if action.challenge is not None), None)


def _show_result(result: from_server.Result) -> None:
    if result.error is not None:
        screen.show(result.error.detail)
    elif result.refused is not None:
        screen.show(screen.REFUSED)
    elif result.answered is not None and result.answered.answer is Verdict.ACCEPTED:
        screen.show(screen.ACCEPTED)
    elif result.answered is not None and result.answered.answer is Verdict.TOO_LATE:
        screen.show(screen.TOO_LATE)
    elif result.answered is not None:
        screen.show_wrong_code(result.answered.attempts_left)


async def run(file: Path, server: str) -> None:
    """Be the phone until the input ends."""
    identity = PhoneIdentity(file, server)
    typed = typed_lines()
    async with aiohttp.ClientSession() as session:
        frames = screen.FrameView()
        stream = PhoneStream(server, identity, frames.watch)
        phone = Phone(PhoneBank(session, server, identity), stream, frames)
        if not identity.device:
            await phone.enrol(typed)
        else:
            screen.show(screen.CONFIDENTIAL_CODE)
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(stream.listen(phone.take_frame))
            async for line in typed:
                await phone.take_typed(line)
            listening.cancel()


def main() -> None:
    """Read where the phone's file and the bank are, and be the phone."""
    parser = ArgumentParser(prog="python -m deploy.demo.phone", description="The signer's phone of the demo.")
    parser.add_argument("file", type=Path, help="where the phone keeps its key")
    parser.add_argument("--server", required=True, help="where Contreseing is")
    chosen = parser.parse_args()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # whoever reads it reads accents, whatever the locale
    asyncio.run(run(chosen.file, chosen.server))


if __name__ == "__main__":
    main()
