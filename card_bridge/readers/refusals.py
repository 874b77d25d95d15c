"""What stands between the person and their card: service, reader, slot.

ReaderRefusal
  ServiceDown NoReader ReaderUnknown ReaderShared CardAbsent CardRemoved CardMute CardSilent ReaderFailed
"""

from card_bridge.refusals import BridgeRefusal


class ReaderRefusal(BridgeRefusal):
    """No conversation with a card, or one that broke off."""


class ServiceDown(ReaderRefusal):
    """pcscd does not run."""

    code = "reader_service_down"
    french = "Le service des lecteurs ne répond pas : démarrez pcscd (systemctl start pcscd) et recommencez."
    english = "The reader service does not answer: start pcscd (systemctl start pcscd) and try again."


class NoReader(ReaderRefusal):
    """No reader is plugged in."""

    code = "no_reader"
    french = "Aucun lecteur de carte : branchez-le et recommencez."
    english = "No card reader: plug it in and try again."


class ReaderUnknown(ReaderRefusal):
    """The reader that was named is not there."""

    code = "reader_unknown"
    french = "Ce lecteur n'est pas branché : « contreseing-bridge readers » montre ceux qui le sont."
    english = "This reader is not plugged in: `contreseing-bridge readers` shows those that are."


class ReaderShared(ReaderRefusal):
    """Another program holds the card."""

    code = "reader_shared"
    french = "Un autre programme utilise la carte : fermez-le et recommencez."
    english = "Another program is using the card: close it and try again."


class CardAbsent(ReaderRefusal):
    """No card was put in, in time."""

    code = "card_absent"
    french = "Aucune carte dans le lecteur : insérez-la, puce vers vous, et recommencez."
    english = "No card in the reader: put it in, chip towards you, and try again."


class CardRemoved(ReaderRefusal):
    """The card, or its reader, was pulled out mid-way."""

    code = "card_removed"
    french = "La carte a été retirée trop tôt : remettez-la et recommencez."
    english = "The card was taken out too early: put it back and start again."


class CardMute(ReaderRefusal):
    """A card that does not answer to reset: upside down, or no chip."""

    code = "card_mute"
    french = "La carte ne répond pas : vérifiez le sens d'insertion et nettoyez la puce."
    english = "The card does not answer: check which way it is in, and clean the chip."


class CardSilent(ReaderRefusal):
    """A card or reader that was asked and did not answer within its time."""

    code = "card_silent"
    french = "La carte ne répond plus : retirez-la et recommencez."
    english = "The card stopped answering: take it out and start again."


class ReaderFailed(ReaderRefusal):
    """Whatever else PC/SC answers; `result` is its own number."""

    code = "reader_failed"
    french = "Le lecteur a une erreur : débranchez-le, rebranchez-le et recommencez."
    english = "The reader has an error: unplug it, plug it in and start again."

    def __init__(self, result: int) -> None:
        super().__init__()
        self.result = result
