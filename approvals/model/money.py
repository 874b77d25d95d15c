"""Amounts as banks count them: whole minor units of one ISO 4217 currency; never a float, never a rounding."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

# ISO 4217:2015, list one (active currencies and funds), by number of decimals of the minor unit.
_CODES_BY_DECIMALS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
        "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
        "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU "
        "MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR "
        "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED "
        "VES WST XAD XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DECIMALS: Final = {code: decimals for decimals, codes in _CODES_BY_DECIMALS.items() for code in codes.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """So many minor units of an ISO 4217 currency."""

    amount: int
    currency: str


def in_minor_units(amount: str, decimals: int) -> int | None:
    """Return the xs:decimal text `amount` as a whole number of 10^-decimals; None if it is finer than that.

    "12.5" with 2 decimals is 1250; "12.500" is None: digits beyond the unit are refused, even zeros.
    """
    whole, _, fraction = amount.partition(".")
    if len(fraction) > decimals:
        return None
    return int(whole + fraction.ljust(decimals, "0"))


def in_main_unit(minor: int, decimals: int) -> Decimal:
    """Return so many minor units in the currency's main unit, exact, with all its decimals."""
    return Decimal((int(minor < 0), tuple(map(int, str(abs(minor)))), -decimals))
