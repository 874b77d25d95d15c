"""Reading the body of a neighbour's answer, never more of it than decides."""

import aiohttp

_CHUNK = 8 * 1024


async def read_at_most(content: aiohttp.StreamReader, most: int) -> bytes:
    """Return the body, or its first `most` bytes."""
    body = bytearray()
    while len(body) < most and (chunk := await content.read(_CHUNK)):
        body += chunk
    return bytes(body[:most])
