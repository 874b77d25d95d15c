"""Reading a request: body and query, strictly, within bounds of size and time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import UnionType
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

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

Shape: TypeAlias = type[Struct] | UnionType
"""The struct of a body, or a union of structs told apart by their tag."""


class Intake(Protocol[Body]):
    """One way to read a body. `media_types` and `struct` are for the published document."""

    @property
    def media_types(self) -> Sequence[str]: ...
    @property
    def struct(self) -> Shape | None: ...
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
    """A strict struct in JSON, or one of several, at most 64 KiB; unknown fields are refused."""

    media_types = ("application/json",)
    errors: Sequence[type[ApprovalError] | type[HttpRefusal]] = (
        RequestMalformed,
        BodyTooSlow,
        BodyTooLarge,
        MediaTypeUnsupported,
        InvalidRequest,
    )

    def __init__(self, *structs: type[Wanted], patience: float = _PATIENCE) -> None:
        """`patience` is in seconds, for the whole body."""
        self.struct: Shape = reduce(or_, structs)
        self._decoder: msgspec.json.Decoder[Wanted] = msgspec.json.Decoder(self.struct)
        self._patience = patience

    async def read(self, request: web.Request) -> Wanted:
        _require_media_type(request, self.media_types)
        body = await _read_whole(request, self._patience)
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
    """A body of one of these types, handed on in chunks as it comes."""

    struct = None
    errors: Sequence[type[HttpRefusal]] = (RequestMalformed, BodyTooSlow, BodyTooLarge, MediaTypeUnsupported)

    def __init__(self, media_types: Sequence[str], *, largest: int, patience: float = _PATIENCE) -> None:
        """`largest` is in bytes, `patience` in seconds for each chunk."""
        self.media_types = media_types
        self._largest = largest
        self._patience = patience

    async def read(self, request: web.Request) -> Incoming:
        _require_media_type(request, self.media_types)
        if (request.content_length or 0) > self._largest:
            raise BodyTooLarge(f"at most {self._largest} bytes are taken")
        return Incoming(content_type=request.content_type, chunks=self._chunks(request))

    async def _chunks(self, request: web.Request) -> AsyncIterator[bytes]:
        size = 0
        while chunk := await self._chunk(request):
            size += len(chunk)
            if size > self._largest:
                raise BodyTooLarge(f"at most {self._largest} bytes are taken")
            yield chunk

    async def _chunk(self, request: web.Request) -> bytes:
        async with _arriving(self._patience):
            return await request.content.read(_CHUNK)


def read_query(request: web.Request, struct: type[Wanted]) -> Wanted:
    """Return the query as a strict struct. Raises InvalidRequest for unknown, repeated or wrong parameters."""
    names = [name for name, _ in request.query.items()]
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


async def _read_whole(request: web.Request, patience: float) -> bytes:
    try:
        async with _arriving(patience):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise BodyTooLarge(f"at most {LARGEST_JSON} bytes are taken") from None


@asynccontextmanager
async def _arriving(patience: float) -> AsyncIterator[None]:
    """Wait for a part of a body so long, and name what became of it."""
    try:
        async with asyncio.timeout(patience):
            yield
    except TimeoutError:
        raise BodyTooSlow("the body stopped coming") from None
    except (ConnectionError, web.RequestPayloadError):
        raise RequestMalformed("the body broke off") from None


def _invalid(error: msgspec.ValidationError) -> InvalidRequest:
    """Say it in our words: msgspec ends its own with `- at `$.the.path``."""
    reason, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").removeprefix(".") or None
    return InvalidRequest(f"{field}: {reason}" if field else reason, field=field)
