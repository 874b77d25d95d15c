"""What HTTP itself refuses, before a desk is asked: each with its status and its stable code."""

from collections.abc import Mapping
from typing import ClassVar


class HttpRefusal(Exception):
    """The root; `headers` go out with the answer."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.headers = dict(headers or {})


class RequestMalformed(HttpRefusal):
    """The body is not JSON, or a header is not what its name says."""

    status = 400
    code = "malformed_request"
    title = "The request cannot be read"


class CsrfRefused(HttpRefusal):
    """A browser asks for a change, and not from a page of ours, or not with this login's CSRF token."""

    status = 403
    code = "csrf_refused"
    title = "Not asked for by a page of ours"


class HostRefused(HttpRefusal):
    """A page that is not on the list of the widget's hosts would hold our chat."""

    status = 403
    code = "widget_host_refused"
    title = "No page of the widget"


class RouteUnknown(HttpRefusal):
    """No such address here."""

    status = 404
    code = "route_not_found"
    title = "No such address"


class MethodNotAllowed(HttpRefusal):
    """The address exists and does not take this method; `Allow` says which it takes."""

    status = 405
    code = "method_not_allowed"
    title = "Method not allowed"


class BodyTooSlow(HttpRefusal):
    """The body stopped coming."""

    status = 408
    code = "body_too_slow"
    title = "The body came too slowly"


class BodyTooLarge(HttpRefusal):
    """The body is over the limit of its route."""

    status = 413
    code = "payload_too_large"  # the core's own word for it
    title = "The body is too large"


class MediaTypeUnsupported(HttpRefusal):
    """The body is of another type than the route takes."""

    status = 415
    code = "media_type_unsupported"
    title = "Unsupported media type"


class RequestRefused(HttpRefusal):
    """The server's HTTP layer refused the request for a reason with no name of its own here."""

    status = 400
    code = "request_refused"
    title = "The request was refused"


class InternalError(HttpRefusal):
    """A fault of ours: the log knows it by the request's id, the caller learns nothing more."""

    status = 500
    code = "internal_error"
    title = "Internal error"


class NotReady(HttpRefusal):
    """The server cannot do its work now, or is about to stop."""

    status = 503
    code = "not_ready"
    title = "Not ready"
