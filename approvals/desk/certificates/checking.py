"""An adviser pastes a certificate and is told whether and why it is accepted; nothing of it is kept or logged."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from approvals.certificates.algorithms import require_algorithms
from approvals.certificates.binding import require_company, require_named
from approvals.certificates.checks import require_dates, uses_of
from approvals.certificates.issuing import find_issuer
from approvals.certificates.levels import level_of
from approvals.certificates.pasting import read_pasted
from approvals.certificates.reading import Reading, read
from approvals.certificates.refusals import Cause, CertificateRefused, Reason, RevocationUnavailable
from approvals.certificates.usage import require_use
from approvals.credentials.adviser import require_in_portfolio
from approvals.credentials.adviser_refusals import OutsidePortfolio
from approvals.desk.certificates.parts import CertificateParts
from approvals.model.adviser import Adviser
from approvals.model.certificate import Authority, CertificateUse, Level
from approvals.model.person import Subscription, User
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Wearer:
    """Whose it is to be."""

    user: User
    company: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is found, as far as it could be read; accepted when there is neither a reason nor a cause against it.

    `cause` is why nobody says whether it is revoked. `reading` and `level` are None where they cannot be told.
    """

    authority: Authority | None = None
    reading: Reading | None = field(default=None, repr=False)
    level: Level | None = None
    uses: frozenset[CertificateUse] = frozenset()
    reasons: tuple[Reason, ...] = ()
    cause: Cause | None = None

    @property
    def is_accepted(self) -> bool:
        return not self.reasons and self.cause is None


class CheckDesk:
    """Checks what is pasted."""

    def __init__(self, parts: CertificateParts) -> None:
        self._parts = parts

    async def check(self, pasted: str, adviser: Adviser, client: str | None, user: str | None) -> Checked:
        """Say whether it is accepted; with `client` and `user`, whether for this person. Raises OutsidePortfolio."""
        wearer = await self._wearer(adviser, client, user)
        authorities = await self._parts.book.reading(lambda ledger: ledger.authorities.all())
        checked = Checked()
        try:
            der = read_pasted(pasted)
            checked = replace(checked, authority=(authority := find_issuer(der, authorities)))
            reading = read(der, authority)
        except CertificateRefused as refused:
            return replace(checked, reasons=(refused.reason,))
        checked = _judged(checked, reading, authority, self._parts.clock.now())
        if not checked.reasons:
            checked = await self._validated(checked, reading, authority)
        return checked if wearer is None else await self._fitted(checked, reading, wearer)

    async def _wearer(self, adviser: Adviser, client: str | None, user: str | None) -> Wearer | None:
        if client is None or user is None:
            return None

        async def work(ledger: Ledger) -> Wearer:
            company = require_in_portfolio(adviser, await ledger.people.subscription_named(client))
            found = await ledger.people.user_named(client, user)
            if found is None:
                raise OutsidePortfolio("no such person in this company")
            return Wearer(user=found, company=company)

        return await self._parts.book.reading(work)

    async def _validated(self, checked: Checked, reading: Reading, authority: Authority) -> Checked:
        try:
            for use in sorted(checked.uses):
                await self._parts.validator.validate(reading.der, authority, use, self._parts.clock.now())
        except CertificateRefused as refused:
            return replace(checked, reasons=(refused.reason,))
        except RevocationUnavailable as unavailable:
            return replace(checked, cause=unavailable.cause)
        return checked

    async def _fitted(self, checked: Checked, reading: Reading, wearer: Wearer) -> Checked:
        known = await self._parts.book.reading(lambda ledger: ledger.certificates.with_thumbprint(reading.thumbprint))
        reasons = _reasons(
            partial(require_named, reading.holder, wearer.user.name),
            partial(require_company, reading.holder, wearer.company.siren),
        )
        if known is not None and known.user_id != wearer.user.id:
            reasons = (*reasons, Reason.OTHER_USER)
        return replace(checked, reasons=(*checked.reasons, *reasons))


def _judged(checked: Checked, reading: Reading, authority: Authority, now: datetime) -> Checked:
    """Every reason that the certificate alone shows."""
    uses = uses_of(reading, authority)
    reasons = _reasons(
        partial(require_algorithms, reading.certificate),
        partial(require_dates, reading, now),
        partial(level_of, reading, authority),
        partial(require_use, reading, authority, min(uses or authority.uses)),
    )
    if authority.withdrawn_at is not None:
        reasons = (Reason.AUTHORITY_WITHDRAWN, *reasons)
    level = None if Reason.WRONG_POLICY in reasons else level_of(reading, authority)
    return replace(checked, reading=reading, level=level, uses=uses, reasons=reasons)


def _reasons(*checks: Callable[[], object]) -> tuple[Reason, ...]:
    return tuple(reason for check in checks if (reason := _reason(check)) is not None)


def _reason(check: Callable[[], object]) -> Reason | None:
    try:
        check()
    except CertificateRefused as refused:
        return refused.reason
    return None
