"""What stands between the bridge and the bank.

LinkRefusal
NotPaired FileTooOpen AddressUnsafe ServerChanged ServerGone ServerRefused ClosedForGood PairingNotConfirmed
"""

from typing_extensions import override

from approvals.model.person import Language
from card_bridge.refusals import BridgeRefusal


class LinkRefusal(BridgeRefusal):
    """The bank was not reached, or said no."""


class NotPaired(LinkRefusal):
    """No file says whose bridge this is."""

    code = "not_paired"
    french = "Ce pont n'est pas appairé : demandez un code sur votre espace, puis « contreseing-bridge pair »."
    english = "This bridge is not paired: ask for a code on your space, then `contreseing-bridge pair`."


class FileTooOpen(LinkRefusal):
    """Others on this PC can read the bridge's key."""

    code = "file_too_open"
    french = "Le fichier du pont est lisible par d'autres : chmod 600, ou appairez de nouveau."
    english = "The bridge's file can be read by others: chmod 600, or pair again."


class AddressUnsafe(LinkRefusal):
    """The bank's address is no https address."""

    code = "address_unsafe"
    french = "L'adresse de la banque doit commencer par https:// et ne contenir qu'un nom."
    english = "The bank's address must begin with https:// and hold a name alone."


class ServerChanged(LinkRefusal):
    """The server shows another key, or a certificate nobody vouches for."""

    code = "server_changed"
    french = "Le serveur n'est pas celui de l'appairage : ne tapez rien, et appelez votre chargé d'affaires."
    english = "The server is not the one this bridge was paired with: type nothing, and call your adviser."


class ServerGone(LinkRefusal):
    """Nothing came back, or nothing that can be read."""

    code = "server_gone"
    french = "La banque ne répond pas. Rien ne sera compté deux fois : regardez l'écran, et recommencez s'il le faut."
    english = "The bank does not answer. Nothing will count twice: look at the screen, and begin again if need be."


class ServerRefused(LinkRefusal):
    """The bank said no. `code_told` is the problem's own; `is_passing`: the same request may succeed later."""

    code = "server_refused"
    french = "La banque refuse : {detail}"
    english = "The bank refuses: {detail}"

    def __init__(self, code: str, detail: str, *, status: int) -> None:
        super().__init__()
        self.code_told = code
        self.detail = detail
        self.is_passing = status in {429, 503} or code == "answer_in_progress"

    @override
    def sentence(self, language: Language) -> str:
        return super().sentence(language).format(detail=self.detail)


class ClosedForGood(LinkRefusal):
    """The bank will not have this bridge any more: revoked, not known, or too old."""

    code = "closed_for_good"
    french = "La banque ne connaît plus ce pont (retiré, ou trop ancien) : appairez-le de nouveau."
    english = "The bank does not know this bridge any more (removed, or too old): pair it again."


class PairingNotConfirmed(LinkRefusal):
    """Other digits were typed on the screen, or none in time."""

    code = "pairing_not_confirmed"
    french = "Les deux chiffres n'ont pas été confirmés sur l'écran : demandez un nouveau code."
    english = "The two digits were not confirmed on the screen: ask for a new code."


class StatementTampered(LinkRefusal):
    """The facts are not those whose digest is told, or of a kind this bridge does not know."""

    code = "statement_tampered"
    french = "Ce que la banque demande de signer ne peut pas être affiché ici : rien n'est signé. Signez sur l'écran."
    english = "What the bank asks to be signed cannot be shown here: nothing is signed. Sign on the screen."
