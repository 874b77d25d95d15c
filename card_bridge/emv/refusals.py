"""What a chip may refuse, and how its bytes may be wrong: a class for each, so that a person is told which.

CardRefusal
  ApplicationMissing       neither CAP nor DPA on the card
  CardMalformed            bytes that no card of this kind sends
    TlvTruncated TlvIndefinite TlvTooDeep TlvTooLong TagTooLong ObjectRepeated ObjectMissing
    ResponseTruncated ResponseTooLong ResponseEndless ListMalformed
  CardDeclined             an answer, but no ARQC: no code is made of it
  CardNotBinding           the card asks for less than what the code was to bind
  StatusRefused            a status word; `status` holds it, and each known one is a class of its own below
"""

from typing import ClassVar, Final

from card_bridge.refusals import BridgeRefusal


class CardRefusal(BridgeRefusal):
    """The chip said no, or spoke wrongly."""


class ApplicationMissing(CardRefusal):
    """SELECT found neither CAP nor Visa DPA."""

    code = "no_cap_application"
    french = "Cette carte ne produit pas de code : insérez votre carte Sécur@ccès ou votre carte professionnelle."
    english = "This card makes no codes: insert your Sécur@ccès card or your professional card."


class CardDeclined(CardRefusal):
    """GENERATE AC gave an AAC or a TC in place of the ARQC (EMV book 3, 6.5.5)."""

    code = "card_declined"
    french = "La carte a refusé de produire un code : recommencez, puis appelez votre chargé d'affaires."
    english = "The card declined to make a code: start again, then call your adviser."


class CardNotBinding(CardRefusal):
    """The card's CDOL1 leaves out the challenge or the amount: the code would look bound and not be."""

    code = "card_not_binding"
    french = "Cette carte ne peut pas lier son code à ces chiffres ou à ce montant : appelez votre chargé d'affaires."
    english = "This card cannot bind its code to these digits or this amount: call your adviser."


# --- bytes that no card of this kind sends -----------------------------------------------------------------


class CardMalformed(CardRefusal):
    """The root of malformed answers; `french` and `english` are one pair, the `code` tells them apart."""

    code = "card_malformed"
    french = "La carte répond de façon illisible : retirez-la, nettoyez la puce et recommencez."
    english = "The card answers unreadably: take it out, clean the chip and start again."


class TlvTruncated(CardMalformed):
    """A tag without length, or a length past the end (EMV book 3, annex B)."""

    code = "tlv_truncated"


class TlvIndefinite(CardMalformed):
    """Length 80: BER has it, EMV does not (book 3, B2)."""

    code = "tlv_indefinite"


class TlvTooDeep(CardMalformed):
    """Templates in templates, deeper than any card's."""

    code = "tlv_too_deep"


class TlvTooLong(CardMalformed):
    """A length of more than three bytes, or more bytes than a response holds (EMV book 3, B2)."""

    code = "tlv_too_long"


class TagTooLong(CardMalformed):
    """A tag of more than two bytes (EMV book 3, B1)."""

    code = "tag_too_long"


class ObjectRepeated(CardMalformed):
    """One object twice (EMV book 3, 7.2: the transaction ends)."""

    code = "object_repeated"


class ObjectMissing(CardMalformed):
    """An object without which no code can be made, or of another length than its own."""

    code = "object_missing"


class ListMalformed(CardMalformed):
    """A data object list, or a file locator, that is cut short or impossible (EMV book 3, 5.4 and 10.2)."""

    code = "list_malformed"


class ResponseTruncated(CardMalformed):
    """Fewer than the two bytes of a status word."""

    code = "response_truncated"


class ResponseTooLong(CardMalformed):
    """More than the 256 bytes and status word of a short response."""

    code = "response_too_long"


class ResponseEndless(CardMalformed):
    """61xx or 6Cxx again and again: the answer never comes."""

    code = "response_endless"


# --- status words ------------------------------------------------------------------------------------------


class StatusRefused(CardRefusal):
    """A status word other than 9000; this class itself is for those without a name."""

    code = "status_unknown"
    french = "La carte a refusé la commande : recommencez, puis appelez votre chargé d'affaires."
    english = "The card refused the command: start again, then call your adviser."
    status: ClassVar[int | None] = None

    def __init__(self, status: int) -> None:
        super().__init__()
        self.answered = status


class ApplicationInvalidated(StatusRefused):
    """6283: the application is blocked (EMV book 1, 12.3.1)."""

    status = 0x6283
    code = "application_invalidated"
    french = "L'application de la carte est désactivée : appelez votre chargé d'affaires."
    english = "The card's application is disabled: call your adviser."


class StateUnchanged(StatusRefused):
    """6400: an error of execution."""

    status = 0x6400
    code = "execution_failed"


class MemoryFailed(StatusRefused):
    """6581: the chip cannot write any more."""

    status = 0x6581
    code = "memory_failed"
    french = "La puce est usée ou abîmée : appelez votre chargé d'affaires pour une nouvelle carte."
    english = "The chip is worn or damaged: call your adviser to have a new card made."


class WrongLength(StatusRefused):
    """6700: wrong length."""

    status = 0x6700
    code = "wrong_length"


class ChannelNotSupported(StatusRefused):
    """6881: no logical channels."""

    status = 0x6881
    code = "channel_not_supported"


class SecureMessagingNotSupported(StatusRefused):
    """6882: no secure messaging."""

    status = 0x6882
    code = "secure_messaging_not_supported"


class SecurityNotSatisfied(StatusRefused):
    """6982: the PIN is to be verified first."""

    status = 0x6982
    code = "security_not_satisfied"
    french = "La carte attend d'abord le code PIN : recommencez."
    english = "The card waits for the PIN first: start again."


class ConditionsNotSatisfied(StatusRefused):
    """6985: not now, or the counter is at its end (EMV book 3, 6.5.5)."""

    status = 0x6985
    code = "conditions_not_satisfied"
    french = "La carte ne peut plus produire de code dans cet état : retirez-la et recommencez."
    english = "The card makes no code in this state: take it out and start again."


class CommandNotAllowed(StatusRefused):
    """6986: no file is selected."""

    status = 0x6986
    code = "command_not_allowed"


class WrongData(StatusRefused):
    """6A80: parameters in the data field are wrong."""

    status = 0x6A80
    code = "wrong_data"


class FunctionNotSupported(StatusRefused):
    """6A81: function not supported; at SELECT, the whole card is blocked (EMV book 1, 11.3.5)."""

    status = 0x6A81
    code = "function_not_supported"
    french = "La carte n'accepte plus aucune fonction : appelez votre chargé d'affaires."
    english = "The card accepts no function any more: call your adviser."


class FileNotFound(StatusRefused):
    """6A82: no such file or application."""

    status = 0x6A82
    code = "file_not_found"


class RecordNotFound(StatusRefused):
    """6A83: the card's own file locator names a record it has not."""

    status = 0x6A83
    code = "record_not_found"


class WrongParameters(StatusRefused):
    """6A86: P1 or P2 is wrong."""

    status = 0x6A86
    code = "wrong_parameters"


class DataNotFound(StatusRefused):
    """6A88: referenced data not found."""

    status = 0x6A88
    code = "data_not_found"


class OutsideFile(StatusRefused):
    """6B00: P1 and P2 point outside."""

    status = 0x6B00
    code = "wrong_offset"


class InstructionNotSupported(StatusRefused):
    """6D00: no such instruction."""

    status = 0x6D00
    code = "instruction_not_supported"


class ClassNotSupported(StatusRefused):
    """6E00: no such class of instructions."""

    status = 0x6E00
    code = "class_not_supported"


class NoDiagnosis(StatusRefused):
    """6F00: the chip does not say what went wrong."""

    status = 0x6F00
    code = "no_diagnosis"


_BY_STATUS: Final = {known.status: known for known in StatusRefused.__subclasses__()}


def refusal_of(status: int) -> StatusRefused:
    """The refusal a status word stands for."""
    return _BY_STATUS.get(status, StatusRefused)(status)
