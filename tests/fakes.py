"""Stand-ins at ports: a clock that moves when told, an announcer that remembers whom it told."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from approvals.certificates.checks import check
from approvals.certificates.reading import read
from approvals.certificates.refusals import Cause, CertificateRefused, Reason, RevocationUnavailable
from approvals.model.certificate import Authority, CertificateUse, Validation
from approvals.model.ids import UserId
from approvals.model.verification import NamedAccount, PayeeAnswer, PayeeVerdict

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class SteppedClock:
    """Stands still until told otherwise."""

    def __init__(self, start: datetime = START) -> None:
        self._time = start

    def now(self) -> datetime:
        return self._time

    def advance(self, **by: float) -> None:
        """Take the words of `timedelta`."""
        self._time += timedelta(**by)

    def move_to(self, time: datetime) -> None:
        self._time = time


class Directory:
    """The PayeeCheck port: answers by who holds which account, and keeps whom it was asked about.

    A name whose first word is the holder's is close; an account nobody holds gets no answer.
    """

    def __init__(self, holders: Mapping[str, str]) -> None:
        self.holders = dict(holders)
        self.asked: list[NamedAccount] = []

    async def check(self, payee: NamedAccount) -> PayeeVerdict:
        self.asked.append(payee)
        holder = self.holders.get(payee.iban)
        if holder is None:
            return PayeeVerdict(answer=PayeeAnswer.NOT_POSSIBLE)
        if holder == payee.name:
            return PayeeVerdict(answer=PayeeAnswer.MATCH)
        if holder.split()[0] == payee.name.split()[0]:
            return PayeeVerdict(answer=PayeeAnswer.CLOSE_MATCH, returned_name=holder)
        return PayeeVerdict(answer=PayeeAnswer.NO_MATCH)


class ToldValidator:
    """The CertificateValidator port: the certificate alone is judged, and revocation is what it was told."""

    def __init__(self) -> None:
        self.revoked: set[bytes] = set()
        self.is_silent = False

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        level = check(read(certificate, authority), authority, use, now)
        if self.is_silent:
            raise RevocationUnavailable(Cause.NO_ANSWER)
        if certificate in self.revoked:
            raise CertificateRefused(Reason.REVOKED)
        return Validation(level=level, chain=(certificate, authority.certificate), ocsp=b"ocsp", crl=None, at=now)


class Announcements:
    """The Announcer port: keeps the heads devices would be told, and who was told in all."""

    def __init__(self) -> None:
        self.heads: list[Mapping[UserId, int]] = []

    @property
    def told(self) -> set[UserId]:
        return {user_id for heads in self.heads for user_id in heads}

    async def announce(self, heads: Mapping[UserId, int]) -> None:
        self.heads.append(heads)


class NobodyAsked:
    """The CertificateValidator port where nobody can be asked: no certificate signs anything."""

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        """Raises RevocationUnavailable."""
        del certificate, authority, use, now
        raise RevocationUnavailable(Cause.NO_ADDRESS)
