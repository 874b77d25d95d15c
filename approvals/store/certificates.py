"""People's certificates, and whom each holder's work for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.credentials.certificate_refusals import CertificateTaken
from approvals.model.certificate import Certificate, CertificateStatus, CertificateUse, Holder, Level
from approvals.model.ids import AuthorityId, CertificateId, UserId
from approvals.model.person import UserStatus
from approvals.store.columns import blob, milliseconds, milliseconds_or_none, number, text, time, time_or_none
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.queries import placeholders


class SqlCertificates:
    """Satisfies `ports.certificates.Certificates`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _LOAD: Final = "SELECT * FROM certificates WHERE id = $1"

    async def load(self, certificate_id: CertificateId) -> Certificate | None:
        row = await fetch_one(self._connection, self._LOAD, certificate_id)
        return None if row is None else _certificate(row)

    _WITH_THUMBPRINT: Final = "SELECT * FROM certificates WHERE thumbprint = $1"

    async def with_thumbprint(self, thumbprint: str) -> Certificate | None:
        row = await fetch_one(self._connection, self._WITH_THUMBPRINT, thumbprint)
        return None if row is None else _certificate(row)

    _OF_USERS: Final = "SELECT * FROM certificates WHERE user_id IN ({users})"

    async def of_users(self, user_ids: Sequence[UserId]) -> Sequence[Certificate]:
        """All of them, whatever their status, oldest first."""
        if not user_ids:
            return []
        rows = await self._connection.fetch(self._OF_USERS.format(users=placeholders(len(user_ids))), *user_ids)
        return sorted(map(_certificate, rows), key=lambda certificate: (certificate.enrolled_at, certificate.id))

    # A holder whose user has left may begin again under another number.
    _BIND: Final = """
        INSERT INTO certificate_holders (authority_id, holder_number, siren, user_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (authority_id, holder_number, siren) DO UPDATE SET user_id = excluded.user_id
        WHERE certificate_holders.user_id = excluded.user_id OR EXISTS (
            SELECT 1 FROM users WHERE users.id = certificate_holders.user_id AND users.status = $5
        )
        RETURNING user_id
    """
    _PUT: Final = """
        INSERT INTO certificates (
            id, user_id, authority_id, der, thumbprint, holder_number, given_name, surname, siren, level, uses,
            not_before, not_after, status, enrolled_at, due_at, in_browser
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (thumbprint) DO UPDATE SET
            status = excluded.status, enrolled_at = excluded.enrolled_at, due_at = excluded.due_at
        WHERE certificates.id = excluded.id AND certificates.user_id = excluded.user_id
        RETURNING id
    """

    async def put(self, certificate: Certificate) -> None:
        """Write it anew, or its status and what is due over itself.

        Raises CertificateTaken where it, or another of the same holder, works under another user number (RULES 14).
        """
        holder, user_id = certificate.holder, certificate.user_id
        bound = await fetch_one(
            self._connection,
            self._BIND,
            certificate.authority_id,
            holder.serial_number,
            holder.siren,
            user_id,
            UserStatus.LEFT,
        )
        if bound is None or await self._write(certificate) is None:
            raise CertificateTaken("the certificate works under another user number")

    async def _write(self, certificate: Certificate) -> Row | None:
        return await fetch_one(
            self._connection,
            self._PUT,
            certificate.id,
            certificate.user_id,
            certificate.authority_id,
            certificate.der,
            certificate.thumbprint,
            certificate.holder.serial_number,
            certificate.holder.given_name,
            certificate.holder.surname,
            certificate.holder.siren,
            certificate.level,
            " ".join(sorted(certificate.uses)),
            milliseconds(certificate.not_before),
            milliseconds(certificate.not_after),
            certificate.status,
            milliseconds(certificate.enrolled_at),
            milliseconds_or_none(certificate.due_at),
            int(certificate.in_browser),
        )

    _DUE: Final = "SELECT * FROM certificates WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2"

    async def due(self, until: datetime, limit: int) -> Sequence[Certificate]:
        """Those the calendar has something to do to until then, the longest due first."""
        rows = await self._connection.fetch(self._DUE, milliseconds(until), limit)
        return [_certificate(row) for row in rows]

    _ADMIT: Final = """
        INSERT INTO certificate_admissions (user_id, thumbprint, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id, thumbprint) DO UPDATE SET expires_at = excluded.expires_at
    """

    async def admit(self, user_id: UserId, thumbprint: str, until: datetime) -> None:
        """This person may enrol this certificate until then; once more moves the end."""
        await self._connection.execute(self._ADMIT, user_id, thumbprint, milliseconds(until))

    _IS_ADMITTED: Final = """
        SELECT user_id FROM certificate_admissions WHERE user_id = $1 AND thumbprint = $2 AND expires_at > $3
    """

    async def is_admitted(self, user_id: UserId, thumbprint: str, now: datetime) -> bool:
        found = await fetch_one(self._connection, self._IS_ADMITTED, user_id, thumbprint, milliseconds(now))
        return found is not None

    _USE_ADMISSION: Final = "DELETE FROM certificate_admissions WHERE user_id = $1 AND thumbprint = $2"

    async def use_admission(self, user_id: UserId, thumbprint: str) -> None:
        await self._connection.execute(self._USE_ADMISSION, user_id, thumbprint)


def _certificate(row: Row) -> Certificate:
    return Certificate(
        id=CertificateId(text(row, "id")),
        user_id=UserId(text(row, "user_id")),
        authority_id=AuthorityId(text(row, "authority_id")),
        der=blob(row, "der"),
        thumbprint=text(row, "thumbprint"),
        holder=Holder(
            serial_number=text(row, "holder_number"),
            given_name=text(row, "given_name"),
            surname=text(row, "surname"),
            siren=text(row, "siren"),
        ),
        level=Level(text(row, "level")),
        uses=frozenset(map(CertificateUse, text(row, "uses").split())),
        not_before=time(row, "not_before"),
        not_after=time(row, "not_after"),
        status=CertificateStatus(text(row, "status")),
        enrolled_at=time(row, "enrolled_at"),
        due_at=time_or_none(row, "due_at"),
        in_browser=bool(number(row, "in_browser")),
    )
