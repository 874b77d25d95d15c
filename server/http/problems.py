"""Every error as RFC 9457: what the core raises, what HTTP refuses, and what nobody foresaw."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec
from aiohttp import web

from approvals.errors import ApprovalError, TooManyFailures
from channels.frames.content import Problem
from channels.wire_errors import WIRE_ERRORS, problem_of
from server.http.refusals import (
    BodyTooLarge,
    HttpRefusal,
    InternalError,
    MethodNotAllowed,
    RequestRefused,
    RouteUnknown,
)

log = logging.getLogger(__name__)

PROBLEM: Final = "application/problem+json"
_RETRY_AFTER: Final = "5"  # seconds, where the error itself names none


def problem_response(error: Exception, request_id: str) -> web.Response:
    """Say any error to the caller; one that nobody foresaw is logged and told without detail."""
    match error:
        case ApprovalError():
            return _response(problem_of(error, request=request_id), _own_headers(error))
        case HttpRefusal():
            return _response(_problem(error, request_id), error.headers)
        case web.HTTPException():
            return problem_response(_refusal(error), request_id)
        case _:
            log.error("unexpected error", exc_info=error)
            return problem_response(InternalError("the log knows it by the request's id"), request_id)


def told(kinds: Iterable[type[ApprovalError] | type[HttpRefusal]]) -> Iterator[tuple[int, str]]:
    """Yield status and code of each kind of error; a class of the core stands for its subclasses too."""
    for kind in kinds:
        if issubclass(kind, HttpRefusal):
            yield kind.status, kind.code
        else:
            yield from ((row.status, each.code) for each, row in WIRE_ERRORS.items() if issubclass(each, kind))


def _refusal(error: web.HTTPException) -> HttpRefusal:
    """Name what aiohttp refuses by itself."""
    match error:
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            return MethodNotAllowed(f"this address takes {allowed}", headers={"Allow": allowed})
        case web.HTTPNotFound():
            return RouteUnknown("no such address")
        case web.HTTPRequestEntityTooLarge():
            return BodyTooLarge("the body is too large")
        case _:
            return RequestRefused(error.reason)


def _problem(refusal: HttpRefusal, request_id: str) -> Problem:
    return Problem(
        type=f"urn:contreseing:problem:{refusal.code}",
        title=refusal.title,
        status=refusal.status,
        detail=str(refusal),
        code=refusal.code,
        request=request_id,
    )


def _own_headers(error: ApprovalError) -> Mapping[str, str]:
    return {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyFailures) else {}


def _response(problem: Problem, headers: Mapping[str, str]) -> web.Response:
    response = web.Response(
        status=problem.status, body=msgspec.json.encode(problem), content_type=PROBLEM, headers=headers
    )
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 section 15.5.2
    if problem.status == 503:
        response.headers.setdefault("Retry-After", _RETRY_AFTER)
    return response
