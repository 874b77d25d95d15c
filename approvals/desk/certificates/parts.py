"""What the desks of certificates lean on."""

from dataclasses import dataclass

from approvals.desk.terms import Terms
from approvals.ports.book import Book
from approvals.ports.certificates import CertificateValidator
from approvals.ports.world import Announcer, Clock, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateParts:
    """`shop` is the address of the partner's shop."""

    book: Book
    clock: Clock
    ids: Ids
    announcer: Announcer
    validator: CertificateValidator
    terms: Terms
    shop: str
