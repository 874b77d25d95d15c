"""Reading a request: body and query, strictly, within bounds of size and time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import msgspec
from aiohttp import web
from msgspec import Struct

from approvals.errors import ApprovalError, InvalidRequest
from server.http.refusals import BodyTooLarge, BodyTooSlow, HttpRefusal, MediaTypeUnsupported, RequestMalformed

LARGEST_JSON: Final = 64 * 1024
_CHUNK: Final = 64 * 1024
_PATIENCE: Final = 30.0  # seconds for a whole JSON body, and for each chunk of a streamed one

Body = TypeVar("Body", covariant=True)  # noqa: PLC0105  # named as the rows read
Wanted = TypeVar("Wanted", bound=Struct)


class Intake(Protocol[Body]):
    """One way to read a body. `media_types` and `struct` are for the published document."""

    @property
    def media_types(self) -> Sequence[str]: ...
    @property
    def struct(self) -> type[Struct] | None: ...
    @property
    def errors(self) -> Sequence[type[ApprovalError] | type[HttpRefusal]]: ...

    async def read(self, request: web.Request) -> Body:
        """Raises one of `errors`."""
        ...


class NoBody:
    """The route takes none; one that comes all the same is refused, since nobody would look at it."""

    media_types = ()
    struct = None
    errors: Sequence[type[HttpRefusal]] = (RequestMalformed,)

    async def read(self, request: web.Request) -> None:
        if request.body_exists and request.content_length != 0:
            raise RequestMalformed("no body is taken here")


class Json(Generic[Wanted]):
    """One strict struct in JSON, at most 64 KiB; unknown fields are refused."""

    media_types = ("application/json",)
    errors: Sequence[type[ApprovalError] | type[HttpRefusal]] = (
        RequestMalformed,
        BodyTooSlow,
        BodyTooLarge,
        MediaTypeUnsupported,
        InvalidRequest,
    )

    def __init__(self, struct: type[Wanted]) -> None:
        self.struct = struct
        self._decoder = msgspec.json.Decoder(struct)

    async def read(self, request: web.Request) -> Wanted:
        _require_media_type(request, self.media_types)
        body = await _read_whole(request)
        try:
            return self._decoder.decode(body)
        except msgspec.ValidationError as error:
            raise _invalid(error) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise RequestMalformed("the body is not JSON") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A body as it comes in. Reading raises BodyTooLarge, BodyTooSlow, RequestMalformed when it breaks off."""

    content_type: str
    chunks: AsyncIterator[bytes]


class Streamed:
    """A body of one of these types, handed on in chunks as it comes; `largest` in bytes."""

    struct = None
    errors: Sequence[type[HttpRefusal]] = (RequestMalformed, BodyTooSlow, BodyTooLarge, MediaTypeUnsupported)

    def __init__(self, media_types: Sequence[str], *, largest: int) -> None:
        self.media_types = media_types
        self._largest = largest

    async def read(self, request: web.Request) -> Incoming:
        _require_media_type(request, self.media_types)
        if (request.content_length or 0) > self._largest:
            raise BodyTooLarge(f"at most {self._largest} bytes are taken")
        return Incoming(content_type=request.content_type, chunks=_chunks(request, self._largest))


def read_query(request: web.Request, struct: type[Wanted]) -> Wanted:
    """Return the query as a strict struct. Raises InvalidRequest for unknown, repeated or wrong parameters."""
    names = list(request.query.keys())
    for name in names:
        if names.count(name) > 1:
            raise InvalidRequest(f"{name}: given twice", field=name)
    try:
        return msgspec.convert(dict(request.query), struct, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error) from None


def _require_media_type(request: web.Request, taken: Sequence[str]) -> None:
    if request.content_type not in taken or (request.charset or "utf-8").lower() != "utf-8":
        raise MediaTypeUnsupported(f"send {' or '.join(taken)}, in UTF-8")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MediaTypeUnsupported("no content encoding is taken")


async def _read_whole(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await request.read()
    except TimeoutError:
        raise BodyTooSlow("the body stopped coming") from None
    except web.HTTPRequestEntityTooLarge:
        raise BodyTooLarge(f"at most {LARGEST_JSON} bytes are taken") from None


async def _chunks(request: web.Request, largest: int) -> AsyncIterator[bytes]:
    size = 0
    while chunk := await _next_chunk(request):
        size += len(chunk)
        if size > largest:
            raise BodyTooLarge(f"at most {largest} bytes are taken")
        yield chunk


async def _next_chunk(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await request.content.read(_CHUNK)
    except TimeoutError:
        raise BodyTooSlow("the body stopped coming") from None


def _invalid(error: msgspec.ValidationError) -> InvalidRequest:
    """Say it in our words: msgspec ends its own with `- at `$.the.path``."""
    reason, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").removeprefix(".") or None
    return InvalidRequest(f"{field}: {reason}" if field else reason, field=field)
