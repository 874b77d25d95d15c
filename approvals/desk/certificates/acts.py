"""What advisers' acts on authorities and certificates need at opening, read in the opening transaction (RULES 26)."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime, time

from approvals.certificates.binding import require_company
from approvals.certificates.issuing import find_issuer
from approvals.certificates.reading import read
from approvals.certificates.refusals import CertificateRefused, EnrolmentRefused, Reason
from approvals.credentials.certificate_refusals import AuthorityKnown
from approvals.desk.certificates.rules import accepting_company, require_free
from approvals.desk.entitlements import Question
from approvals.errors import InvalidRequest, NotFound
from approvals.model.certificate import Authority
from approvals.model.ids import AuthorityId, UserId
from approvals.model.json import Facts
from approvals.operations.authority import entry_facts, issuing_facts
from approvals.ports.book import Ledger


async def complete_acceptance(ledger: Ledger, question: Question) -> Facts:
    """Add the id it will have. Raises AuthorityKnown, InvalidRequest for one past its end."""
    ends = datetime.combine(datetime.fromisoformat(str(question.facts["ends"])), time(), tzinfo=UTC)
    if ends < question.now:
        raise InvalidRequest("certificate: the authority's own certificate is past its end", field="certificate")
    der = b64decode(str(question.facts["certificate"]))
    if any(each.certificate == der for each in await ledger.authorities.accepted()):
        raise AuthorityKnown("this authority is accepted already: change it instead")
    return {**question.facts, "authority": question.ids.make("aut")}


async def complete_change(ledger: Ledger, question: Question) -> Facts:
    """Add its own certificate, and what the entry was. Raises NotFound."""
    kept = await _accepted(ledger, question)
    return {**issuing_facts(kept.certificate), **question.facts, "before": entry_facts(kept)}


async def complete_withdrawal(ledger: Ledger, question: Question) -> Facts:
    """Add whose certificates count no more. Raises NotFound."""
    kept = await _accepted(ledger, question)
    return {**issuing_facts(kept.certificate), **question.facts, "name": kept.name}


async def complete_admission(ledger: Ledger, question: Question) -> Facts:
    """Add whom the certificate names. The person may be named otherwise, the company may not (RULES 14).

    Raises EnrolmentRefused, MeansNotAccepted, CertificateTaken, CertificateKnownAlready, CertificateNotActive.
    """
    facts, der = question.facts, b64decode(str(question.facts["certificate"]))
    company = await accepting_company(ledger, UserId(str(facts["person"])))
    try:
        authority = _issuer(der, await ledger.authorities.all())
        reading = read(der, authority)
        require_company(reading.holder, company.siren)
    except CertificateRefused as refused:
        raise EnrolmentRefused(refused.reason) from None
    await require_free(ledger, reading.thumbprint, UserId(str(facts["person"])))
    return {
        **facts,
        "holder": f"{reading.holder.given_name} {reading.holder.surname}",
        "holder_number": reading.holder.serial_number,
        "authority_name": authority.name,
        "ends": reading.not_after.date().isoformat(),
    }


def _issuer(der: bytes, authorities: Sequence[Authority]) -> Authority:
    authority = find_issuer(der, authorities)
    if authority.withdrawn_at is not None:
        raise CertificateRefused(Reason.AUTHORITY_WITHDRAWN)
    return authority


async def _accepted(ledger: Ledger, question: Question) -> Authority:
    kept = await ledger.authorities.load(AuthorityId(str(question.facts["authority"])))
    if kept is None or kept.withdrawn_at is not None:
        raise NotFound("no such authority is accepted")
    return kept
