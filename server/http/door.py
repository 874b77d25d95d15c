"""The web application: rows become routes, and every request is numbered, guarded, answered and logged in one place."""

import logging
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from approvals.ports.world import Ids
from server.http.address import Proxies
from server.http.browsers import Browsers
from server.http.client_certificate import CertificateHost
from server.http.desks import Desks
from server.http.intake import LARGEST_JSON
from server.http.keys import RequestKeys
from server.http.pages import Pages
from server.http.problems import problem_response
from server.http.routes import Row, Visit
from server.logs import REQUEST

log = logging.getLogger(__name__)

_REQUEST_ID: Final = web.RequestKey("request id", str)

_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",  # browsers ignore it without TLS
    "X-Content-Type-Options": "nosniff",
}


class Door:
    """Everything a request passes before a row serves it, and its answer after."""

    def __init__(
        self,
        *,
        desks: Desks,
        keys: RequestKeys,
        browsers: Browsers,
        pages: Pages,
        proxies: Proxies,
        certificates: CertificateHost,
        ids: Ids,
    ) -> None:
        self._desks = desks
        self._keys = keys
        self._browsers = browsers
        self._pages = pages
        self._proxies = proxies
        self._certificates = certificates
        self._ids = ids

    def application(self, rows: Sequence[Row]) -> web.Application:
        """Return the application serving these rows and the pages, and nothing else."""
        application = web.Application(middlewares=[self._middleware()], client_max_size=LARGEST_JSON)
        for row in rows:
            application.router.add_route(row.method, row.path, self._handler(row))
        application.router.add_routes(self._pages.routes())
        application.on_response_prepare.append(_put_headers)
        return application

    def _handler(self, row: Row) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            if row.path.startswith("/v1/"):
                self._desks.health.require_clock()
            visit = Visit(
                request=request,
                address=self._proxies.address_of(request),
                certificate=self._certificates.shown(request),
                keys=self._keys,
                browsers=self._browsers,
            )
            return await row.serve(self._desks, visit)

        return handle

    def _middleware(self) -> Middleware:
        @web.middleware
        async def attend(request: web.Request, handler: Handler) -> web.StreamResponse:
            request[_REQUEST_ID] = request_id = self._ids.make("req")
            token = REQUEST.set(request_id)
            began = monotonic()
            try:
                response = await _answer(request, handler, request_id)
                _log(request, response, monotonic() - began)
            finally:
                REQUEST.reset(token)
            return response

        return attend


async def _answer(request: web.Request, handler: Handler, request_id: str) -> web.StreamResponse:
    try:
        return await handler(request)
    except Exception as error:  # noqa: BLE001  # the one place where every error becomes an answer
        return problem_response(error, request_id)


def _log(request: web.Request, response: web.StreamResponse, seconds: float) -> None:
    """Write the access log: the route as its row names it, never the address, query or body that came."""
    resource = request.match_info.route.resource
    log.info(
        "request served",
        extra={
            "method": request.method,
            "route": resource.canonical if resource is not None else "none",
            "status": response.status,
            "milliseconds": round(seconds * 1000, 1),
        },
    )


async def _put_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]:
        response.headers["X-Frame-Options"] = "DENY"  # for browsers that know no policy
    response.headers["Server"] = "contreseing"  # aiohttp has put its own, with versions
    response.headers["X-Request-Id"] = request[_REQUEST_ID]
