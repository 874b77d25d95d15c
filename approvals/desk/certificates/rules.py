"""What stands before a certificate whatever lets it in: the company takes certificates, nobody else works with it."""

from approvals.credentials.certificate_refusals import CertificateKnownAlready, CertificateNotActive, CertificateTaken
from approvals.errors import MeansNotAccepted
from approvals.model.certificate import Certificate, CertificateStatus
from approvals.model.ids import UserId
from approvals.model.person import Subscription
from approvals.model.policy import Means
from approvals.ports.book import Ledger


async def accepting_company(ledger: Ledger, user_id: UserId) -> Subscription:
    """Return the person's company. Raises MeansNotAccepted where its subscription takes no certificates."""
    user = await ledger.people.user(user_id)
    company = await ledger.people.subscription(user.subscription_id) if user else None
    if company is None or Means.CERTIFICATE not in company.means:
        raise MeansNotAccepted("the company's subscription takes no electronic certificates")
    return company


async def require_free(ledger: Ledger, thumbprint: str, user_id: UserId) -> Certificate | None:
    """Return the person's own that was removed and may come back; None where nobody enrolled it yet.

    Raises CertificateTaken (RULES 14), CertificateKnownAlready, CertificateNotActive.
    """
    known = await ledger.certificates.with_thumbprint(thumbprint)
    if known is None or (known.user_id == user_id and known.status is CertificateStatus.REMOVED):
        return known
    if known.user_id != user_id:
        raise CertificateTaken("the certificate works under another user number")
    if known.status is CertificateStatus.ACTIVE:
        raise CertificateKnownAlready("the certificate is enrolled")
    raise CertificateNotActive(f"the certificate is {known.status}")
