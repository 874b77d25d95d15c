"""Where the agent asks its person: the terminal it runs in, or a program that asks, where it runs without one.

Such a program (`ssh-askpass` and its kin) takes the question as its argument and writes the answer; with
SSH_ASKPASS_PROMPT=confirm it asks for a yes. It is how a service without a terminal asks on the desktop.
"""

import asyncio
import getpass
import os
import subprocess
import sys
from typing import Protocol

from typing_extensions import override

from approvals.model.person import Language
from card_bridge.link import words
from card_bridge.refusals import PinNotTyped


class Screen(Protocol):
    """Shows and asks. `language` is the person's; a cancelled question is taken back."""

    language: Language

    def show(self, text: str) -> None: ...

    async def ask(self, question: str) -> str:
        """Return what was typed; empty for a no."""
        ...

    async def confirm(self, statement: str, question: str) -> bool:
        """Show what is to be signed; say whether it shall be."""
        ...

    def type_pin(self, tries_left: int | None) -> bytearray:
        """Return the digits typed unseen. Raises PinNotTyped."""
        ...

    def announce_pad(self, tries_left: int | None) -> None: ...


class Terminal:
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

    def type_pin(self, tries_left: int | None) -> bytearray:
        return _digits(getpass.getpass(f"{pin_question(self.language, tries_left)} : "))

    def announce_pad(self, tries_left: int | None) -> None:
        self.show(f"{words.ON_PAD[self.language]}{_tries(self.language, tries_left)}")


class AskProgram:
    """A program that asks on the desktop; what is merely shown goes to the service's log, which holds no content."""

    def __init__(self, program: str, language: Language) -> None:
        self.language = language
        self._program = program

    def show(self, text: str) -> None:
        """Say what became of it; what is to be signed is in the question."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    async def ask(self, question: str) -> str:
        asking = await asyncio.create_subprocess_exec(self._program, question, stdout=subprocess.PIPE)
        try:
            answer, _ = await asking.communicate()
        except asyncio.CancelledError:
            asking.terminate()
            await asking.wait()
            raise
        return answer.decode().strip() if asking.returncode == 0 else ""

    async def confirm(self, statement: str, question: str) -> bool:
        told = {**os.environ, "SSH_ASKPASS_PROMPT": "confirm"}
        asking = await asyncio.create_subprocess_exec(self._program, f"{statement}\n\n{question}", env=told)
        return await asking.wait() == 0

    def type_pin(self, tries_left: int | None) -> bytearray:
        question = pin_question(self.language, tries_left)
        asked = subprocess.run([self._program, question], capture_output=True, check=False)
        return _digits(asked.stdout.decode().strip() if asked.returncode == 0 else "")

    def announce_pad(self, tries_left: int | None) -> None:
        self.show(f"{words.ON_PAD[self.language]}{_tries(self.language, tries_left)}")


def pin_question(language: Language, tries_left: int | None) -> str:
    return words.PIN[language] + _tries(language, tries_left)


def _tries(language: Language, tries_left: int | None) -> str:
    return "" if tries_left is None else words.TRIES[language].format(tries=tries_left)


def _digits(typed: str) -> bytearray:
    if not typed:
        raise PinNotTyped
    return bytearray(typed.encode())


async def _typed_line() -> str:
    """Wait for a line without a thread that could not be called back; an input that ended is a no."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ready.set)
    try:
        await ready.wait()
        return sys.stdin.readline().strip()
    finally:
        loop.remove_reader(sys.stdin.fileno())
