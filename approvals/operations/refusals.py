"""Why a payload is refused: one class a reason, each with its own stable code.

They are the branch of `approvals.errors` that grows under `PayloadRefused`; `field` names what is wrong, and the
sentence never repeats it: it may be an account or a name.
"""

from approvals.errors import PayloadRefused


class TextNulRefused(PayloadRefused):
    """A text holds the character U+0000."""

    code = "text_nul"


class TextControlRefused(PayloadRefused):
    """A text holds a control or invisible character: it would not be what it seems."""

    code = "text_control"


class TextDirectionRefused(PayloadRefused):
    """A text holds right-to-left letters or turns the direction of writing: beside an IBAN it would be misread."""

    code = "text_direction"


class TextHoldsCode(PayloadRefused):
    """A text somebody typed may hold a live code: refused before anything is kept of it (RULES 25)."""

    code = "text_code"


class NameHomograph(PayloadRefused):
    """A name mixes letters of two scripts, a Cyrillic one among Latin ones for example (UTS #39)."""

    code = "name_homograph"


class IbanLengthWrong(PayloadRefused):
    """The IBAN has not the length of its country's (ISO 13616 registry)."""

    code = "iban_length"


class IbanWrong(PayloadRefused):
    """No IBAN: no such country, another structure, or check digits that do not hold (ISO 13616)."""

    code = "iban_wrong"


class BicWrong(PayloadRefused):
    """No BIC (ISO 9362)."""

    code = "bic_wrong"


class BicOfAnotherCountry(PayloadRefused):
    """The BIC names a bank of another country than the IBAN."""

    code = "bic_other_country"


class BeneficiaryUnknown(PayloadRefused):
    """The account to be changed or removed is not a registered beneficiary."""

    code = "beneficiary_unknown"


class BeneficiaryKnown(PayloadRefused):
    """The account to be added is a registered beneficiary already: change it instead."""

    code = "beneficiary_known"


class FunctionUnknown(PayloadRefused):
    """No function that a company's people can be given."""

    code = "function_unknown"
