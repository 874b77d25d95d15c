"""The HTTP side of a whole bank on a real socket; what is behind it is `tests.house`'s."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache

from aiohttp import ClientSession, DummyCookieJar, web

from approvals.checkers.cap import CapProfiles
from approvals.desk.beneficiaries import BeneficiaryDesk
from approvals.desk.company import CompanyDesk
from approvals.desk.house import HouseDesk
from approvals.model.api_key import Scope
from channels.chat.assistant import read_assistants
from channels.fanout.local import LocalFanout
from channels.hub.door import Door as StreamDoor
from channels.hub.door import DoorRates
from channels.hub.hub import Hub
from channels.session.state import Pace
from channels.websocket.parts import StreamDesks, StreamParts
from channels.websocket.socket import Patience
from channels.websocket.upgrade import Entrance, StreamEndpoint
from server.app import publish
from server.clock import ClockGuard, FollowedClock
from server.http.address import Proxies
from server.http.browsers import Browsers
from server.http.client_certificate import CertificateHost
from server.http.desks import Desks
from server.http.door import Door
from server.http.health import Health
from server.http.keys import RequestKeys
from server.http.pages import Pages
from server.http.routes import Row
from server.http.tables import ROWS
from tests.house import CLIENT, CODE, House, Person
from tests.server.spec import Answered, Api
from tests.staff import staff_desks

SECRET = b"request secret of the tests"
ORIGIN = "https://bank.test"
NOT_BUILT = Pages({}, {})
published = cache(publish)
"""The documents are the same for every house: made once a process."""


@dataclass
class Schema:
    """Whether the database has the schema this version knows; a test may say no."""

    trouble: Exception | None = None

    async def require(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@dataclass(kw_only=True)
class Site:
    """A served house, and clients for those who call it."""

    house: House
    session: ClientSession
    origin: str
    nobody: Api
    core: Api
    health: Health
    schema: Schema = field(default_factory=Schema)

    async def sign_in(self, person: Person, *, with_card: bool = False) -> Api:
        """A client for this person, signed in with the confidential code, or with code and card."""
        signed_in = await self.nobody.post("/v1/sessions", self.claim(person, with_card=with_card))
        assert signed_in.status == 201
        return self.nobody.having(signed_in.text("token"))

    def claim(self, person: Person, *, with_card: bool = False) -> dict[str, str]:
        """What this person types to sign in."""
        cap = {"cap": person.code_key().code} if with_card else {}
        return {"client_identifier": CLIENT, "user_number": person.user.number, "code": CODE, **cap}

    async def keyed(self, scope: str) -> Api:
        """A client with an API key of one scope."""
        issued = await HouseDesk(book=self.house.book, clock=self.house.clock, ids=self.house.ids).add_api_key(
            scope, frozenset({Scope(scope)})
        )
        return self.nobody.having(issued.token)

    async def hold(self, **changed: object) -> Answered:
        """The core opens an action."""
        return await self.core.post("/v1/actions", {**OPENING, **changed})


OPENING: dict[str, object] = {
    "client_identifier": CLIENT,
    "kind": "beneficiary",
    "initiator": "003",
    "payload": {"change": "add", "name": "Menuiserie Le Goff", "iban": "FR1420041010050500013M02606"},
}


@asynccontextmanager
async def serving(
    house: House,
    *,
    proxies: tuple[str, ...] = (),
    mtls_host: str | None = None,
    more: Sequence[Row] = (),
    pages: Pages = NOT_BUILT,
) -> AsyncIterator[Site]:
    """Serve the house on a free port of this machine; `more` are routes of a test's own."""
    schema = Schema()
    guard = ClockGuard(house.clock, FollowedClock(house.clock))
    health = Health(book=house.book, guard=guard, require_store=schema.require)
    async with asyncio.TaskGroup() as tasks:
        application = _door(house, health, Proxies(proxies), mtls_host, tasks, pages).application([*ROWS, *more])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            origin = f"http://{host}:{port}"
            async with ClientSession(cookie_jar=DummyCookieJar()) as session:
                nobody = await Api.of(session, origin)
                yield Site(
                    house=house,
                    session=session,
                    origin=origin,
                    nobody=nobody,
                    core=nobody.having("ctk_core"),
                    health=health,
                    schema=schema,
                )
        finally:
            await runner.cleanup()


def _door(
    house: House, health: Health, proxies: Proxies, mtls_host: str | None, tasks: asyncio.TaskGroup, pages: Pages
) -> Door:
    hub = Hub(fanout=LocalFanout(), inboxes=house.inbox, spread=lambda low, _high: low)
    profiles = CapProfiles(house.profiles, b"linking secret of the tests")
    parts = _stream(house, hub, profiles, tasks)
    door = StreamDoor(DoorRates(), house.clock.now())
    entrance = Entrance(door=door, origins={ORIGIN}, address_of=proxies.address_of)
    desks = Desks(
        access=house.access,
        actions=house.actions,
        answers=house.answers,
        assistants=read_assistants(),
        beneficiaries=BeneficiaryDesk(house.book),
        cards=house.cards,
        certificates=house.certificates,
        conversations=house.conversations,
        company=CompanyDesk(book=house.book, clock=house.clock),
        devices=house.devices,
        evidence=house.evidence,
        handovers=house.handovers,
        inbox=house.inbox,
        preparations=house.preparations,
        push=house.push,
        remittances=house.remittances,
        staff=staff_desks(house),
        ways_in=house.ways_in,
        health=health,
        profiles=profiles,
        clock=house.clock,
        hub=hub,
        stream=StreamEndpoint(parts, entrance).serve,
        request_secret=SECRET,
        published=published(),
        published_keys=house.signer.published_keys,
    )
    certificates = CertificateHost(mtls_host, proxies)
    return Door(
        desks=desks,
        keys=RequestKeys(SECRET),
        browsers=Browsers(secret=SECRET, origin=ORIGIN),
        pages=pages,
        proxies=proxies,
        certificates=certificates,
        ids=house.ids,
    )


def _stream(house: House, hub: Hub, profiles: CapProfiles, tasks: asyncio.TaskGroup) -> StreamParts:
    return StreamParts(
        desks=StreamDesks(
            access=house.access,
            devices=house.devices,
            inboxes=house.inbox,
            cursors=house.cursors,
            answers=house.answers,
            tickets=house.ways_in.tickets,
            talk=house.conversations.talk,
        ),
        profiles=profiles,
        hub=hub,
        clock=house.clock,
        ids=house.ids,
        spawn=tasks.create_task,
        request_secret=SECRET,
        pace=Pace(),
        patience=Patience(),
    )
