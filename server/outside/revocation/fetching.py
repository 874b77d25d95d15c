"""Asking an authority, at the address its row names and nowhere else: one request, bounded in time and size."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp

from approvals.certificates.refusals import Cause, RevocationUnavailable
from server.outside.bodies import read_at_most

_OCSP: Final = {
    "Content-Type": "application/ocsp-request",
    "Accept": "application/ocsp-response",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one answer may take: in time altogether, and in bytes."""

    ocsp_time: timedelta = timedelta(seconds=5)
    ocsp_bytes: int = 64 * 1024
    crl_time: timedelta = timedelta(seconds=15)
    crl_bytes: int = 16 * 1024 * 1024


class Fetching:
    """One a server process."""

    def __init__(self, session: aiohttp.ClientSession, limits: Limits) -> None:
        self._session = session
        self._limits = limits

    async def ocsp(self, url: str, request: bytes) -> bytes:
        """Post the request (RFC 6960 appendix A.1). Raises RevocationUnavailable."""
        asked = self._session.post(
            url, data=request, headers=_OCSP, timeout=_timeout(self._limits.ocsp_time), allow_redirects=False
        )
        return await _body(asked, self._limits.ocsp_bytes)

    async def crl(self, url: str) -> bytes:
        """Return the list, DER as RFC 5280 4.2.1.13 has it over HTTP. Raises RevocationUnavailable."""
        asked = self._session.get(
            url,
            headers={"Accept-Encoding": "identity"},
            timeout=_timeout(self._limits.crl_time),
            allow_redirects=False,
        )
        return await _body(asked, self._limits.crl_bytes)


async def _body(asked: aiohttp.client._RequestContextManager, most: int) -> bytes:  # it has no public name
    try:
        async with asked as response:
            if response.status != 200:
                is_elsewhere = 300 <= response.status < 400
                raise RevocationUnavailable(Cause.REDIRECTED if is_elsewhere else Cause.NO_ANSWER)
            body = await read_at_most(response.content, most + 1)
    except TimeoutError:
        raise RevocationUnavailable(Cause.TOO_SLOW) from None
    except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError):
        raise RevocationUnavailable(Cause.NO_ANSWER) from None
    if len(body) > most:
        raise RevocationUnavailable(Cause.TOO_LARGE)
    return body


def _timeout(limit: timedelta) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=limit.total_seconds())
