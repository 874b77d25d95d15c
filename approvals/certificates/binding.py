"""Whose a certificate must be: the person by authority, serial number and both names; the company by SIREN.

Never the common name alone, never the certificate's own serial number alone (CERTIFICATES): a renewal has another.
"""

import unicodedata

from approvals.certificates.refusals import CertificateRefused, Reason
from approvals.model.certificate import Holder
from approvals.model.ids import AuthorityId


def require_holder(found: Holder, of: AuthorityId, enrolled: Holder, under: AuthorityId) -> None:
    """Raise CertificateRefused (other_person, other_company) unless `found` names whom the `enrolled` one named.

    `of` and `under` are their authorities: a serial number means the person only to the one that gave it.
    """
    if of != under or _person(found) != _person(enrolled):
        raise CertificateRefused(Reason.OTHER_PERSON)
    require_company(found, enrolled.siren)


def require_company(found: Holder, siren: str) -> None:
    """Raise CertificateRefused (other_company) unless it names the company of this SIREN."""
    if found.siren != siren:
        raise CertificateRefused(Reason.OTHER_COMPANY)


def require_named(found: Holder, name: str) -> None:
    """Raise CertificateRefused (other_person) unless given name and surname, in either order, are this name's letters.

    Accents, capitals, hyphens, apostrophes and spaces do not count; every letter does, so that a second given name
    that only one of the two holds is for two advisers to look at.
    """
    given, surname = letters(found.given_name), letters(found.surname)
    if letters(name) not in {given + surname, surname + given}:
        raise CertificateRefused(Reason.OTHER_PERSON)


def letters(name: str) -> str:
    """Return the letters alone, without accents, in small letters; ligatures as two."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(character for character in plain if character.isalnum())


def _person(holder: Holder) -> tuple[str, str, str]:
    return holder.serial_number, _spelled(holder.given_name), _spelled(holder.surname)


def _spelled(name: str) -> str:
    """One spelling: authorities change between capitals and small letters from one renewal to the next."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
