"""A certificate as somebody pastes it: one PEM block (RFC 7468), or its DER as base64; not believed yet."""

import base64
import re
from binascii import Error as Base64Error
from typing import Final

from approvals.certificates.reading import LARGEST
from approvals.certificates.refusals import CertificateRefused, Reason

_LONGEST: Final = 2 * LARGEST
_BLOCK: Final = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----")


def read_pasted(text: str) -> bytes:
    """Return the DER. Raises CertificateRefused (malformed), for a private key or several certificates too."""
    if len(text) > _LONGEST:
        raise CertificateRefused(Reason.MALFORMED)
    block = _BLOCK.fullmatch(text.strip())
    encoded = "".join((block[1] if block else text).split())
    try:
        der = base64.b64decode(encoded, validate=True)
    except (Base64Error, ValueError):
        raise CertificateRefused(Reason.MALFORMED) from None
    if not 0 < len(der) <= LARGEST:
        raise CertificateRefused(Reason.MALFORMED)
    return der
