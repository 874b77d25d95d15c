"""Asking an authority, at the address its row names and nowhere else: one request, bounded in time and size."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp

from approvals.certificates.refusals import Cause, RevocationUnavailable
from server.outside.bodies import read_at_most

_PLAIN: Final = {"Accept-Encoding": "identity"}
_OCSP: Final = {**_PLAIN, "Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}


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
        return await self._body("POST", url, self._limits.ocsp_time, self._limits.ocsp_bytes, request)

    async def crl(self, url: str) -> bytes:
        """Return the list, DER as RFC 5280 4.2.1.13 has it over HTTP. Raises RevocationUnavailable."""
        return await self._body("GET", url, self._limits.crl_time, self._limits.crl_bytes)

    async def _body(self, method: str, url: str, limit: timedelta, most: int, content: bytes | None = None) -> bytes:
        headers = _PLAIN if content is None else _OCSP
        timeout = aiohttp.ClientTimeout(total=limit.total_seconds())
        try:
            async with self._session.request(
                method, url, data=content, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                _require_ok(response.status)
                body = await read_at_most(response.content, most + 1)
        except TimeoutError:
            raise RevocationUnavailable(Cause.TOO_SLOW) from None
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError):
            raise RevocationUnavailable(Cause.NO_ANSWER) from None
        if len(body) > most:
            raise RevocationUnavailable(Cause.TOO_LARGE)
        return body


def _require_ok(status: int) -> None:
    if 300 <= status < 400:
        raise RevocationUnavailable(Cause.REDIRECTED)  # never followed: only the row's own address is trusted
    if status != 200:
        raise RevocationUnavailable(Cause.NO_ANSWER)
