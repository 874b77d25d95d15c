"""Whom a certificate's subject names: the person by three attributes, the company by its SIREN.

The common name says nothing here: it is free text. A name that comes twice, or not at all, is refused.
"""

import re
from collections.abc import Mapping
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.model.certificate import CompanyFrom, Holder
from approvals.model.siren import is_siren

_LONGEST: Final = 200  # characters of one attribute; X.520's own bounds are below
_WRITTEN: Final[Mapping[CompanyFrom, tuple[x509.ObjectIdentifier, re.Pattern[str]]]] = {
    # ETSI EN 319 412-1, 5.1.4
    CompanyFrom.ORGANIZATION_IDENTIFIER: (NameOID.ORGANIZATION_IDENTIFIER, re.compile(r"NTRFR-([0-9]{9})")),
    # RGS annex A4: 0002 is the register SIRENE (ISO/IEC 6523)
    CompanyFrom.ORGANIZATIONAL_UNIT: (NameOID.ORGANIZATIONAL_UNIT_NAME, re.compile(r"0002 ([0-9]{9})")),
}


def read_holder(subject: x509.Name, company_from: CompanyFrom) -> Holder:
    """Return the person and company. Raises CertificateRefused (person_unreadable, company_unreadable)."""
    return Holder(
        serial_number=_only(subject, NameOID.SERIAL_NUMBER),
        given_name=_only(subject, NameOID.GIVEN_NAME),
        surname=_only(subject, NameOID.SURNAME),
        siren=_siren(subject, company_from),
    )


def _only(subject: x509.Name, attribute: x509.ObjectIdentifier) -> str:
    values = _texts(subject, attribute)
    if len(values) != 1 or not values[0].strip() or len(values[0]) > _LONGEST or not values[0].isprintable():
        raise CertificateRefused(Reason.PERSON_UNREADABLE)
    return values[0].strip()


def _siren(subject: x509.Name, company_from: CompanyFrom) -> str:
    attribute, shape = _WRITTEN[company_from]
    values = _texts(subject, attribute)
    found = {match[1] for value in values if (match := shape.fullmatch(value.strip()))}
    if len(found) != 1 or not is_siren(siren := found.pop()):
        raise CertificateRefused(Reason.COMPANY_UNREADABLE)
    return siren


def _texts(subject: x509.Name, attribute: x509.ObjectIdentifier) -> list[str]:
    values = (each.value for each in subject.get_attributes_for_oid(attribute))
    return [value for value in values if isinstance(value, str)]
