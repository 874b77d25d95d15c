"""Puts the commands together, and turns a refusal into one sentence and an exit code.

Exit codes: 0 done, 1 refused, 2 typed wrongly, 3 the card is blocked, 4 this bridge is not (or no longer) paired,
75 no reader, card or bank now: try again (EX_TEMPFAIL).
"""

import os
import sys
from typing import Final

import typer

from approvals.model.person import Language
from card_bridge.cli import approve, certificates, code, pair, readers, run, sign
from card_bridge.cli.screen import tell
from card_bridge.link.refusals import ClosedForGood, NotPaired, ServerGone
from card_bridge.readers.refusals import ReaderRefusal
from card_bridge.refusals import BridgeRefusal, CardBlocked

_REFUSED: Final = 1
_BLOCKED: Final = 3
_UNPAIRED: Final = 4

app = typer.Typer(
    name="contreseing-bridge",
    help="Le lecteur de carte de ce PC / the card reader of this PC.",
    epilog="Pour commencer / begin with: contreseing-bridge readers, contreseing-bridge code",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they would show values
    rich_markup_mode="markdown",
    add_completion=False,
)
app.command("approve")(approve.approve)
app.command("certificates")(certificates.certificates)
app.command("code")(code.code)
app.command("pair")(pair.pair)
app.command("readers")(readers.readers)
app.command("run")(run.run)
app.command("sign")(sign.sign)


def main() -> None:
    """Run what was typed; the entry point of the command `contreseing-bridge`."""
    try:
        app()
    except BridgeRefusal as refusal:
        tell(*(f"{refusal.sentence(each)} [{refusal.code}]" for each in (Language.FR, Language.EN)))
        sys.exit(_exit_code(refusal))


def _exit_code(refusal: BridgeRefusal) -> int:
    match refusal:
        case CardBlocked():
            return _BLOCKED
        case NotPaired() | ClosedForGood():
            return _UNPAIRED
        case ReaderRefusal() | ServerGone():
            return os.EX_TEMPFAIL
        case _:
            return _REFUSED
