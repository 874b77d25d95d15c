"""`run`: the agent, until it is ended; it listens on no port."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated, Final

import typer

from card_bridge.cli.asking import AskProgram, Terminal
from card_bridge.cli.card_options import WAIT_SECONDS, ReaderOption
from card_bridge.cli.link_options import FileOption, state_file
from card_bridge.cli.screen import Keyboard, language
from card_bridge.cli.token_options import OptionalModuleOption
from card_bridge.conversation import conversation
from card_bridge.link import words
from card_bridge.link.agent import Agent, CodeOf
from card_bridge.link.bank import Bank, ReaderAsked
from card_bridge.link.identity import load
from card_bridge.link.screen import Screen
from card_bridge.link.stream import Stream
from card_bridge.readers.base import PinEntry, carry
from card_bridge.readers.pcsc import held_card
from card_bridge.tokens.pkcs11 import UsbKeys

_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM)

AskProgramOption = Annotated[
    str | None,
    typer.Option("--ask-program", metavar="PROGRAM", help="Sans terminal : ssh-askpass… / where there is no terminal."),
]


def run(
    *,
    ask_program: AskProgramOption = None,
    reader: ReaderOption = None,
    module: OptionalModuleOption = None,
    file: FileOption = None,
) -> None:
    """Attendre les signatures demandées par vos écrans / wait for the signatures your screens ask for.

    Exemples / examples: `contreseing-bridge run`, `contreseing-bridge run --ask-program /usr/bin/ssh-askpass`,
    `contreseing-bridge run --module /usr/lib/softhsm/libsofthsm2.so`
    """
    screen = AskProgram(ask_program, language()) if ask_program else Terminal(language())
    key_prompt = AskProgram(ask_program, language(), words.KEY_PIN) if ask_program else Keyboard()
    keys = UsbKeys(module, key_prompt) if module else None
    asyncio.run(_serve(state_file(file), screen, _codes_of(reader), keys))


async def _serve(file: Path, screen: Screen, code_of: CodeOf, keys: UsbKeys | None) -> None:
    """Raises what ended it: LinkRefusal; a signal ends it in peace."""
    paired = load(file)
    agent = Agent(Bank(paired), screen, code_of, keys)
    stream = Stream(paired, file.with_name("read.json"), agent.wake)
    tasks = [asyncio.create_task(stream.run()), asyncio.create_task(agent.run())]
    for ending in _ENDINGS:
        asyncio.get_running_loop().add_signal_handler(ending, _cancel, tasks)
    try:
        await asyncio.gather(*tasks)
    except asyncio.CancelledError:
        return
    finally:
        _cancel(tasks)


def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()


def _codes_of(reader: str | None) -> CodeOf:
    def code_of(asked: ReaderAsked, entry: PinEntry) -> str:
        talk = conversation(asked.typed(), last4=asked.card.last4)
        with held_card(reader=reader, patience=WAIT_SECONDS) as card:
            return carry(talk, card, entry).digits

    return code_of
