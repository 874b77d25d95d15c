"""The text of a letter of activation: the secret, and no number it is typed with (RTS 2018/389 art. 25)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from approvals.credentials.confidential_code import LONGEST, SHORTEST
from approvals.desk.letters import Printed
from approvals.model.person import Language

_TITLE: Final[Mapping[Language, str]] = {
    Language.FR: "Votre code d'activation",
    Language.EN: "Your activation code",
}
_LINES: Final[Mapping[Language, Sequence[str]]] = {
    Language.FR: (
        "Ce code vous permet de choisir votre code confidentiel. Il sert une seule fois, jusqu'au {until}.",
        "Code d'activation : {secret}",
        "Sur {origin}, choisissez « Première connexion ».",
        "Saisissez vos identifiant client et numéro d'utilisateur, remis par votre chargé d'affaires, puis ce code.",
        "Choisissez un code confidentiel de {shortest} à {longest} chiffres : ni date, ni suite, ni répétition.",
        "Personne à la banque ne vous demandera ce code. Si quelqu'un l'a lu, contactez votre chargé d'affaires.",
    ),
    Language.EN: (
        "This code lets you choose your confidential code. It serves once, until {until}.",
        "Activation code: {secret}",
        "At {origin}, choose “First sign-in”.",
        "Type the client identifier and the user number your adviser gave you, then this code.",
        "Choose a confidential code of {shortest} to {longest} digits: no date, no sequence, no repeat.",
        "Nobody at the bank will ask you for this code. If somebody has read it, call your adviser.",
    ),
}
_DAY: Final[Mapping[Language, str]] = {Language.FR: "%d/%m/%Y", Language.EN: "%Y-%m-%d"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """One letter, paragraph by paragraph."""

    title: str
    lines: Sequence[str]


def letter_text(printed: Printed, origin: str) -> LetterText:
    """Write the letter in its reader's language; `origin` is where people come in."""
    language = printed.user.language
    values = {
        "secret": printed.secret,
        "until": printed.expires_at.strftime(_DAY[language]),
        "origin": origin,
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    return LetterText(title=_TITLE[language], lines=[line.format_map(values) for line in _LINES[language]])
