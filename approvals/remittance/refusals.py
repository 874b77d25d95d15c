"""Why a remittance file is refused: one class a reason, each with its own stable code.

They are the branch of `approvals.errors` that grows under `RemittanceError`. The sentence says what is wrong and
`path` where; neither repeats a value of the file, which may be an account or a name.
"""

from approvals.errors import RemittanceError


class RemittanceEmpty(RemittanceError):
    """The file holds not one byte."""

    code = "remittance_empty"


class EncodingUnsupported(RemittanceError):
    """The file is not in UTF-8, or says that it is not."""

    code = "encoding_unsupported"


class DoctypeRefused(RemittanceError):
    """A document type declaration: none is needed, and entities are how XML attacks."""

    code = "doctype_refused"


class XmlMalformed(RemittanceError):
    """Not one whole, well-formed XML document."""

    code = "xml_malformed"


class MessageNotSupported(RemittanceError):
    """XML, but not one of the messages taken."""

    code = "message_not_supported"


class SchemaViolated(RemittanceError):
    """The message does not follow its own ISO 20022 schema."""

    code = "schema_violated"


class ElementNotTaken(RemittanceError):
    """The schema allows this, a SEPA credit transfer does not: cheques, equivalent amounts, supplementary data."""

    code = "element_not_taken"


class ElementMissing(RemittanceError):
    """The schema lets this out, a credit transfer needs it."""

    code = "element_missing"


class OrderTooLarge(RemittanceError):
    """One order, with all that precedes it, is longer than any real one."""

    code = "order_too_large"


class TooManyBlocks(RemittanceError):
    """More payment blocks than the bank takes in one file."""

    code = "too_many_blocks"


class TooManyGroups(RemittanceError):
    """More debtor accounts and currencies than one file may open actions for."""

    code = "too_many_groups"


class BlockDuplicated(RemittanceError):
    """Two blocks of the file bear the same PmtInfId."""

    code = "block_duplicated"


class CountMismatch(RemittanceError):
    """NbOfTxs is not the number of orders counted."""

    code = "count_mismatch"


class ControlSumMismatch(RemittanceError):
    """CtrlSum is not the sum of the amounts counted."""

    code = "control_sum_mismatch"


class AmountNotPositive(RemittanceError):
    """An amount of zero or less."""

    code = "amount_not_positive"


class AmountScaleWrong(RemittanceError):
    """An amount with more decimals than its currency has."""

    code = "amount_scale"


class CurrencyUnknown(RemittanceError):
    """Three letters that are no ISO 4217 currency."""

    code = "currency_unknown"


class CurrencyMixed(RemittanceError):
    """Two currencies inside one block (RULES 17)."""

    code = "currency_mixed"


class IbanInvalid(RemittanceError):
    """An IBAN of the wrong length for its country, or whose check digits are wrong (ISO 13616)."""

    code = "iban_invalid"


class AccountNotIban(RemittanceError):
    """An account given otherwise than by IBAN, or not at all."""

    code = "account_not_iban"


class AddressUnstructured(RemittanceError):
    """Address lines without town and country, or more than two: refused since 15 November 2026 (EPC)."""

    code = "address_unstructured"


class CharacterRefused(RemittanceError):
    """A control, direction or invisible character: the text would not be what it seems."""

    code = "character_refused"


class DateInvalid(RemittanceError):
    """An execution date that is no day of this calendar."""

    code = "date_invalid"


class CreditorIdInvalid(RemittanceError):
    """The creditor identifier (ICS) is missing, malformed, or its check digits do not hold (EPC AT-C002)."""

    code = "creditor_id_invalid"


class CreditorIdMixed(RemittanceError):
    """Two creditor identifiers inside one block."""

    code = "creditor_id_mixed"


# --- CFONB records of 160 columns ------------------------------------------------------------------------


class RecordLengthWrong(RemittanceError):
    """A record has not 160 columns."""

    code = "record_length"


class RecordUnexpected(RemittanceError):
    """Another record than 03, 06 and 08, or one of them out of its place."""

    code = "record_unexpected"


class RecordMissing(RemittanceError):
    """A remittance without a bill, or without its total record."""

    code = "record_missing"


class OperationCodeWrong(RemittanceError):
    """Another operation code than 60."""

    code = "operation_code"


class RunningNumberWrong(RemittanceError):
    """Records are numbered from 1 without a gap, and this one is not."""

    code = "running_number"


class EntryCodeWrong(RemittanceError):
    """Another entry code (*code d'entrée*) than 1 to 4."""

    code = "entry_code"


class AcceptanceWrong(RemittanceError):
    """Another acceptance code than 0, 1 and 2."""

    code = "acceptance_code"


class AmountMalformed(RemittanceError):
    """An amount that is not 12 digits."""

    code = "amount_malformed"


class RibInvalid(RemittanceError):
    """Bank, branch and account number that are no French account."""

    code = "rib_invalid"


class SirenInvalid(RemittanceError):
    """A SIREN that is not nine digits, or whose Luhn sum does not hold."""

    code = "siren_invalid"
