"""The desks of the bank's own people, joined: they lean on the same parts."""

from dataclasses import dataclass

from approvals.desk.adviser_enrolment import AdviserEnrolment
from approvals.desk.adviser_sign_in import AdviserSignIn
from approvals.desk.advisers import AdviserDesk
from approvals.desk.alerts import AlertDesk
from approvals.desk.audit_reading import AuditReading
from approvals.desk.company_actions import CompanyActions
from approvals.desk.terms import Terms
from approvals.ports.book import Book
from approvals.ports.vault import Keyring
from approvals.ports.world import Clock, CodeHasher, Ids, TotpChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffParts:
    """What they lean on."""

    book: Book
    clock: Clock
    ids: Ids
    hasher: CodeHasher
    totp: TotpChecker
    keyring: Keyring
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Advisers' ways in, who they are, their portfolios, the operations, alerts and audit they read."""

    advisers: AdviserDesk
    sign_in: AdviserSignIn
    enrolment: AdviserEnrolment
    audit: AuditReading
    alerts: AlertDesk
    company_actions: CompanyActions


def join_staff(parts: StaffParts) -> Staff:
    book, clock, ids, hasher = parts.book, parts.clock, parts.ids, parts.hasher
    return Staff(
        advisers=AdviserDesk(book=book, clock=clock, ids=ids),
        sign_in=AdviserSignIn(book=book, clock=clock, ids=ids, hasher=hasher, totp=parts.totp),
        enrolment=AdviserEnrolment(
            book=book, clock=clock, ids=ids, hasher=hasher, keyring=parts.keyring, terms=parts.terms
        ),
        audit=AuditReading(book),
        alerts=AlertDesk(book=book, clock=clock),
        company_actions=CompanyActions(book=book, clock=clock),
    )
