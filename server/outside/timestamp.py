"""A timestamp authority over HTTP (RFC 3161 section 3.4): a digest goes out, a token that it was there comes back."""

from typing import Final

import aiohttp

from approvals.evidence.refusals import TimestampRefused
from approvals.evidence.timestamps import request, token_in
from server.outside.webhook import open_session

_LONGEST_REPLY: Final = 64 * 1024
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


class TimestampService:
    """Satisfies `ports.sealing.TimestampAuthority`; a connection of its own each time, since it is asked rarely."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def stamp(self, digest: bytes) -> bytes:
        """Return the token over a SHA-256 digest, DER. Raises TimestampRefused."""
        try:
            async with open_session() as session:
                return token_in(await self._ask(session, request(digest)), digest)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise TimestampRefused("the timestamp authority does not answer") from error

    async def _ask(self, session: aiohttp.ClientSession, content: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept-Encoding": "identity"}
        async with session.post(
            self._url, data=content, headers=headers, timeout=_TIMEOUT, allow_redirects=False
        ) as response:
            if response.status != 200 or response.content_type != "application/timestamp-reply":
                raise TimestampRefused(f"the timestamp authority answers {response.status}")
            reply = bytearray()
            while len(reply) <= _LONGEST_REPLY and (chunk := await response.content.readany()):
                reply += chunk
            return bytes(reply)
