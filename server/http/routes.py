"""A route is a row: method, path, who may call it, what it reads and gives, which errors it may answer.

The router serves rows, the published document describes them; neither knows more of a route than its row says.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from aiohttp import web
from msgspec import Struct

from approvals.errors import ApprovalError
from approvals.model.idempotency import RequestKey
from server.http.browsers import Browsers
from server.http.desks import Desks
from server.http.gates import Gate
from server.http.intake import Intake, Shape, read_query
from server.http.keys import HEADER, RequestKeys
from server.http.problems import told
from server.http.refusals import CsrfRefused, HttpRefusal
from server.http.replies import JSON, Given, write

Caller = TypeVar("Caller")
Body = TypeVar("Body")
Query = TypeVar("Query", bound=Struct)


class NoQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """No query parameter is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Caller, Body, Query]):
    """One request, read and admitted. `path` holds the parts of the address named in the route.

    `certificate` is what the caller showed on the mTLS host, DER.
    """

    caller: Caller
    body: Body
    query: Query
    path: Mapping[str, str]
    address: str
    certificate: bytes | None = field(repr=False)
    key: RequestKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request on its way in: the caller's address and certificate, and what reads its token and its key."""

    request: web.Request
    address: str
    certificate: bytes | None = field(repr=False)
    keys: RequestKeys
    browsers: Browsers


@dataclass(frozen=True, slots=True, kw_only=True)
class Gives:
    """What a row answers when all is well: a struct, bytes of a media type, or (no media type) nothing.

    `prepares` is what it answers by 202 where the work is not done yet (`Accepted`).
    """

    status: int
    struct: type[Struct] | None = None
    media_types: Sequence[str] = (JSON,)
    prepares: type[Struct] | None = None


NOTHING = Gives(status=204, media_types=())


class Row(Protocol):
    """What router and document see of every route, whatever its types."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def schemes(self) -> Sequence[str]: ...
    @property
    def media_types(self) -> Sequence[str]:
        """The types of body it takes; none where it takes no body."""
        ...

    @property
    def body(self) -> Shape | None: ...
    @property
    def parameters(self) -> type[Struct]: ...
    @property
    def gives(self) -> Gives: ...
    @property
    def problems(self) -> Collection[tuple[int, str]]:
        """Return status and code of every error it may answer."""
        ...

    @property
    def is_idempotent(self) -> bool:
        """It takes an Idempotency-Key."""
        ...

    async def serve(self, desks: Desks, visit: Visit) -> web.StreamResponse: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Generic[Caller, Body, Query]):
    """A row whose handler is called once the request is read and admitted."""

    method: str
    path: str
    summary: str
    who: Gate[Caller]
    intake: Intake[Body]
    query: type[Query]
    handler: Callable[[Desks, Call[Caller, Body, Query]], Awaitable[Given]]
    gives: Gives
    errors: Sequence[type[ApprovalError] | type[HttpRefusal]] = ()
    is_idempotent: bool = False

    @property
    def schemes(self) -> Sequence[str]:
        return self.who.schemes

    @property
    def media_types(self) -> Sequence[str]:
        return self.intake.media_types

    @property
    def body(self) -> Shape | None:
        return self.intake.struct

    @property
    def parameters(self) -> type[Struct]:
        return self.query

    @property
    def problems(self) -> Collection[tuple[int, str]]:
        changes = () if self.method == "GET" else (CsrfRefused,)
        return set(told((*self.who.errors, *self.intake.errors, *self.errors, *changes)))

    async def serve(self, desks: Desks, visit: Visit) -> web.StreamResponse:
        """Admit, read, hand over, write; in this order, so that nobody unknown is read from."""
        request = visit.request
        visit.browsers.require_own_page(request)
        caller = await self.who.admit(desks.access, visit.browsers.token(request) if self.who.schemes else None)
        query = read_query(request, self.query)
        body = await self.intake.read(request)
        call = Call(
            caller=caller,
            body=body,
            query=query,
            path=request.match_info,
            address=visit.address,
            certificate=visit.certificate,
            key=self._key(caller, query, body, visit),
        )
        given = await self.handler(desks, call)
        return await write(request, self.gives.status, visit.browsers.keep(request, given))

    def _key(self, caller: Caller, query: Query, body: Body, visit: Visit) -> RequestKey | None:
        if not self.is_idempotent:
            return None
        told = [query, body if isinstance(body, Struct) else None]
        header = visit.request.headers.get(HEADER)
        return visit.keys.make(self.who.name(caller), header, route=f"{self.method} {visit.request.path}", content=told)
