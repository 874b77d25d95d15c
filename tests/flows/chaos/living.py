"""The bank of one run and its people, alive: two nodes, every device connected, every signer at their desk."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.demo.release_check import Trust, pin
from server.clock import SystemClock
from tests.bench.signer import Card
from tests.flows.chaos.calling import Caller
from tests.flows.chaos.choices import draw
from tests.flows.chaos.failing import Failing
from tests.flows.chaos.journal import Journal
from tests.flows.chaos.keeping import House, Kept
from tests.flows.chaos.opener import Opener
from tests.flows.chaos.phone import Line, Phone
from tests.flows.chaos.plan import NODES, Run
from tests.flows.chaos.signer import Signer
from tests.flows.chaos.town import Inhabitant, inhabitants, settle
from tests.flows.chaos.waiting import until
from tests.joined_desks import ISSUER_KEY

_UP_WITHIN: Final = 30.0  # seconds
_CORE_ADDRESS: Final = "127.9.251.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Everything that lives while a run lasts."""

    house: House
    kept: Sequence[Kept]
    journal: Journal
    opener: Opener
    signers: Sequence[Signer]
    failing: Failing

    @property
    def phones(self) -> Iterator[Phone]:
        return (phone for signer in self.signers for phone in signer.phones)


@asynccontextmanager
async def living(run: Run, house: House, journal: Journal) -> AsyncIterator[Town]:
    """Two nodes kept alive, every device connected, every signer at their desk."""
    key = ec.generate_private_key(ec.SECP256R1())
    await settle(house.bank.house, run.companies, key, SystemClock().now())
    async with AsyncExitStack() as stack:
        kept = [await stack.enter_async_context(Kept.behind_links(house, number)) for number in range(NODES)]
        line = Line(doors=[each.door for each in kept], origin=house.bank.house.terms.origin, key=key)
        people = inhabitants(run.companies)
        signers = [await stack.enter_async_context(_signer(run, who, line, journal)) for who in people]
        caller = await stack.enter_async_context(Caller.at(_CORE_ADDRESS, line.doors, journal))
        await stack.enter_async_context(running([each.live(house) for each in kept]))
        async with asyncio.timeout(_UP_WITHIN):
            await until(lambda: all(each.node is not None for each in kept))
        house.core.trust = await _trust(house, kept[0], caller.session)
        await stack.enter_async_context(running([work for signer in signers for work in signer.works()]))
        yield Town(
            house=house,
            kept=kept,
            journal=journal,
            opener=Opener(run.seed, run.companies, caller, house.core, journal),
            signers=signers,
            failing=Failing(house, kept),
        )


@asynccontextmanager
async def running(works: Sequence[Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Run what never ends as long as it lasts; one that fails ends the run."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        yield
        for task in tasks:
            task.cancel()


@asynccontextmanager
async def _signer(run: Run, who: Inhabitant, line: Line, journal: Journal) -> AsyncIterator[Signer]:
    """A signer at an address of their own, with their card and both devices."""
    address = f"127.9.{who.company % 250}.{int(who.number)}"
    async with Caller.at(address, line.doors, journal) as caller:
        signer = Signer(run.seed, who, Card(ISSUER_KEY, who.pan, 0), caller, journal)
        signer.phones = [
            Phone(handset, line, caller.session, signer.show, draw(run.seed, "phone", handset.name))
            for handset in who.devices
        ]
        journal.devices += [phone.journal for phone in signer.phones]
        yield signer


async def _trust(house: House, kept: Kept, session: aiohttp.ClientSession) -> Trust:
    """What the core is given when it is set up: the webhook's secret, and the release key it pins."""
    file = house.folder / "webhook.secret"
    code, said = await house.bank.run("keys", "export-webhook", "--output", str(file))
    if code != 0:
        raise RuntimeError(said)
    async with session.get(f"{kept.door}/.well-known/jwks.json") as response:
        return Trust(secret=file.read_text("ascii").strip(), keys=pin(await response.read()))
