"""A link of the network: a TCP proxy that can be cut, slowed and frozen. What it carries is its watch's to read."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol, Self, TypeAlias

from tests.flows.chaos.waiting import until

_CHUNK: Final = 64 * 1024

Ends: TypeAlias = tuple[StreamReader, StreamWriter]
Dial: TypeAlias = Callable[[str], Awaitable[Ends]]
"""Connects to the far end; given the address the caller came from."""


class Watch(Protocol):
    """Sees what one connection carries, before it is passed on."""

    def sent(self, chunk: bytes) -> None:
        """The caller said this."""
        ...

    def answered(self, chunk: bytes) -> None:
        """The far end said this. Raises ConnectionError to let it go no further."""
        ...


class Deaf:
    """Reads nothing."""

    def sent(self, chunk: bytes) -> None: ...
    def answered(self, chunk: bytes) -> None: ...


class Link:
    """One address callers connect to, whatever becomes of what is behind it."""

    def __init__(self, dial: Dial, watch: Callable[[], Watch]) -> None:
        self._dial = dial
        self._watch = watch
        self._open: set[StreamWriter] = set()
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._is_cut = False
        self._delay = 0.0
        self.port = 0

    @classmethod
    @asynccontextmanager
    async def running(cls, dial: Dial, watch: Callable[[], Watch] = Deaf) -> AsyncIterator[Self]:
        """Listen on a free port of this machine as long as it lasts."""
        link = cls(dial, watch)
        server = await asyncio.start_server(link._serve, "127.0.0.1", 0)
        link.port = server.sockets[0].getsockname()[1]
        try:
            yield link
        finally:
            server.close()
            link.cut()
            await until(lambda: not link._open)

    def cut(self) -> None:
        """Reset every connection and refuse new ones."""
        self._is_cut = True
        self._thawed.set()
        for writer in self._open:
            writer.transport.abort()

    def slow(self, delay: float) -> None:
        """Hold back everything for so many seconds."""
        self._delay = delay

    def freeze(self) -> None:
        """Keep the connections and carry nothing: neither end is told."""
        self._thawed.clear()

    def mend(self) -> None:
        self._is_cut = False
        self._delay = 0.0
        self._thawed.set()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._open.add(writer)
        try:
            if not self._is_cut:
                await self._join(reader, writer)
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _join(self, reader: StreamReader, writer: StreamWriter) -> None:
        caller: str = writer.get_extra_info("peername")[0]
        try:
            far_reader, far_writer = await self._dial(caller)
        except OSError:
            return
        watch = self._watch()
        self._open.add(far_writer)
        pumps = (
            asyncio.create_task(self._pump(reader, far_writer, watch.sent)),
            asyncio.create_task(self._pump(far_reader, writer, watch.answered)),
        )
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            self._open.discard(far_writer)
            far_writer.transport.abort()

    async def _pump(self, reader: StreamReader, writer: StreamWriter, see: Callable[[bytes], None]) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                see(chunk)
                if self._delay:
                    await asyncio.sleep(self._delay)
                await self._thawed.wait()
                writer.write(chunk)
                await writer.drain()


def to_port(port: Callable[[], int]) -> Dial:
    """Dial this machine's port of the moment, from the caller's own address: the server counts callers by it."""

    async def dial(caller: str) -> Ends:
        return await asyncio.open_connection("127.0.0.1", port(), local_addr=(caller, 0))

    return dial


def to_socket(path: str) -> Dial:
    """Dial a Unix socket."""

    async def dial(caller: str) -> Ends:
        del caller
        return await asyncio.open_unix_connection(path)

    return dial
