"""What the agent says to its person, in their language."""

from collections.abc import Mapping
from typing import Final

from approvals.model.person import Language
from approvals.model.proof import Answer

Words = Mapping[Language, str]


def _say(french: str, english: str) -> Words:
    return {Language.FR: french, Language.EN: english}


PAIR_DIGITS: Final = _say(
    "Deux chiffres à taper sur l'écran qui montre le code : {digits}",
    "Two digits to be typed on the screen that shows the code: {digits}",
)
PAIRED: Final = _say("Ce pont est appairé.", "This bridge is paired.")
DIGITS: Final = _say(
    "Un écran demande une signature. Ses deux chiffres (vide : refuser) : ",
    "A screen asks for a signature. Its two digits (empty: refuse): ",
)
GONE: Final = _say(
    "La demande est prise par un autre pont, ou l'écran n'attend plus.",
    "The request was taken by another bridge, or the screen waits no more.",
)
WHICH: Final = _say(
    "Signer avec quoi ? {choices}. Tapez le numéro (vide : refuser) : ",
    "Sign with what? {choices}. Type its number (empty: refuse): ",
)
CARD: Final = _say("la carte {last4}", "the card {last4}")
CERTIFICATE: Final = _say(
    "le certificat de {person} (émis par {issuer}, jusqu'au {until})",
    "the certificate of {person} (issued by {issuer}, until {until})",
)
SIGN: Final = _say("Signer avec {choice} ? (oui/non) ", "Sign with {choice}? (yes/no) ")
INSERT: Final = _say("Insérez la carte {last4}, puce vers vous.", "Put the card {last4} in, chip towards you.")
PIN: Final = _say("Code secret de la carte", "The card's PIN")
KEY_PIN: Final = _say("Code PIN de la clé USB", "The USB key's PIN")
LOST_TRIES: Final = _say(
    "Un code PIN faux a été tapé sur cette clé USB : il reste moins d'essais.",
    "A wrong PIN was typed for this USB key: fewer tries are left.",
)
TRIES: Final = _say(" (essais restants : {tries})", " (tries left: {tries})")
ON_PAD: Final = _say("Composez le code secret sur le lecteur.", "Type the PIN on the reader.")
NOT_SIGNED: Final = _say("Rien n'a été signé.", "Nothing was signed.")
UNSIGNABLE: Final = _say(
    "Ce pont ne peut pas signer cette opération : signez-la depuis l'écran.",
    "This bridge cannot sign this operation: sign it on the screen.",
)
TRYING: Final = _say("La banque ne répond pas ; nouvel essai…", "The bank does not answer; trying again…")
VERDICTS: Final[Mapping[Answer, Words]] = {
    Answer.ACCEPTED: _say("Signé.", "Signed."),
    Answer.PROOF_REFUSED: _say("Code refusé ; essais restants : {left}.", "Code refused; attempts left: {left}."),
    Answer.TOO_LATE: _say("Trop tard : l'opération n'attend plus.", "Too late: the operation waits no more."),
}
YES: Final = {"oui", "o", "yes", "y"}
