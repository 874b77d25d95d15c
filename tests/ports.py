"""Ports for the servers of tests, below those the system gives out by itself; each worker has a range of its own.

A port is asked for before the program that listens on it is started: two workers must never mean the same one.
"""

import os
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Final

_FIRST: Final = 20_000
_WIDTH: Final = 1_500
_RANGES: Final = 8


def free_ports(count: int) -> list[int]:
    """Return so many ports in a row nobody listens on now."""
    for _ in range(_WIDTH):
        ports = [next(_numbers) for _ in range(count)]
        if ports == list(range(ports[0], ports[0] + count)) and _are_free(ports):
            return ports
    raise RuntimeError("no port is free")


def _are_free(ports: list[int]) -> bool:
    with suppress(OSError), ExitStack() as stack:
        for port in ports:
            stack.enter_context(socket.create_server(("127.0.0.1", port)))
        return True
    return False


def _turning() -> Iterator[int]:
    """Every port of this worker's range, again and again, from any one on: another run may be under way."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = _FIRST + worker % _RANGES * _WIDTH
    turn = random.randrange(_WIDTH)  # noqa: S311  # no secret
    while True:
        yield first + turn % _WIDTH
        turn += 1


_numbers: Final = _turning()
