"""The French domestic account (RIB) and its IBAN: LCR records name accounts by bank, branch and number alone.

The key is the CFONB's: 97 less the remainder of 89 bank + 15 branch + 3 account by 97, letters counted as digits.
"""

import re
from typing import Final

from approvals.model.iban import Iban
from approvals.remittance.refusals import RibInvalid

_SHAPE: Final = re.compile(r"[0-9]{10}[0-9A-Z]{11}")
_DIGITS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def iban_of_rib(rib: str, path: str) -> Iban:
    """Return the IBAN of bank (5), branch (5) and account (11), 21 characters. Raises RibInvalid."""
    if not _SHAPE.fullmatch(rib):
        raise RibInvalid("not a French account: bank, branch and account number", path=path)
    digits = rib.translate(_DIGITS)
    bank, branch, account = int(digits[:5]), int(digits[5:10]), int(digits[10:])
    key = 97 - (89 * bank + 15 * branch + 3 * account) % 97
    bban = f"{rib}{key:02d}"
    check = 98 - int("".join(str(int(each, 36)) for each in f"{bban}FR00")) % 97  # ISO 7064 MOD 97-10
    return Iban(f"FR{check:02d}{bban}")
