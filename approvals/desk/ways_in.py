"""The ways in, joined: they lean on the same parts, and on each other's knock and factors."""

from dataclasses import dataclass

from approvals.desk.access import AccessDesk
from approvals.desk.certificate_sign_in import CertificateSignIn
from approvals.desk.code_change import CodeChange
from approvals.desk.confirmations import ConfirmationDesk
from approvals.desk.enrolments import EnrolmentDesk
from approvals.desk.factors import FactorParts, Factors
from approvals.desk.first_entry import FirstEntry
from approvals.desk.knocking import Knocking
from approvals.desk.letters import LetterDesk
from approvals.desk.sign_in import SignIn
from approvals.desk.tickets import TicketDesk
from approvals.desk.widget import WidgetDesk
from approvals.ports.world import CardProfiles, CertificateChecker


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """Every verb of coming in, and of what one comes in with; `origin` is where people come in."""

    access: AccessDesk
    certificate: CertificateSignIn
    first_entry: FirstEntry
    code_change: CodeChange
    letters: LetterDesk
    enrolments: EnrolmentDesk
    confirmations: ConfirmationDesk
    tickets: TicketDesk
    widget: WidgetDesk
    origin: str


def join_ways_in(parts: FactorParts, profiles: CardProfiles, signatures: CertificateChecker) -> WaysIn:
    book, clock, announcer, hasher = parts.book, parts.clock, parts.announcer, parts.hasher
    knocking = Knocking(book=book, clock=clock, origin=parts.terms.origin)
    factors = Factors(parts)
    sign_in = SignIn(parts=parts, profiles=profiles, knocking=knocking, factors=factors)
    return WaysIn(
        access=AccessDesk(book=book, clock=clock, sign_in=sign_in),
        certificate=CertificateSignIn(parts=parts, checker=signatures, knocking=knocking, sign_in=sign_in),
        first_entry=FirstEntry(book=book, clock=clock, announcer=announcer, hasher=hasher, knocking=knocking),
        code_change=CodeChange(book=book, clock=clock, announcer=announcer, hasher=hasher, factors=factors),
        letters=LetterDesk(book=book, clock=clock, ids=parts.ids),
        enrolments=EnrolmentDesk(book=book, clock=clock, ids=parts.ids, announcer=announcer, terms=parts.terms),
        confirmations=ConfirmationDesk(parts=parts, knocking=knocking, sign_in=sign_in),
        tickets=TicketDesk(book=book, clock=clock, ids=parts.ids),
        widget=WidgetDesk(book=book, clock=clock, ids=parts.ids, hosts=parts.terms.widget_hosts),
        origin=parts.terms.origin,
    )
