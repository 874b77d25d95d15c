"""Requests over HTTP to whichever node answers: sent again, the same, until a reply decides or patience ends."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self

import aiohttp
import msgspec

from tests.flows.chaos.journal import Journal

PATIENCE: Final = 10.0  # seconds for one reply: who asks again sooner adds load to a slow node
_BREATH: Final = 1.0  # and then the other node: no caller waits as long as Retry-After says
_ASK_AGAIN: Final = frozenset({"answer_in_progress", "conflict", "no_attempt_left"})
_MOST_TRIES: Final = 60

NO_REPLY: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, the same however often it is sent."""

    path: str
    token: str
    key: str
    body: Mapping[str, object] | None = None


class _Problem(msgspec.Struct):
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back; status 0 when nothing did."""

    status: int
    body: bytes

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The problem's stable code; empty where there is none."""
        try:
            return msgspec.json.decode(self.body, type=_Problem).code
        except msgspec.DecodeError:
            return ""

    @property
    def decides(self) -> bool:
        """Whether asking again would be told the same."""
        if self.status in {NO_REPLY, 500, 429} or self.code in _ASK_AGAIN:
            return False
        return self.status != 503 or self.code == "proof_not_checked"


class Caller:
    """One client of the bank, from an address of its own; `doors` are the nodes' addresses."""

    def __init__(self, session: aiohttp.ClientSession, doors: Sequence[str], journal: Journal) -> None:
        self.session = session
        self._doors = doors
        self._journal = journal

    @classmethod
    @asynccontextmanager
    async def at(cls, address: str, doors: Sequence[str], journal: Journal) -> AsyncIterator[Self]:
        connector = aiohttp.TCPConnector(local_addr=(address, 0), limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            yield cls(session, doors, journal)

    async def insist(self, request: Request, *, first: int) -> Reply:
        """Ask one node, then the other, until a reply decides."""
        reply = Reply(status=NO_REPLY, body=b"")
        for number in range(_MOST_TRIES):
            reply = await self.ask(request, node=first + number)
            if reply.decides:
                break
            await asyncio.sleep(_BREATH)
        return reply

    async def ask(self, request: Request, *, node: int) -> Reply:
        """Send once."""
        headers = {"Authorization": f"Bearer {request.token}", "Idempotency-Key": request.key}
        url = f"{self._doors[node % len(self._doors)]}{request.path}"
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with self.session.post(url, json=request.body, headers=headers, timeout=timeout) as response:
                reply = Reply(status=response.status, body=await response.read())
        except (aiohttp.ClientError, OSError, TimeoutError):
            return Reply(status=NO_REPLY, body=b"")
        if reply.status == 500:
            self._journal.faults_of_the_bank.append(f"{request.path.split('/')[2]}: {reply.code}")
        return reply
