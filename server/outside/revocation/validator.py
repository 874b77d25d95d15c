"""Checks certificates: what they show alone at once, then their revocation, judged once an answer and then remembered.

OCSP where the authority's row names a responder, else its CRL; never the one in place of the other, since whoever can
keep a responder silent could then choose the older word. Nobody's word is a refusal (hard-fail).
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

from approvals.certificates.checks import check
from approvals.certificates.reading import Reading, read
from approvals.certificates.refusals import Cause, CertificateRefused, RevocationUnavailable
from approvals.model.certificate import Authority, CertificateUse, Validation
from server.outside.revocation import ocsp
from server.outside.revocation.fetching import Fetching, Limits
from server.outside.revocation.messages import Question
from server.outside.revocation.supervisor import Supervisor
from server.outside.webhook import open_session

_NONCE: Final = 32  # bytes: the most RFC 8954 allows
_LONGEST: Final = timedelta(hours=12)  # a CRL is asked for anew, however far its nextUpdate
_REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What an authority said, and until when it may be relied on; exactly one of the two."""

    until: datetime
    ocsp: bytes | None = None
    crl: bytes | None = None


class RevocationValidator:
    """Satisfies `ports.certificates.CertificateValidator`; one a server process."""

    def __init__(self, fetching: Fetching, supervisor: Supervisor) -> None:
        self._fetching = fetching
        self._supervisor = supervisor
        self._judged: dict[Hashable, _Answer] = {}
        self._lists: dict[Hashable, _Answer] = {}
        self._list_turn = asyncio.Lock()

    async def validate(
        self, certificate: bytes, authority: Authority, use: CertificateUse, now: datetime
    ) -> Validation:
        """See the port."""
        reading = read(certificate, authority)
        level = check(reading, authority, use, now)
        answer = await self._good_answer(reading, authority, now)
        chain = (certificate, authority.certificate)
        return Validation(level=level, chain=chain, ocsp=answer.ocsp, crl=answer.crl, at=now)

    async def _good_answer(self, reading: Reading, authority: Authority, now: datetime) -> _Answer:
        key = (reading.thumbprint, authority.certificate, frozenset(authority.policies), _address(authority))
        known = self._judged.get(key)
        if known is not None and now < known.until and not authority.has_nonce:
            return known
        answer = await self._ask(reading, authority, now)
        await self._judge(reading, authority, answer, now)
        _remember(self._judged, key, answer)
        return answer

    async def _ask(self, reading: Reading, authority: Authority, now: datetime) -> _Answer:
        if authority.ocsp_url is not None:
            return await self._ask_responder(reading, authority, authority.ocsp_url, now)
        if authority.crl_url is not None:
            return await self._list(authority, authority.crl_url, now)
        raise RevocationUnavailable(Cause.NO_ADDRESS)

    async def _ask_responder(self, reading: Reading, authority: Authority, url: str, now: datetime) -> _Answer:
        nonce = secrets.token_bytes(_NONCE) if authority.has_nonce else None
        issuer = x509.load_der_x509_certificate(authority.certificate)
        answer = await self._fetching.ocsp(url, ocsp.request(reading.certificate, issuer, nonce))
        return _Answer(ocsp=answer, until=ocsp.usable_until(answer, nonce, now))

    async def _list(self, authority: Authority, url: str, now: datetime) -> _Answer:
        key = (authority.certificate, url)
        async with self._list_turn:
            known = self._lists.get(key)
            if known is None or now >= known.until:
                fetched = await self._fetching.crl(url)
                known = _Answer(crl=fetched, until=_list_until(fetched, now))
                _remember(self._lists, key, known)
        return known

    async def _judge(self, reading: Reading, authority: Authority, answer: _Answer, now: datetime) -> None:
        verdict = await self._supervisor.ask(_question(reading, authority, answer, now))
        if verdict.reason is not None:
            raise CertificateRefused(verdict.reason)
        if verdict.cause is Cause.WRONG_SIGNER and answer.ocsp is not None:
            ocsp.require_known(answer.ocsp)
        if verdict.cause is not None:
            raise RevocationUnavailable(verdict.cause)


@asynccontextmanager
async def open_validator(limits: Limits | None = None) -> AsyncIterator[RevocationValidator]:
    """Keep a worker and connections meanwhile; the worker is started at once, so that nobody waits for it later."""
    supervisor = Supervisor()
    await supervisor.start()
    try:
        async with open_session() as session:
            yield RevocationValidator(Fetching(session, limits or Limits()), supervisor)
    finally:
        await supervisor.close()


def _question(reading: Reading, authority: Authority, answer: _Answer, now: datetime) -> Question:
    by_age = answer.ocsp is not None and not authority.has_nonce
    return Question(
        certificate=reading.der,
        issuer=authority.certificate,
        policies=tuple(authority.policies),
        at=int(now.timestamp() * 1000),
        ocsp=answer.ocsp,
        crl=answer.crl,
        freshness=int(ocsp.OLDEST.total_seconds()) if by_age else None,
    )


def _list_until(fetched: bytes, now: datetime) -> datetime:
    try:
        next_update = x509.load_der_x509_crl(fetched).next_update_utc
    except (ValueError, TypeError):
        raise RevocationUnavailable(Cause.UNREADABLE) from None
    if next_update is None or next_update <= now:
        raise RevocationUnavailable(Cause.STALE)
    return min(next_update, now + _LONGEST)


def _address(authority: Authority) -> str | None:
    return authority.ocsp_url or authority.crl_url


def _remember(kept: dict[Hashable, _Answer], key: Hashable, answer: _Answer) -> None:
    """Keep the newest; dictionaries are in the order they were written."""
    kept.pop(key, None)
    kept[key] = answer
    if len(kept) > _REMEMBERED:
        del kept[next(iter(kept))]
