"""`pair`: this PC becomes a card bridge of whoever is signed in on the screen that shows the code."""

from pathlib import Path
from typing import Annotated

import typer

from card_bridge.cli.link_options import FileOption, state_file
from card_bridge.cli.screen import say
from card_bridge.link import words
from card_bridge.link.pairing import pair as become_bridge

AuthorityOption = Annotated[
    Path | None,
    typer.Option("--authority", metavar="PEM", help="L'autorité propre de la banque / the bank's own authority."),
]


def pair(
    address: Annotated[str, typer.Argument(help="https://…")],
    code: Annotated[str, typer.Argument(help="Le code affiché / the code shown.")],
    *,
    authority: AuthorityOption = None,
    file: FileOption = None,
) -> None:
    """Appairer ce PC avec le code affiché sur votre espace / pair this PC with the code shown on your space.

    Exemple / example: `contreseing-bridge pair https://banque.example 7K2M-9QXT`
    """
    become_bridge(
        address,
        code,
        authority=authority.read_text("ascii") if authority else None,
        file=state_file(file),
        show_digits=_show_digits,
    )
    say(*words.PAIRED.values())


def _show_digits(digits: str) -> None:
    say(*(text.format(digits=digits) for text in words.PAIR_DIGITS.values()))
