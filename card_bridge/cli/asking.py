"""Where the agent asks its person: the terminal it runs in, or a program that asks where there is none.

Such a program (`ssh-askpass` and its kin) takes the question as its argument and writes the answer; with
SSH_ASKPASS_PROMPT=confirm it asks for a yes. It is how a service without a terminal asks on the desktop.
"""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import Process

from approvals.model.person import Language
from card_bridge.cli.screen import Keyboard, read_line
from card_bridge.link import words
from card_bridge.refusals import PinNotTyped


class Terminal(Keyboard):
    """The terminal the agent was started in."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def show(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    async def ask(self, question: str) -> str:
        sys.stdout.write(question)
        sys.stdout.flush()
        return await _typed_line()

    async def confirm(self, statement: str, question: str) -> bool:
        self.show(statement)
        return (await self.ask(question)).casefold() in words.YES


class AskProgram:
    """A program that asks on the desktop."""

    def __init__(self, program: str, language: Language, pin: words.Words = words.PIN) -> None:
        """`pin` says whose PIN is asked: the card's, or the USB key's."""
        self.language = language
        self._program = program
        self._pin = pin

    def show(self, text: str) -> None:
        """Tell it to the service's log: what is to be signed stands in the question."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    async def ask(self, question: str) -> str:
        asking = await asyncio.create_subprocess_exec(self._program, question, stdout=subprocess.PIPE)
        answer = await _answer_of(asking)
        return answer.decode().strip() if asking.returncode == 0 else ""

    async def confirm(self, statement: str, question: str) -> bool:
        told = {**os.environ, "SSH_ASKPASS_PROMPT": "confirm"}
        asking = await asyncio.create_subprocess_exec(
            self._program, f"{statement}\n\n{question}", stdout=subprocess.PIPE, env=told
        )
        await _answer_of(asking)
        return asking.returncode == 0

    def type_pin(self, tries_left: int | None) -> bytearray:
        """Raises PinNotTyped when the question was cancelled."""
        question = self._pin[self.language] + self._tries(tries_left)
        asked = subprocess.run([self._program, question], stdout=subprocess.PIPE, check=False)  # noqa: S603  # the person's own choice
        typed = bytearray(asked.stdout.strip())
        if asked.returncode != 0 or not typed:
            raise PinNotTyped
        return typed

    def announce_pad(self, tries_left: int | None) -> None:
        self.show(words.ON_PAD[self.language] + self._tries(tries_left))

    def warn_of_lost_tries(self) -> None:
        self.show(words.LOST_TRIES[self.language])

    def _tries(self, tries_left: int | None) -> str:
        return "" if tries_left is None else words.TRIES[self.language].format(tries=tries_left)


async def _answer_of(asking: Process) -> bytes:
    """Wait for the program; a question that is cancelled leaves the desktop."""
    try:
        answer, _ = await asking.communicate()
    except asyncio.CancelledError:
        asking.terminate()
        await asking.wait()
        raise
    return answer


async def _typed_line() -> str:
    """Wait for a line without a thread, which could not be called back; an input that ended is a no."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ready.set)
    try:
        await ready.wait()
        return read_line(sys.stdin.fileno()).decode(errors="replace").strip()
    finally:
        loop.remove_reader(sys.stdin.fileno())
