"""An account number that carries its own check: ISO 13616 length by country, ISO 7064 MOD 97-10 checksum.

Whether the account exists, and whose it is, is the bank core's and Verification of Payee's to say.
"""

import re
from typing import Final, NewType

Iban = NewType("Iban", str)  # electronic form: no spaces, upper case, checked by `is_iban`

# SWIFT IBAN Registry (ISO 13616-2), release 101: total length by country. Compared with schwifty's in the tests.
_COUNTRIES_BY_LENGTH: Final = {
    15: "NO",
    16: "BE",
    18: "DK FK FO FI GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
LENGTHS: Final = {
    country: length for length, countries in _COUNTRIES_BY_LENGTH.items() for country in countries.split()
}
_SHAPE: Final = re.compile(r"[A-Z]{2}(?!00|01|99)[0-9]{2}[A-Z0-9]{11,30}")  # check digits run from 02 to 98
_LETTERS_AS_DIGITS: Final = str.maketrans({letter: str(ord(letter) - 55) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})


def is_iban(text: str) -> bool:
    """True for an IBAN in electronic form: known country, its length, right checksum (ISO 7064 MOD 97-10)."""
    if LENGTHS.get(text[:2]) != len(text) or not _SHAPE.fullmatch(text):
        return False
    return int((text[4:] + text[:4]).translate(_LETTERS_AS_DIGITS)) % 97 == 1
