"""Serving: the one TaskGroup of the process, from the open house to the last connection drained."""

import asyncio
import gc
import logging
import random
import signal
import ssl
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

import uvloop
from aiohttp import ClientSession, web

from approvals.model.card_order import Maker
from channels.hub.hub import Drainage
from server import logs
from server.app import House, make_application, make_management, open_house
from server.jobs.couriers import Courier
from server.jobs.releaser import Releaser
from server.jobs.rereading import HeadReader
from server.jobs.sweeper import Chore, Sweeper
from server.jobs.verifier import Verifier
from server.management import managing
from server.metrics.loop import watch_loop
from server.outside.core import CoreWebhook
from server.outside.webhook import SignedWebhook, open_session
from server.settings import ServerSettings, Settings

log = logging.getLogger(__name__)

_EVERY_SECOND: Final = timedelta(seconds=1)
_SWEEP_EVERY: Final = timedelta(seconds=5)
_ORDERS_EVERY: Final = timedelta(seconds=5)
_CERTIFICATES_EVERY: Final = timedelta(minutes=1)
_CARDS_EVERY: Final = timedelta(minutes=1)
_RETENTION_EVERY: Final = timedelta(minutes=1)
_KEYS_EVERY: Final = timedelta(seconds=30)
_CLOCK_EVERY: Final = timedelta(seconds=1)
_LAST_REQUESTS: Final = 10.0  # seconds for requests under way when the server stops


def serve(settings: Settings, *, demo: bool) -> None:
    """Serve until SIGTERM or SIGINT, then drain. Raises what `open_house` raises, before anything listens."""
    logs.start(settings.log.level)
    uvloop.run(_serve(settings, demo=demo))


async def _serve(settings: Settings, *, demo: bool) -> None:
    stop = _stop_signal()
    async with open_house(settings, demo=demo) as house, asyncio.TaskGroup() as tasks:
        await house.guard.look(house.foundation.book)
        _spare_the_collector()
        async with (
            managing(settings.management, make_management(house)),
            _listening(house, make_application(house, tasks.create_task)),
            _delivering(house, tasks),
            _ordering(house, tasks),
        ):
            jobs = [tasks.create_task(job) for job in _jobs(house)]
            await stop.wait()
            await _drain(house)
        for job in jobs:
            job.cancel()
        await house.desks.cursors.write()


def _spare_the_collector() -> None:
    """Leave what is built to stay out of the garbage collector's rounds, and make rounds rarer.

    An approval makes some thousands of short-lived objects, almost none of them in cycles: rounds at every 700 of them
    cost a tenth of the server's CPU.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _stop_signal() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    return stop


@asynccontextmanager
async def _listening(house: House, application: web.Application) -> AsyncIterator[None]:
    settings = house.foundation.settings.server
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_LAST_REQUESTS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port, ssl_context=_tls(settings))
        await site.start()
        for address in runner.addresses:
            log.info("serving", extra={"host": address[0], "port": address[1]})
        yield
    finally:
        await runner.cleanup()


def _tls(settings: ServerSettings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    return context


@asynccontextmanager
async def _delivering(house: House, tasks: asyncio.TaskGroup) -> AsyncIterator[None]:
    """Deliver releases meanwhile, where the settings name the bank's core; else they wait in the book."""
    settings = house.foundation.settings
    if settings.core.webhook is None:
        yield
        return
    async with open_session() as session:
        clock = house.foundation.clock
        sender = CoreWebhook(
            session=session, url=settings.core.webhook, secret=house.foundation.vault.webhook, clock=clock
        )
        releaser = Releaser(
            desk=house.desks.deliveries,
            sender=house.observing.sender(sender),
            clock=clock,
            bell=house.bell,
            draw_jitter=random.SystemRandom().random,
        )
        dispatcher = tasks.create_task(releaser.run())
        try:
            yield
        finally:
            dispatcher.cancel()
            await asyncio.wait({dispatcher})


@asynccontextmanager
async def _ordering(house: House, tasks: asyncio.TaskGroup) -> AsyncIterator[None]:
    """Send orders to the makers of cards meanwhile, to those the settings name; the others' wait in the book."""
    makers = house.foundation.settings.makers
    urls = {Maker.MANUFACTURER: makers.manufacturer, Maker.PIN_PRINTER: makers.pin_printer}
    async with open_session() as session:
        rounds = [tasks.create_task(_courier(house, session, maker, url)) for maker, url in urls.items() if url]
        try:
            yield
        finally:
            for each in rounds:
                each.cancel()
            if rounds:
                await asyncio.wait(rounds)


def _courier(house: House, session: ClientSession, maker: Maker, url: str) -> Coroutine[None, None, None]:
    foundation = house.foundation
    secret = foundation.vault.maker_webhooks[maker]
    courier = Courier(
        maker=maker,
        desk=house.desks.cards.messages,
        webhook=SignedWebhook(session=session, url=url, secret=secret, clock=foundation.clock),
        draw_jitter=random.SystemRandom().random,
    )
    return _repeating(f"orders to the {maker}", courier.deliver, _ORDERS_EVERY)


def _jobs(house: House) -> Iterator[Coroutine[None, None, None]]:
    async def tick() -> None:
        house.hub.tick(house.foundation.clock.now())

    async def look() -> None:
        await house.guard.look(house.foundation.book)
        if house.guard.is_off:
            house.hub.turn_away()

    yield _repeating("tick", tick, _EVERY_SECOND)
    in_time = partial(house.guard.in_time, house.foundation.book)
    yield _repeating("sweep", partial(in_time, house.desks.sweeping.sweep), _SWEEP_EVERY)
    yield _repeating("cards", partial(in_time, house.desks.cards.ageing.sweep), _CARDS_EVERY)
    yield _repeating("certificates", partial(in_time, house.desks.certificates.ageing.sweep), _CERTIFICATES_EVERY)
    seal_every = timedelta(seconds=house.foundation.settings.audit.seal_every)
    yield _repeating("seal", partial(in_time, house.desks.sealing.run), seal_every)
    yield _repeating("retention", partial(in_time, house.desks.retention.sweep), _RETENTION_EVERY)
    yield _repeating("clock", look, _CLOCK_EVERY)
    yield _repeating("cursors", house.desks.cursors.write, _EVERY_SECOND)
    yield _repeating("keys", house.key_watch.look, _KEYS_EVERY)
    yield _head_reader(house).run()
    yield _verifier(house).run()
    if house.pusher is not None:
        yield house.pusher.run()
    yield watch_loop(house.observing.figures.loop_lag)
    yield from house.fanout.jobs()


def _head_reader(house: House) -> HeadReader:
    """Spread a third up and down, so that the nodes do not ask as one: by default 30 to 60 s (CHANNELS)."""
    every = house.foundation.settings.fanout.reread_every
    draw = partial(random.SystemRandom().uniform, every * 2 / 3, every * 4 / 3)
    return HeadReader(reread=house.hub.reread_heads, nudge=house.hints_lost, draw_pause=draw)


def _verifier(house: House) -> Verifier:
    clock = house.foundation.clock
    return Verifier(desk=house.desks.preparations, clock=clock, nudge=house.nudge, is_off=lambda: house.guard.is_off)


def _repeating(name: str, chore: Chore, every: timedelta) -> Coroutine[None, None, None]:
    return Sweeper({name: chore}, every=every).run()


async def _drain(house: House) -> None:
    """Send nobody new here, and those who are here elsewhere."""
    log.info("stopping")
    house.health.drain()
    await house.hub.drain(Drainage())


if __name__ == "__main__":
    from server.cli import main

    main()
