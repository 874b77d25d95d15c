"""The bank's core as a caller: opens actions at a steady pace, takes some of them back, and tells the journal."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final

import msgspec

from channels.frames.content import ActionContent
from deploy.demo.make_remittance import french_iban
from tests.flows.chaos.calling import Caller, Request
from tests.flows.chaos.choices import Fate, Opening, opening_of, read_reference, reference_of
from tests.flows.chaos.core import Core
from tests.flows.chaos.journal import Held, Journal, Withdrawn
from tests.flows.chaos.town import INITIATOR, account_of, client_of

_TOKEN: Final = "ctk_core"  # noqa: S105  # the tests' own core
_EXPIRED_BY: Final = 75.0  # seconds after its opening
_AT_ONCE: Final = 48  # requests of the core under way


class Opener:
    """Opens action after action; each is followed by a task of its own."""

    def __init__(self, seed: int, companies: int, caller: Caller, core: Core, journal: Journal) -> None:
        self._seed = seed
        self._companies = companies
        self._caller = caller
        self._core = core
        self._journal = journal
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def run(self, *, rate: float, seconds: float, may_wait: float) -> None:
        """Open `rate` actions a second for so long; those of the first `may_wait` seconds may be left to expire."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for number in range(round(rate * seconds)):
                due = number / rate
                await asyncio.sleep(max(began + due - time.monotonic(), 0))
                opening = opening_of(self._seed, number, companies=self._companies, may_wait=due < may_wait)
                await self._room.acquire()
                tasks.create_task(self._follow(number, opening))

    async def _follow(self, number: int, opening: Opening) -> None:
        try:
            held = await self._open(number, opening)
            if held is not None and opening.asks_again:
                await self._open(number, opening)
        finally:
            self._room.release()
        if held is not None and opening.fate is Fate.WITHDRAW:
            await asyncio.sleep(opening.pause)
            await self._withdraw(held)

    async def _open(self, number: int, opening: Opening) -> str | None:
        """Return the action's id; None when it is not known to be held."""
        reference, payload = reference_of(number, opening.fate), _payload(number, opening)
        self._core.will_ask(payload)
        body = {
            "client_identifier": client_of(opening.company),
            "kind": "beneficiary" if opening.is_linked else "chequebook",
            "payload": payload,
            "initiator": INITIATOR,
            "reference": reference,
        }
        is_replay = reference in self._journal.asked
        self._journal.asked.add(reference)
        request = Request(path="/v1/actions", token=_TOKEN, key=f"open-{number}", body=body)
        reply = await self._caller.insist(request, first=opening.node)
        if reply.status != 201:
            return None
        action = msgspec.json.decode(reply.body, type=ActionContent).id
        self._journal.held.append(Held(at=time.time(), reference=reference, action=action, is_replay=is_replay))
        return action

    async def take_back_the_rest(self) -> None:
        """At the end of the day, withdraw what nobody signed; what was left to expire has its time first."""
        for held in self._journal.held:
            is_left = read_reference(held.reference)[1] in {Fate.FORGET, Fate.LATE}
            has_time = is_left and held.at + _EXPIRED_BY > time.time()
            if not has_time and held.action not in self._core.applied:
                await self._withdraw(held.action)

    async def _withdraw(self, action: str) -> None:
        """Take an action back; nothing is noted where it had ended before."""
        request = Request(path=f"/v1/actions/{action}/withdrawal", token=_TOKEN, key=f"withdraw-{action}")
        self._journal.asked_back.add(action)
        reply = await self._caller.insist(request, first=0)
        if reply.is_good:
            status = msgspec.json.decode(reply.body, type=ActionContent).status
            self._journal.withdrawn.append(Withdrawn(at=time.time(), action=action, status=status))


def _payload(number: int, opening: Opening) -> Mapping[str, str | int]:
    if opening.is_linked:
        return {"change": "add", "name": f"Fournisseur {number}", "iban": french_iban(number)}
    account = account_of(opening.company)
    return {"account": account, "book": "desk", "number": 1 + number % 20, "delivery": "branch"}
