"""What `code` and `sign` have in common: which reader, how long to wait, and one code from the card in it."""

from pathlib import Path
from typing import Annotated, Final

import typer

from approvals.model.reader import ReaderInput
from card_bridge.cli.blocked import report
from card_bridge.cli.link_options import state_file
from card_bridge.cli.screen import Keyboard, say, tell
from card_bridge.conversation import CAUTIOUS, INSISTING, conversation
from card_bridge.readers.base import carry
from card_bridge.readers.pcsc import held_card
from card_bridge.refusals import CardBlocked

WAIT_SECONDS: Final = 30.0

ReaderOption = Annotated[
    str | None, typer.Option("--reader", metavar="NAME", help="Le lecteur, s'il y en a plusieurs / which reader.")
]
WaitOption = Annotated[
    float, typer.Option("--wait", min=0, max=600, metavar="SECONDS", help="Attente de la carte / wait for the card.")
]
LastTryOption = Annotated[
    bool,
    typer.Option("--last-try", help="Demander le PIN même au dernier essai / ask for the PIN even on the last try."),
]


def show_code(typed: ReaderInput, *, reader: str | None, wait: float, last_try: bool, file: Path | None) -> None:
    """Ask the card for the code of what was typed, and show it; a blocked one is reported. Raises BridgeRefusal."""
    tell("Insérez la carte, puce vers vous.", "Put the card in, chip towards you.")
    talk = conversation(typed, fewest_tries=INSISTING if last_try else CAUTIOUS)
    try:
        with held_card(reader=reader, patience=wait) as card:
            code = carry(talk, card, Keyboard())
    except CardBlocked as blocked:
        report(blocked, state_file(file))
        raise
    say(code.digits, code.digits)
