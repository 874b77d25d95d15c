"""The composition root: keys, desks, stream and HTTP joined on an open house."""

import asyncio
import hmac
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from typing import Final

import msgspec
from aiohttp import web

from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.desk.inbox import InboxDesk
from approvals.ports.verification import PayeeCheck
from channels import asyncapi
from channels.chat.assistant import read_assistants
from channels.fanout.hints import Fanout
from channels.fanout.local import LocalFanout
from channels.hub.door import Door as StreamDoor
from channels.hub.door import DoorRates
from channels.hub.hub import Hub
from channels.session.state import Pace
from channels.websocket.parts import Spawn, StreamDesks, StreamParts
from channels.websocket.socket import Patience
from channels.websocket.upgrade import Entrance, StreamEndpoint
from server.clock import ClockGuard
from server.foundation import Foundation, open_foundation, require_house
from server.http.address import Proxies
from server.http.browsers import Browsers
from server.http.client_certificate import CertificateHost
from server.http.desks import Desks
from server.http.door import Door
from server.http.health import Health
from server.http.keys import RequestKeys
from server.http.openapi import make_document
from server.http.pages import Pages, read_pages
from server.http.published import Published
from server.http.reference import reference_page, style_sheet
from server.http.tables import ROWS
from server.issuer_keys import require_token
from server.jobs.pusher import Pusher, Wakes
from server.jobs.releaser import Bell
from server.jobs.verifier import Nudge
from server.joining import Checking, JoinedDesks, join_checking, join_desks
from server.key_watch import KeyWatch
from server.management import management_application
from server.metrics.standing import Exposition, Watched
from server.observing import Observing, open_observing
from server.outside.payee_check import open_payee_check
from server.outside.revocation.validator import open_validator
from server.pushing import Pushing, open_pushing
from server.settings import Settings

_REQUEST_KEYS: Final = b"contreseing request keys v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that lives before anybody is served.

    `bell` wakes the releaser, `nudge` the verifier; `hints_lost` is set when heads are to be read again. `pusher` is
    None where the settings name no push service.
    """

    foundation: Foundation
    checking: Checking
    desks: JoinedDesks
    hub: Hub
    fanout: Fanout
    guard: ClockGuard
    key_watch: KeyWatch
    health: Health
    bell: Bell
    nudge: Nudge
    pusher: Pusher | None
    hints_lost: asyncio.Event
    observing: Observing
    request_secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Neighbours:
    """What was opened towards others."""

    fanout: Fanout
    payee_check: PayeeCheck
    pushing: Pushing


@asynccontextmanager
async def open_house(settings: Settings, *, demo: bool) -> AsyncIterator[House]:
    """Open and join everything. Raises what `open_foundation` and `require_token` raise."""
    hints_lost, bell, nudge = asyncio.Event(), Bell(), Nudge()
    async with (
        open_observing(settings.telemetry) as observing,
        open_foundation(settings, demo=demo, watches=(observing.figures.watch, bell.watch, nudge.watch)) as foundation,
        _open_fanout(foundation, hints_lost) as fanout,
        open_payee_check(foundation.settings.payee_check, foundation.clock) as payee_check,
        open_validator() as validator,
        open_pushing(foundation, observing) as pushing,
    ):
        makes = await foundation.book.reading(lambda ledger: ledger.cards.makes())
        require_token(settings.issuer_keys, makes, foundation.profiles, demo=demo)
        hasher = ConfidentialCodes()
        try:
            checking = join_checking(foundation, hasher, validator)
            neighbours = _Neighbours(fanout=fanout, payee_check=payee_check, pushing=pushing)
            yield _join(foundation, observing, checking, neighbours, hints_lost, bell, nudge)
        finally:
            hasher.close()


def make_application(house: House, spawn: Spawn) -> web.Application:
    """Return the application of this house; `spawn` starts tasks in the one TaskGroup."""
    foundation = house.foundation
    proxies = Proxies(foundation.settings.server.trusted_proxies)
    desks = Desks(
        access=house.desks.ways_in.access,
        actions=house.desks.actions,
        answers=house.desks.answers,
        assistants=read_assistants(),
        beneficiaries=house.desks.beneficiaries,
        cards=house.desks.cards,
        certificates=house.desks.certificates,
        company=house.desks.company,
        conversations=house.desks.conversations,
        devices=house.desks.devices,
        evidence=house.desks.evidence,
        handovers=house.desks.handovers,
        inbox=house.desks.inbox,
        preparations=house.desks.preparations,
        push=house.desks.push,
        remittances=house.desks.remittances,
        health=house.health,
        profiles=house.checking.profiles,
        clock=foundation.clock,
        hub=house.hub,
        staff=house.desks.staff,
        ways_in=house.desks.ways_in,
        stream=_stream(house, proxies, spawn).serve,
        request_secret=house.request_secret,
        published=publish(),
        published_keys=foundation.vault.signer.published_keys,
    )
    certificates = CertificateHost(foundation.settings.certificates.mtls_host, proxies)
    keys = RequestKeys(house.request_secret)
    browsers = Browsers(secret=house.request_secret, origin=foundation.settings.server.public_origin)
    door = Door(
        desks=desks,
        keys=keys,
        browsers=browsers,
        pages=_pages(foundation.settings),
        proxies=proxies,
        certificates=certificates,
        ids=foundation.ids,
    )
    application = door.application(ROWS)
    application.middlewares[:0] = house.observing.middlewares()
    return application


def _pages(settings: Settings) -> Pages:
    environment = settings.approvals.environment if settings.certificates.keys_in_browsers else None
    return read_pages(hosts=settings.widget.hosts, keys_for=environment)


def make_management(house: House) -> web.Application:
    """Return the application of the management port."""
    foundation = house.foundation
    watched = Watched(
        book=foundation.book,
        database=foundation.database,
        clock=foundation.clock,
        guard=house.guard,
        hub=house.hub,
        fanout=house.fanout,
    )
    return management_application(Exposition(house.observing.figures, watched), house.health, foundation.ids.make)


def publish() -> Published:
    """Make the documents about the interface."""
    openapi = make_document(ROWS, version=version("contreseing"))
    return Published(
        openapi=msgspec.json.encode(openapi),
        asyncapi=msgspec.json.encode(asyncapi.document()),
        page=reference_page(openapi),
        style=style_sheet(),
    )


@asynccontextmanager
async def _open_fanout(foundation: Foundation, hints_lost: asyncio.Event) -> AsyncIterator[Fanout]:
    """Reach the house's other nodes over Redis, where the settings name one."""
    settings = foundation.settings
    if settings.fanout.redis_url is None:
        yield LocalFanout()
        return
    from channels.fanout.redis import redis_fanout  # noqa: PLC0415  # a fifth of a start; a house of one node has none

    async with redis_fanout(
        settings.fanout.redis_url,
        environment=settings.approvals.environment,
        node=foundation.ids.make("nod"),
        subscribed=hints_lost.set,
        draw=random.SystemRandom().uniform,
    ) as fanout:
        yield fanout


def _join(
    foundation: Foundation,
    observing: Observing,
    checking: Checking,
    neighbours: _Neighbours,
    hints_lost: asyncio.Event,
    bell: Bell,
    nudge: Nudge,
) -> House:
    pushing = neighbours.pushing
    hub = Hub(fanout=neighbours.fanout, inboxes=InboxDesk(foundation.book), spread=random.SystemRandom().uniform)
    wakes = Wakes(hub)
    checking = replace(checking, checker=observing.checker(checking.checker))
    desks = join_desks(foundation, checking, wakes if pushing.lanes else hub, neighbours.payee_check, pushing.offer)
    return House(
        foundation=foundation,
        checking=checking,
        desks=desks,
        hub=hub,
        fanout=neighbours.fanout,
        guard=foundation.guard,
        key_watch=KeyWatch(foundation, checking.card_keys),
        health=Health(book=foundation.book, guard=foundation.guard, require_store=partial(require_house, foundation)),
        bell=bell,
        nudge=nudge,
        pusher=_pusher(foundation, desks, pushing, wakes) if pushing.lanes else None,
        hints_lost=hints_lost,
        observing=observing,
        request_secret=hmac.digest(foundation.vault.linking, _REQUEST_KEYS, "sha256"),
    )


def _pusher(foundation: Foundation, desks: JoinedDesks, pushing: Pushing, wakes: Wakes) -> Pusher:
    return Pusher(
        desk=desks.waking,
        lanes=pushing.lanes,
        clock=foundation.clock,
        wakes=wakes,
        draw_jitter=random.SystemRandom().random,
    )


def _stream(house: House, proxies: Proxies, spawn: Spawn) -> StreamEndpoint:
    foundation = house.foundation
    settings = foundation.settings
    parts = StreamParts(
        desks=StreamDesks(
            access=house.desks.ways_in.access,
            devices=house.desks.devices,
            inboxes=house.desks.inbox,
            cursors=house.desks.cursors,
            answers=house.desks.answers,
            tickets=house.desks.ways_in.tickets,
            talk=house.desks.conversations.talk,
        ),
        profiles=house.checking.profiles,
        hub=house.hub,
        clock=foundation.clock,
        ids=foundation.ids,
        spawn=spawn,
        request_secret=house.request_secret,
        pace=Pace(ping_every=timedelta(seconds=settings.stream.ping_every)),
        patience=Patience(),
    )
    entrance = Entrance(
        door=StreamDoor(DoorRates(), foundation.clock.now()),
        origins={settings.server.public_origin, *settings.stream.origins},
        address_of=proxies.address_of,
    )
    return StreamEndpoint(parts, entrance)
