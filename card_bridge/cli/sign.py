"""`sign`: the keys of a CAP reader that bind what is typed. Digits alone are Respond, with an amount Sign, data TDS."""

import re
from typing import Annotated

import typer

from approvals.model.reader import CapMode, ReaderInput
from card_bridge.cli.card_options import WAIT_SECONDS, LastTryOption, ReaderOption, WaitOption, show_code
from card_bridge.cli.link_options import FileOption
from card_bridge.refusals import InputRefused

ChallengeOption = Annotated[
    str | None, typer.Option("--challenge", metavar="DIGITS", help="1 à 8 chiffres / 1 to 8 digits.")
]
AmountOption = Annotated[
    str | None, typer.Option("--amount", metavar="1250,50", help="Le montant, deux décimales / with two decimals.")
]
CurrencyOption = Annotated[
    str | None, typer.Option("--currency", metavar="EUR", help="Si la carte la demande / where the card asks it.")
]
DataOption = Annotated[
    list[str] | None, typer.Option("--data", metavar="DIGITS", help="TDS : 1 à 10 nombres / 1 to 10 numbers.")
]


def sign(
    *,
    challenge: ChallengeOption = None,
    amount: AmountOption = None,
    currency: CurrencyOption = None,
    data: DataOption = None,
    reader: ReaderOption = None,
    wait: WaitOption = WAIT_SECONDS,
    last_try: LastTryOption = False,
    file: FileOption = None,
) -> None:
    """Un code lié à ce que la banque demande de saisir / a code bound to what the bank asks to type.

    Exemples / examples: `contreseing-bridge sign --challenge 27890189`,
    `contreseing-bridge sign --challenge 37890189 --amount 1250,50`,
    `contreseing-bridge sign --data 125000 --data 37890189`
    """
    typed = ReaderInput(
        mode=_mode(amount, data),
        digits=challenge or "",
        amount=None if amount is None else _minor_units(amount),
        currency=currency,
        fields=tuple(data or ()),
    )
    show_code(typed, reader=reader, wait=wait, last_try=last_try, file=file)


def _mode(amount: str | None, data: list[str] | None) -> CapMode:
    if data:
        return CapMode.TDS
    return CapMode.RESPOND if amount is None else CapMode.SIGN


def _minor_units(amount: str) -> int:
    """Raises InputRefused for what is no amount of two decimals."""
    found = re.fullmatch(r"([0-9]{1,10})(?:[.,]([0-9]{2}))?", amount, re.ASCII)
    if found is None:
        raise InputRefused
    return int(found[1] + (found[2] or "00"))
