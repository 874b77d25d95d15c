"""The root of every refusal of the bridge, and those that are neither the card's nor the reader's.

    BridgeRefusal
      CardRefusal            `card_bridge.emv.refusals`: what the chip answered, or answered wrongly
      ReaderRefusal          `card_bridge.readers.refusals`: reader, slot, service
      TokenRefusal, StatementRefusal   `card_bridge.tokens.refusals`: the USB key, and what it is to sign
      InputRefused           what was typed is nothing this card answers
      OtherCard              another card than the one asked is in the reader
      PinRefusal             CardBlocked, LastTryLeft, PinNotTyped, PinWrongLength, PinEntryTimeout, PinEntryCancelled

Each has a stable `code` and one sentence a language for the person at the PC, which says what to do next and holds
nothing that was typed or read.
"""

from typing import ClassVar

from approvals.model.person import Language


class BridgeRefusal(Exception):
    """The root. `french` and `english` are shown to the person as they are."""

    code: ClassVar[str]
    french: ClassVar[str]
    english: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.english)

    def sentence(self, language: Language) -> str:
        return self.french if language is Language.FR else self.english


class InputRefused(BridgeRefusal):
    """A mode, challenge, amount, currency or field that this card does not answer."""

    code = "input_refused"
    french = "Cette carte ne signe pas ce qui a été saisi : vérifiez les chiffres, le montant et la touche demandés."
    english = "This card does not sign what was typed: check the digits, the amount and the key asked for."


class OtherCard(BridgeRefusal):
    """The card in the reader ends in other digits than the one asked; no PIN was typed, no try is lost."""

    code = "other_card"
    french = "Ce n'est pas la carte demandée : insérez celle dont les quatre derniers chiffres sont affichés."
    english = "This is not the card asked for: put in the one whose last four digits are shown."


class PinRefusal(BridgeRefusal):
    """The PIN was not verified."""


class CardBlocked(PinRefusal):
    """The chip's PIN is blocked: three wrong PINs (RULES 8: a new card, by the adviser).

    `last4` says which card, where it tells its number.
    """

    code = "card_blocked"
    french = (
        "La carte est bloquée après trois codes PIN faux : appelez votre chargé d'affaires pour une nouvelle carte."
    )
    english = "The card is blocked after three wrong PINs: call your adviser to have a new card made."

    def __init__(self, last4: str | None = None) -> None:
        super().__init__()
        self.last4 = last4


class LastTryLeft(PinRefusal):
    """One try is left, and the person did not insist: the next wrong PIN would block the card."""

    code = "last_try_left"
    french = (
        "Il ne reste qu'un essai : un code PIN faux bloquerait la carte. "
        "Si vous êtes sûr du code, recommencez avec --last-try ; sinon, appelez votre chargé d'affaires."
    )
    english = (
        "One try is left: a wrong PIN would block the card. "
        "If you are sure of it, start again with --last-try; otherwise call your adviser."
    )


class PinNotTyped(PinRefusal):
    """The prompt ended without a PIN."""

    code = "pin_not_typed"
    french = "Aucun code PIN n'a été saisi : recommencez."
    english = "No PIN was typed: start again."


class PinWrongLength(PinRefusal):
    """What was typed is not 4 to 12 digits (EMV book 3, 6.5.12): the card was not asked, no try is lost."""

    code = "pin_wrong_length"
    french = "Un code PIN a 4 à 12 chiffres ; la carte n'a pas été interrogée, aucun essai n'est perdu."
    english = "A PIN has 4 to 12 digits; the card was not asked, no try is lost."


class PinEntryTimeout(PinRefusal):
    """Nobody typed on the reader's pad in time."""

    code = "pin_entry_timeout"
    french = "Le code PIN n'a pas été saisi à temps sur le lecteur : recommencez."
    english = "The PIN was not typed on the reader in time: start again."


class PinEntryCancelled(PinRefusal):
    """The person pressed the pad's cancel key."""

    code = "pin_entry_cancelled"
    french = "La saisie a été annulée sur le lecteur."
    english = "The entry was cancelled on the reader."
