"""Receiving a payment file: stored and read as it streams in, then opened as one action per account and currency."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeAlias

from approvals.desk.actions import ActionDesk, OpeningResult, keep_held, require_scope
from approvals.desk.file_reading import FileReading
from approvals.desk.holding import Held, Holding, Wanted
from approvals.desk.idempotency import find_kept
from approvals.desk.opening import Asked, Caller, Order, find_order
from approvals.errors import NotFound, PayloadTooLarge, UploadTooSlow
from approvals.model.action import Action
from approvals.model.api_key import ApiKey, Scope
from approvals.model.collection import Collection
from approvals.model.draft import Draft
from approvals.model.idempotency import KeptResult, RequestKey
from approvals.model.ids import ActionId, ActionKind, UploadId
from approvals.model.json import Facts
from approvals.model.offered_file import Stated
from approvals.model.opener import Opener
from approvals.model.page import Page
from approvals.model.payee import Payee
from approvals.model.preparation import FileMessage
from approvals.model.remittance import Remittance, RemittanceRules
from approvals.model.upload import Upload
from approvals.operations import collection, remittance
from approvals.ports.book import Book, Ledger
from approvals.ports.payloads import PayeeOrder, PayeeQuery
from approvals.ports.world import Clock, Ids
from approvals.remittance.payees import PayeeRegister

LARGEST: Final = 256 * 1024 * 1024
"""Bytes of one file (DESIGN, "The way an action travels")."""
_LONGEST: Final = timedelta(hours=1)
"""What takes longer is opened no more, so that the sweeper never meets an upload somebody is about to open."""
_CHUNK: Final = 256 * 1024
_ROWS_A_TRANSACTION: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRequest:
    """Whose file it is, and of what type it says to be."""

    asked: Asked
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeesRequest:
    """One walk over an action's payees; `text` searches names and the beginnings of IBANs."""

    action_id: ActionId
    order: PayeeOrder = PayeeOrder.RISK
    text: str | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it came in: of which type, and byte for byte."""

    content_type: str
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """What a file is (SHA-256, bytes), and what each of its actions would state."""

    digest: str
    size: int
    stated: Sequence[tuple[ActionKind, Facts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A file kept until somebody else confirms it, and what each of its actions would state."""

    upload: Upload
    stated: Sequence[Stated]


Claim: TypeAlias = Callable[[Ledger, str, datetime], Awaitable[None]]
"""What else must hold, and be written, in the transaction that holds the file (its SHA-256)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Received:
    """A file read to its end: stored, frozen, and what its actions state."""

    upload: Upload
    content: Remittance | Collection
    drafts: tuple[Draft, ...]


class RemittanceDesk:
    """Takes files in, gives them back, walks their payees."""

    def __init__(
        self, *, book: Book, clock: Clock, ids: Ids, actions: ActionDesk, holding: Holding, rules: RemittanceRules
    ) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._actions = actions
        self._holding = holding
        self._rules = rules
        self._remittance = remittance.RemittanceOperation()
        self._collection = collection.CollectionOperation()

    async def receive(
        self,
        caller: Caller,
        request: ReceiptRequest,
        body: AsyncIterator[bytes],
        key: RequestKey | None = None,
        claim: Claim | None = None,
    ) -> OpeningResult:
        """Hold every action of the file, or none. Memory stays constant whatever the file's size.

        Raises Forbidden, NotFound, InvalidRequest, PayloadTooLarge, a RemittanceError, AmountNotSignable,
        UploadTooSlow, everything `Holding.hold` raises, and what `claim` raises.
        """
        require_scope(caller, Scope.OPEN)
        order = await self._book.reading(lambda ledger: find_order(ledger, caller, request.asked, self._clock.now()))
        received = await self._read(order, request.content_type, body)
        if key is not None:
            key = _with_payload(key, received.upload.digest or "")

        async def work(ledger: Ledger) -> Held | KeptResult:
            kept = await find_kept(ledger, key)
            if kept is not None:
                return kept
            now = self._clock.now()
            if now - received.upload.created_at > _LONGEST:
                raise UploadTooSlow("the file took more than an hour to come in: send it again")
            if claim is not None:
                await claim(ledger, received.upload.digest or "", now)
            held = await self._holding.hold(ledger, _wanted(order, received), now)
            await keep_held(ledger, key, held, now)
            return held

        return await self._actions.finish(await self._book.transaction(work))

    async def set_aside(self, order: Order, sender: Opener, content_type: str, body: AsyncIterator[bytes]) -> SetAside:
        """Keep a file that `sender` has for whoever the order is of, who would be its initiator; nothing is held.

        Raises as `receive` does, all but UploadTooSlow: what they could not open is refused here.
        """
        received = await self._read(replace(order, opener=sender), content_type, body)
        wanted = _wanted(order, received)
        await self._book.reading(lambda ledger: self._holding.rehearse(ledger, wanted, self._clock.now()))
        stated = [Stated(kind=draft.kind, facts=draft.facts) for draft in received.drafts]
        return SetAside(upload=received.upload, stated=stated)

    async def summarise(self, caller: Caller, request: ReceiptRequest, body: AsyncIterator[bytes]) -> FileSummary:
        """Say what a file would ask to be signed; nothing of it is kept, and nothing is held.

        Raises Forbidden, NotFound, InvalidRequest, PayloadTooLarge, a RemittanceError, AmountNotSignable.
        """
        require_scope(caller, Scope.OPEN)
        order = await self._book.reading(lambda ledger: find_order(ledger, caller, request.asked, self._clock.now()))
        async with await self._reading(order, request.content_type) as reading:
            measured = await _read_through(reading, body, _keep_nothing)
            content = await reading.close()
            stated = tuple(self._stated(content, reading, order))
        return FileSummary(digest=measured.digest, size=measured.size, stated=stated)

    async def payload(self, action_id: ActionId, caller: ApiKey) -> StoredFile:
        """Give the file back as it came, chunk by chunk. Raises Forbidden, NotFound before the first."""
        require_scope(caller, Scope.READ)
        upload_id = UploadId((await self._file_action(action_id)).upload_id or "")
        upload = await self._book.reading(lambda ledger: ledger.uploads.load(upload_id))
        if upload is None:
            raise NotFound("the file is there no more")
        return StoredFile(content_type=upload.content_type, chunks=self.chunks(upload_id))

    async def chunks(self, upload_id: UploadId) -> AsyncIterator[bytes]:
        """Give an upload's bytes as they came; what was swept is missing."""
        number = 0
        while (chunk := await self._chunk(upload_id, number)) is not None:
            yield chunk
            number += 1

    async def again(self, key: RequestKey, digest: str) -> OpeningResult | None:
        """Return what the same file came to under this key, None where it never came. Raises IdempotencyKeyReused."""
        kept = await self._book.reading(lambda ledger: find_kept(ledger, _with_payload(key, digest)))
        return None if kept is None else await self._actions.finish(kept)

    async def payees(self, request: PayeesRequest) -> Page[Payee]:
        """Return a page of the action's payees; who may see it was asked before. Raises NotFound."""
        action = await self._file_action(request.action_id)
        query = PayeeQuery(
            upload_id=UploadId(action.upload_id or ""),
            group=int(str(action.facts["group"])),
            order=request.order,
            text=request.text,
        )
        return await self._book.reading(lambda ledger: ledger.payees.browse(query, request.after, request.limit))

    # --- the file -----------------------------------------------------------------------------------------

    async def _read(self, order: Order, content_type: str, body: AsyncIterator[bytes]) -> _Received:
        upload = Upload(
            id=UploadId(self._ids.make("upl")),
            caller=order.opener,
            content_type=content_type,
            created_at=self._clock.now(),
        )
        await self._book.transaction(lambda ledger: ledger.uploads.begin(upload))
        async with await self._reading(order, content_type) as reading:
            measured = await _read_through(reading, body, partial(self._store, upload.id))
            content = await reading.close()
            upload = replace(upload, digest=measured.digest, size=measured.size)
            await self._book.transaction(lambda ledger: ledger.uploads.finish(upload))
            drafts = self._drafts(upload, self._stated(content, reading, order))
            return _Received(upload=upload, content=content, drafts=drafts)

    async def _reading(self, order: Order, content_type: str) -> FileReading:
        known = await self._book.reading(lambda ledger: ledger.beneficiaries.all(order.subscription.id))
        return FileReading(content_type, self._rules, PayeeRegister(known, self._clock.now()))

    async def _store(self, upload_id: UploadId, number: int, chunk: bytes, payees: Sequence[Payee]) -> None:
        await self._book.transaction(lambda ledger: ledger.uploads.add_chunk(upload_id, number, chunk))
        for start in range(0, len(payees), _ROWS_A_TRANSACTION):
            await self._store_payees(upload_id, payees[start : start + _ROWS_A_TRANSACTION])

    async def _store_payees(self, upload_id: UploadId, rows: Sequence[Payee]) -> None:
        await self._book.transaction(lambda ledger: ledger.payees.add(upload_id, rows))

    def _stated(
        self, content: Remittance | Collection, reading: FileReading, order: Order
    ) -> Iterator[tuple[ActionKind, Facts]]:
        """What each of the file's actions is, and states."""
        match content:
            case Remittance():
                for group in content.groups:
                    shown, unregistered = reading.first.shown(group), reading.unregistered(group.index)
                    yield remittance.KIND, self._remittance.facts(content, group, shown, unregistered)
            case Collection():
                for each in content.groups:
                    yield collection.KIND, self._collection.facts(content, each, order.subscription.siren)

    def _drafts(self, upload: Upload, stated: Iterator[tuple[ActionKind, Facts]]) -> tuple[Draft, ...]:
        return tuple(
            Draft(kind=kind, facts=facts, payload_digest=upload.digest or "", upload_id=upload.id)
            for kind, facts in stated
        )

    async def _chunk(self, upload_id: UploadId, number: int) -> bytes | None:
        return await self._book.reading(lambda ledger: ledger.uploads.chunk(upload_id, number))

    async def _file_action(self, action_id: ActionId) -> Action:
        action = await self._book.reading(lambda ledger: ledger.actions.load(action_id))
        if action is None or action.upload_id is None:
            raise NotFound("no such action, or it has no file")
        return action


def _wanted(order: Order, received: _Received) -> Wanted:
    party = received.content.initiating_party
    message = FileMessage(
        upload_id=received.upload.id,
        initiating_party=party.id or party.name or "",
        message_id=received.content.message_id,
    )
    return Wanted(order=order, drafts=received.drafts, message=message)


def _with_payload(key: RequestKey, payload_digest: str) -> RequestKey:
    """The same key with another file is another request."""
    both = hashlib.sha256(f"{key.request_digest}:{payload_digest}".encode())
    return replace(key, request_digest=both.hexdigest())


async def _keep_nothing(number: int, chunk: bytes, payees: Sequence[Payee]) -> None:
    del number, chunk, payees


async def _read_through(
    reading: FileReading, body: AsyncIterator[bytes], keep: Callable[[int, bytes, Sequence[Payee]], Awaitable[None]]
) -> _Measured:
    """Feed the file to its reading chunk by chunk, each kept with the payees read from it."""
    digest, size, number = hashlib.sha256(), 0, 0
    async for chunk in _in_chunks(body):
        size += len(chunk)
        if size > LARGEST:
            raise PayloadTooLarge(f"a file has at most {LARGEST} bytes: split it")
        digest.update(chunk)
        await keep(number, chunk, await reading.feed(chunk))
        number += 1
    return _Measured(digest=digest.hexdigest(), size=size)


async def _in_chunks(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Gather what the socket brings into chunks worth a transaction each."""
    gathered = bytearray()
    async for piece in body:
        gathered += piece
        while len(gathered) >= _CHUNK:
            yield bytes(gathered[:_CHUNK])
            del gathered[:_CHUNK]
    if gathered:
        yield bytes(gathered)
