"""The caller's address: the socket's own, or what a named trusted proxy says of it."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import web

UNKNOWN: Final = "unknown"


class Proxies:
    """The proxies whose `X-Forwarded-For` is believed; anybody else's is ignored."""

    def __init__(self, trusted: Sequence[str]) -> None:
        """Take addresses and networks. Raises ValueError for anything else."""
        self._trusted: list[IPv4Network | IPv6Network] = [ip_network(proxy, strict=False) for proxy in trusted]

    def address_of(self, request: web.BaseRequest) -> str:
        return self.address(request.remote, request.headers.getall("X-Forwarded-For", []))

    def trusts(self, request: web.BaseRequest) -> bool:
        """Whether a trusted proxy itself holds the connection."""
        return self._is_trusted(_normal(request.remote))

    def address(self, peer: str | None, forwarded: Sequence[str]) -> str:
        """Return the nearest address that is no trusted proxy, read from the right: what is further left may be a lie.

        `forwarded` holds every `X-Forwarded-For` header in the order received.
        """
        hops = [hop.strip() for header in forwarded for hop in header.split(",")]
        nearest = _normal(peer)
        while self._is_trusted(nearest) and hops:
            nearest = _normal(hops.pop())
        return nearest

    def _is_trusted(self, address: str) -> bool:
        return address != UNKNOWN and any(ip_address(address) in network for network in self._trusted)


def _normal(text: str | None) -> str:
    """Return one spelling an address; an IPv4 address mapped into IPv6 is the IPv4 address."""
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return UNKNOWN
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
