"""The checks of single values: each turns a text of the file into a value, or refuses it and says where.

Sums and counts over many orders are `totals`'; the account's owner and the date's sense are checked elsewhere.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final

from approvals.model.iban import Iban, is_iban
from approvals.model.money import DECIMALS, in_minor_units
from approvals.model.remittance import RemittanceFormat
from approvals.remittance.parsing import Element
from approvals.remittance.refusals import (
    AccountNotIban,
    AmountNotPositive,
    AmountScaleWrong,
    CharacterRefused,
    CurrencyUnknown,
    DateInvalid,
    IbanInvalid,
)
from approvals.remittance.schemas import qualified

_MOST_ADDRESS_LINES: Final = 2  # EPC SCT rulebook 2025, hybrid address: town, country and at most two lines
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})  # control, format (direction, zero width), line separators


def check_texts(texts: Iterable[str], path: str) -> None:
    """Raises CharacterRefused: what a person reads must be what is there."""
    text = "".join(texts)
    if not text.isprintable() and any(unicodedata.category(character) in _UNSEEN for character in text):
        raise CharacterRefused("a control, direction or invisible character stands in a text", path=path)


def iban_of(text: str, path: str) -> Iban:
    """Raises AccountNotIban when the account is given otherwise, IbanInvalid when its check digits are wrong."""
    if not text:
        raise AccountNotIban("the account is not given by its IBAN", path=path)
    if not is_iban(text):
        raise IbanInvalid("the IBAN's length or check digits are wrong", path=path)
    return Iban(text)


def amount_of(text: str, currency: str, path: str) -> int:
    """Return minor units of the currency. Raises CurrencyUnknown, AmountScaleWrong, AmountNotPositive."""
    decimals = DECIMALS.get(currency)
    if decimals is None:
        raise CurrencyUnknown("the currency is not in ISO 4217", path=path)
    amount = in_minor_units(text.strip(), decimals)  # xs:decimal allows white space around
    if amount is None:
        raise AmountScaleWrong(f"{currency} has {decimals} decimals at most", path=path)
    if amount <= 0:
        raise AmountNotPositive("an amount must be more than zero", path=path)
    return amount


def day_of(text: str, path: str) -> date:
    """Return the calendar day of an xs:date or xs:dateTime, as written. Raises DateInvalid (a year over 9999)."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise DateInvalid("not a day of the calendar", path=path) from None


def has_unstructured_address(element: Element, message: RemittanceFormat) -> bool:
    """True when a party has address lines without town and country, or more than two of them (EPC, 15 Nov 2026)."""
    line, town, country = (qualified(message, name) for name in ("AdrLine", "TwnNm", "Ctry"))
    for address in element.iterfind(f"*/{qualified(message, 'PstlAdr')}"):
        lines = len(address.findall(line))
        hybrid = address.find(town) is not None and address.find(country) is not None
        if lines > _MOST_ADDRESS_LINES or (lines and not hybrid):
            return True
    return False
