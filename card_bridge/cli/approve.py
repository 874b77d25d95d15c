"""`approve`: shows what an approval says, and signs it with the USB key."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from card_bridge.cli.screen import Keyboard, language, read_line, say, tell
from card_bridge.cli.token_options import ModuleOption, now
from card_bridge.link import choice
from card_bridge.tokens.certificates import Found
from card_bridge.tokens.pkcs11 import UsbKeys
from card_bridge.tokens.refusals import CertificateNotChosen, StatementUnreadable
from card_bridge.tokens.statements import Statement, read_statement

StatementOption = Annotated[
    Path, typer.Option("--statement", metavar="FILE", help="La demande, en JSON / the request: kind, facts, envelope.")
]
KeyLastTryOption = Annotated[
    bool, typer.Option("--last-try", help="Prendre le dernier essai du code PIN / take the last PIN try.")
]


def approve(*, statement: StatementOption, module: ModuleOption, last_try: KeyLastTryOption = False) -> None:
    """Montre ce qui est à approuver, puis le signe avec la clé USB / shows what is to be approved, then signs it.

    Exemple / example: `contreseing-bridge approve --statement demande.json --module /usr/lib/softhsm/libsofthsm2.so`
    """
    written = _read(statement)
    _show(written)
    keys = UsbKeys(module, Keyboard(), insists=last_try)
    signed = keys.sign_approval(_chosen(keys.certificates()), written)
    say(signed, signed)


def _chosen(found: Sequence[Found]) -> Found:
    """Return the one that fits, or the one whose number is typed. Raises NoCertificateFit, CertificateNotChosen."""
    fit = choice.fitting(found, now())
    if len(fit) == 1:
        return fit[0]
    question = choice.question(fit, language())
    tell(question, question)
    chosen = choice.chosen(fit, read_line(sys.stdin.fileno()).decode(errors="replace").strip())
    if chosen is None:
        raise CertificateNotChosen
    return chosen


def _read(file: Path) -> Statement:
    try:
        content = file.read_bytes()
    except OSError:
        raise StatementUnreadable from None
    return read_statement(content, now())


def _show(written: Statement) -> None:
    """On the side of questions: what is piped on is the signature alone."""
    for line in (f"[{written.environment}] {written.text.title}", *_lines(written), written.fingerprint):
        tell(line, line)


def _lines(written: Statement) -> list[str]:
    shown = (f"  {line.label} : {line.value}" if line.label else f"    {line.value}" for line in written.text.lines)
    return ["".join(letter for letter in line if letter.isprintable()) for line in shown]
