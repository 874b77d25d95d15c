"""The authorities whose certificates the bank accepts."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import msgspec

from approvals.errors import StaleVersion
from approvals.model.certificate import Authority, CertificateUse, CompanyFrom, Level
from approvals.model.ids import AuthorityId
from approvals.store.columns import blob, milliseconds_or_none, number, text, text_or_none, time_or_none
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.documents import write

_POLICIES: Final = msgspec.json.Decoder(dict[str, Level])


class SqlAuthorities:
    """Satisfies `ports.certificates.Authorities`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _LOAD: Final = "SELECT * FROM authorities WHERE id = $1"

    async def load(self, authority_id: AuthorityId) -> Authority | None:
        row = await fetch_one(self._connection, self._LOAD, authority_id)
        return None if row is None else _authority(row)

    _ACCEPTED: Final = "SELECT * FROM authorities WHERE withdrawn_at IS NULL"

    async def accepted(self) -> Sequence[Authority]:
        """Those not withdrawn, by name; a bank accepts a handful."""
        return _by_name(await self._connection.fetch(self._ACCEPTED))

    _ALL: Final = "SELECT * FROM authorities"

    async def all(self) -> Sequence[Authority]:
        """Those withdrawn too, by name."""
        return _by_name(await self._connection.fetch(self._ALL))

    _PUT: Final = """
        INSERT INTO authorities (
            id, name, certificate, certificate_digest, policies, uses, both_uses, company_from, ocsp_url, crl_url,
            has_nonce, withdrawn_at
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, policies = excluded.policies, uses = excluded.uses, both_uses = excluded.both_uses,
            company_from = excluded.company_from, ocsp_url = excluded.ocsp_url, crl_url = excluded.crl_url,
            has_nonce = excluded.has_nonce, withdrawn_at = excluded.withdrawn_at
    """
    _SAME: Final = "SELECT id FROM authorities WHERE certificate_digest = $1 AND withdrawn_at IS NULL AND id <> $2"

    async def put(self, authority: Authority) -> None:
        """Write it anew or over itself; its own certificate stays as it was first written.

        Raises StaleVersion where another accepted one has the same certificate.
        """
        digest = sha256(authority.certificate).hexdigest()
        same = await fetch_one(self._connection, self._SAME, digest, authority.id)
        if authority.withdrawn_at is None and same is not None:
            raise StaleVersion("another accepted authority has the same certificate")
        await self._connection.execute(
            self._PUT,
            authority.id,
            authority.name,
            authority.certificate,
            digest,
            write(authority.policies),
            " ".join(sorted(authority.uses)),
            int(authority.both_uses),
            authority.company_from,
            authority.ocsp_url,
            authority.crl_url,
            int(authority.has_nonce),
            milliseconds_or_none(authority.withdrawn_at),
        )


def _by_name(rows: Sequence[Row]) -> list[Authority]:
    return sorted(map(_authority, rows), key=lambda authority: (authority.name, authority.id))


def _authority(row: Row) -> Authority:
    return Authority(
        id=AuthorityId(text(row, "id")),
        name=text(row, "name"),
        certificate=blob(row, "certificate"),
        policies=_POLICIES.decode(text(row, "policies")),
        uses=frozenset(map(CertificateUse, text(row, "uses").split())),
        both_uses=bool(number(row, "both_uses")),
        company_from=CompanyFrom(text(row, "company_from")),
        ocsp_url=text_or_none(row, "ocsp_url"),
        crl_url=text_or_none(row, "crl_url"),
        has_nonce=bool(number(row, "has_nonce")),
        withdrawn_at=time_or_none(row, "withdrawn_at"),
    )
