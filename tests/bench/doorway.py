"""Sockets from many loopback addresses: each has its own ports and its own place in the server's count of callers."""

from typing import Final

import aiohttp

_DEVICES_AN_ADDRESS: Final = 20
_ADDRESSES_A_BLOCK: Final = 250


class Doorway:
    """Opens the HTTP client a device uses; devices of one address share it, as an office's do."""

    def __init__(self) -> None:
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    def session_for(self, device: int) -> aiohttp.ClientSession:
        address = _address(device)
        if address not in self._sessions:
            connector = aiohttp.TCPConnector(local_addr=(address, 0), limit=0)
            self._sessions[address] = aiohttp.ClientSession(connector=connector)
        return self._sessions[address]

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()


def _address(device: int) -> str:
    """Return the device's address in 127.0.0.0/8, which Linux routes to itself whole."""
    block, host = divmod(device // _DEVICES_AN_ADDRESS, _ADDRESSES_A_BLOCK)
    return f"127.0.{block + 1}.{host + 1}"
