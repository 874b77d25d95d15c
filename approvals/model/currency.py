"""Currencies as a CAP reader takes them: by number, the same for the bank and for the reader."""

from typing import Final

ISO_4217_NUMBERS: Final = {
    "AUD": 36, "BGN": 975, "CAD": 124, "CHF": 756, "CNY": 156, "CZK": 203, "DKK": 208, "EUR": 978, "GBP": 826,
    "HKD": 344, "HUF": 348, "ISK": 352, "JPY": 392, "MAD": 504, "NOK": 578, "PLN": 985, "RON": 946, "SEK": 752,
    "SGD": 702, "TND": 788, "TRY": 949, "USD": 840, "XOF": 952, "XPF": 953, "ZAR": 710,
}  # fmt: skip
"""ISO 4217 numbers of the currencies a reader may be asked to type."""
