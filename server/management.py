"""The management port: metrics and health, for Prometheus and whatever restarts processes; not for the public."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from approvals.errors import ClockOff
from server.http.health import Health
from server.http.problems import problem_response
from server.http.refusals import NotReady
from server.metrics.standing import Exposition
from server.settings import ManagementSettings

log = logging.getLogger(__name__)

_PLAIN: Final = "ok\n"


def management_application(exposition: Exposition, health: Health, new_id: Callable[[str], str]) -> web.Application:
    """Return GET /metrics, /health/live and /health/ready."""

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await exposition.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def live(_request: web.Request) -> web.Response:
        return web.Response(text=_PLAIN)

    async def ready(_request: web.Request) -> web.Response:
        try:
            await health.require_ready()
        except (NotReady, ClockOff) as refusal:
            return problem_response(refusal, new_id("req"))
        return web.Response(text=_PLAIN)

    application = web.Application()
    application.router.add_get("/metrics", metrics)
    application.router.add_get("/health/live", live)
    application.router.add_get("/health/ready", ready)
    return application


@asynccontextmanager
async def managing(settings: ManagementSettings, application: web.Application) -> AsyncIterator[None]:
    """Listen meanwhile, where the settings give it a port."""
    if settings.port is None:
        yield
        return
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        for address in runner.addresses:
            log.info("managing", extra={"host": address[0], "port": address[1]})
        yield
    finally:
        await runner.cleanup()
