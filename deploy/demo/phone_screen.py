"""The phone's screen: what is shown, line by line, in the signer's language."""

import sys
from typing import Final

from approvals.model.action import ActionStatus
from channels.frames.content import ActionContent

FIRST_USE: Final = "Première utilisation de ce téléphone"
CONFIDENTIAL_CODE: Final = "Code confidentiel ?"
FIRST_CODE: Final = "Code affiché par le lecteur (touche CODE) ?"
ENROLLED: Final = "Téléphone enregistré"
CONNECTED: Final = "Connecté à la banque"
ANSWER: Final = "Code affiché par le lecteur, ou refuse ?"
ACCEPTED: Final = "Code accepté : opération signée"
REFUSED: Final = "Opération refusée"
TOO_LATE: Final = "Code reçu trop tard"
NOTHING_ASKED: Final = "Rien à signer pour l'instant"
LEVEL_ENDED: Final = "Session terminée après 5 minutes sans action"

_STATUS: Final = {
    ActionStatus.PENDING: "en attente",
    ActionStatus.APPROVED: "signée, en route vers la banque",
    ActionStatus.RELEASED: "exécutée par la banque",
    ActionStatus.REJECTED: "refusée",
    ActionStatus.WITHDRAWN: "retirée",
    ActionStatus.EXPIRED: "expirée",
    ActionStatus.FAILED: "abandonnée",
}


def show(line: str) -> None:
    """Show one line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show_request(action: ActionContent) -> None:
    """Show exactly what will be signed, then what to do on the reader, step by step."""
    show(f"À SIGNER : {action.statement.title}")
    for line in action.statement.lines:
        show(f"  {line.label} : {line.value}" if line.label else f"      {line.value}")
    show(f"  Empreinte : {action.statement.fingerprint}")
    if action.challenge is not None and action.challenge.reader is not None:
        for number, step in enumerate(action.challenge.reader.steps, start=1):
            show(f"  {number}. {step}")
    show(ANSWER)


def show_end(action: ActionContent) -> None:
    show(f"{action.statement.title} : {_STATUS[action.status]}")


class FrameView:
    """Frames of the stream as they come, for who wants to see them: off until switched."""

    def __init__(self) -> None:
        self._is_on = False

    def switch(self) -> None:
        self._is_on = not self._is_on
        show("Trames du flux affichées" if self._is_on else "Trames du flux masquées")

    def watch(self, frame: str) -> None:
        if self._is_on:
            show(f"< {frame}")


def show_wrong_code(attempts_left: int) -> None:
    show(f"Code refusé, essais restants : {attempts_left}")


def show_trouble(code: str) -> None:
    show(f"La banque n'a pas pu prendre cela ({code})")
