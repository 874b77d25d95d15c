"""A card bridge as its person has it: the real program, asked on a desktop that a script stands for."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.flows.nodes import ROOT, Bank, Node
from tests.house import CLIENT, CODE, PIN, Person
from tests.log_watch import folder

_LISTENING = "0A"
_SCRIPT = """#!/bin/sh
# Answers as a person would: the digits once the screen showed them, a yes, the PIN once it is let go. The USB key's PIN
# is typed right the second time, where another was laid out first.
cd "{home}"
printf '%s\\n' "$1" >> asked
if [ "$SSH_ASKPASS_PROMPT" = confirm ]; then exit 0; fi
case "$1" in
  *chiffres*) until mv digits typed 2>/dev/null; do sleep 0.05; done; cat typed ;;
  *quoi*) cat choice ;;
  *USB*) cat key-pin; if [ -e key-pin-then ]; then mv key-pin-then key-pin; fi ;;
  *) touch pin-asked; until [ ! -e wait ]; do sleep 0.05; done; cat pin ;;
esac
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The folder of a person's PC, and their screen: a login over HTTP."""

    bank: Bank
    home: Path
    person: Person
    login: str

    @property
    def file(self) -> Path:
        return self.home / "paired.json"

    @property
    def said(self) -> Path:
        """What the agent says."""
        return self.home / "said"

    def type(self, name: str, text: str) -> None:
        """Put it where the script finds it, whole."""
        beside = self.home / f".{name}"
        beside.write_text(text)
        beside.replace(self.home / name)

    async def pair(self, node: Node, origin: str) -> None:
        """Pair this PC by the program itself."""
        offered = await self.bank.post(node, "/v1/pairings", token=self.login)
        process = await start("pair", origin, str(offered["code"]), "--file", str(self.file))
        assert process.stdout is not None
        digits = re.search(r"(\d\d)$", (await process.stdout.readline()).decode().strip())
        assert digits is not None
        path = f"/v1/enrolments/{offered['id']}/confirmation"
        await self.bank.post(node, path, {"digits": digits[1]}, token=self.login)
        said, _ = await process.communicate()
        assert process.returncode == 0, said

    @asynccontextmanager
    async def bridge(self, *more: str, in_terminal: bool = False) -> AsyncIterator[Process]:
        """The agent, asking by the script, or by its own output and input; `more` is typed behind the command."""
        script = self.home / "ask"
        script.write_text(_SCRIPT.format(home=self.home))
        script.chmod(0o700)
        self.type("pin", PIN)
        if not in_terminal:  # a service's output is a log, where secrets are searched for; a terminal's is a screen
            self.said.unlink(missing_ok=True)
            self.said.symlink_to(folder() / f"bridge-{self.home.parent.name}-{self.home.name}.log")
        with self.said.open("wb") as said:
            asking = () if in_terminal else ("--ask-program", str(script))
            process = await start("run", *asking, *more, "--file", str(self.file), output=said.fileno())
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()

    async def until_said(self, words: str) -> None:
        """Wait until the agent has said this."""

        async def is_said() -> bool:
            return words in self.said.read_text("utf-8")

        await until(is_said)

    async def until(self, name: str) -> None:
        """Wait for a file of the script's."""

        async def is_there() -> bool:
            return (self.home / name).exists()

        await until(is_there)


async def at_desk(bank: Bank, node: Node, person: Person, home: Path) -> Desk:
    """The person signs in on their screen with code and card."""
    typed = {"client_identifier": CLIENT, "user_number": person.user.number, "code": CODE}
    said = await bank.post(node, "/v1/sessions", {**typed, "cap": person.code_key().code})
    home.mkdir()  # noqa: ASYNC240  # one folder, in a test
    return Desk(bank=bank, home=home, person=person, login=str(said["token"]))


async def until(is_so: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Ask again and again: other processes decide."""
    async with asyncio.timeout(seconds):
        while True:
            if await is_so():
                return
            await asyncio.sleep(0.05)


def listening_sockets(process: Process) -> list[str]:
    """Every socket a process listens on: TCP of either family, and those with a name on this machine."""
    inodes = set()
    for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
        found = re.match(r"socket:\[(\d+)\]", str(descriptor.readlink()))
        if found is not None:
            inodes.add(found[1])
    assert inodes, "the bridge holds no socket at all: it is not connected"
    tcp = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    named = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    listening = [line[9] for line in tcp if line[3] == _LISTENING]
    listening += [line[6] for line in named if int(line[3], 16) & 0x10000]
    return sorted(inodes & set(listening))


async def start(*words: str, output: int = PIPE) -> Process:
    """Start the program with these words typed behind it; what it writes is its `stdout`."""
    line = (sys.executable, "-m", "card_bridge", *words)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "LANG": "fr_FR.UTF-8"}
    return await asyncio.create_subprocess_exec(
        *line, stdin=PIPE, stdout=output, stderr=STDOUT, cwd=ROOT, env=environment
    )
