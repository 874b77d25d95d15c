"""An adviser's payment file: summed up in the conversation, opened by the person who confirms it (RULES 5).

It lies among the uploads, where the sweeper finds it like any no action came of. Confirming sends it again from there,
as if the person had dropped it: every rule of a file of their own is asked then, and they are its initiator.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from approvals.conversations import talk
from approvals.conversations.offering import as_it_stands, require_standing
from approvals.conversations.refusals import FileOffered, FileOfferOver
from approvals.desk.actions import OpeningResult
from approvals.desk.conversations.queue import find_in_portfolio
from approvals.desk.conversations.recording import Recorded, record, unchanged
from approvals.desk.conversations.talking import ConversationParts, notice
from approvals.desk.opening import Asked, Order
from approvals.desk.presence import Presence, require_stay
from approvals.desk.remittances import ReceiptRequest, RemittanceDesk, SetAside
from approvals.errors import NotFound
from approvals.model.adviser import Adviser
from approvals.model.audit import AuditEntry, Retention
from approvals.model.conversation import Author, Conversation, MessageKind, Notice, Words
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ConversationId, LoginId, OfferId, UserId
from approvals.model.offered_file import OfferedFile, OfferStatus
from approvals.model.opener import opened_by_person
from approvals.model.upload import KEPT_UNOPENED
from approvals.ports.book import Ledger

LARGEST_OFFERED: Final = 16 * 1024 * 1024
"""Bytes: what an adviser lays aside for somebody is kept on their word alone."""
_TOLD: Final[Mapping[OfferStatus, Notice]] = {
    OfferStatus.CONFIRMED: Notice.FILE_CONFIRMED,
    OfferStatus.DECLINED: Notice.FILE_DECLINED,
    OfferStatus.TAKEN_BACK: Notice.FILE_TAKEN_BACK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An offered file with the conversation it lies in."""

    file: OfferedFile
    conversation: Conversation


class OfferDesk:
    """Takes advisers' files in, shows them, has them confirmed, declined or taken back."""

    def __init__(self, parts: ConversationParts, remittances: RemittanceDesk) -> None:
        self._parts = parts
        self._remittances = remittances

    async def offer(
        self, adviser: Adviser, conversation_id: ConversationId, content_type: str, body: AsyncIterator[bytes]
    ) -> OfferedFile:
        """Sum up a file in a conversation one has claimed, for its person to confirm.

        Raises NotFound, ConversationNotClaimed, ConversationClosed, FileOffered, TooManyMessages and everything
        `RemittanceDesk.set_aside` raises.
        """
        order = await self._parts.book.reading(lambda ledger: self._order(ledger, adviser, conversation_id))
        sender = opened_by_person(adviser.user_id)
        aside = await self._remittances.set_aside(order, sender, content_type, body)
        file = self._offered(adviser, conversation_id, aside)

        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            found = await _writable(ledger, adviser, conversation_id, now)
            await _make_way(ledger, found, now)
            await ledger.offered_files.add(file)
            await ledger.audit.append([_entry("file_offered", adviser.user_id, file, now)])
            words = Words(author=Author.ADVISER, author_id=adviser.user_id, kind=MessageKind.FILE, subject=file.id)
            written, messages = talk.write(found, [words], now)
            return await record(ledger, found, written, messages, now)

        await self._parts.told(work)
        return file

    async def show(self, login_id: LoginId, offer_id: OfferId) -> OfferedFile:
        """Return a file offered to this person, as it stands. Raises LoginEnded, PersonLocked, NotFound."""

        async def work(ledger: Ledger) -> OfferedFile:
            now = self._parts.clock.now()
            found = await _found_by_person(ledger, await require_stay(ledger, login_id, now), offer_id)
            return as_it_stands(found.file, found.conversation, now)

        return await self._parts.book.reading(work)

    async def show_to_adviser(
        self, adviser: Adviser, conversation_id: ConversationId, offer_id: OfferId
    ) -> OfferedFile:
        """Return a file of a conversation of one's portfolio. Raises NotFound."""

        async def work(ledger: Ledger) -> OfferedFile:
            found = await _found_by_adviser(ledger, adviser, conversation_id, offer_id)
            return as_it_stands(found.file, found.conversation, self._parts.clock.now())

        return await self._parts.book.reading(work)

    async def confirm(self, login_id: LoginId, offer_id: OfferId) -> OpeningResult:
        """Hold the file's actions, the person being their initiator; twice is once.

        Raises LoginEnded, PersonLocked, NotFound, FileOfferOver and everything `RemittanceDesk.receive` raises.
        """
        presence, file = await self._parts.book.reading(lambda ledger: self._for_person(ledger, login_id, offer_id))
        key = RequestKey(caller="offered_files", key=file.id, request_digest=file.digest)
        confirmed = await self._remittances.again(key, file.digest)
        if confirmed is not None:
            return confirmed
        if file.upload_id is None:
            raise FileOfferOver("the file is there no more")
        recorded: list[Recorded] = []

        async def claim(ledger: Ledger, digest: str, now: datetime) -> None:
            if digest != file.digest:
                raise FileOfferOver("the file is there no more")
            found = await _found_by_person(ledger, presence, offer_id)
            recorded[:] = [await _settle(ledger, found, presence.user.id, OfferStatus.CONFIRMED, now)]

        request = ReceiptRequest(asked=Asked(client_identifier=None, initiator=None), content_type=file.content_type)
        chunks = self._remittances.chunks(file.upload_id)
        opened = await self._remittances.receive(presence, request, chunks, key, claim)
        for each in recorded:
            await self._parts.announcer.announce(each.heads)
        return opened

    async def decline(self, login_id: LoginId, offer_id: OfferId) -> None:
        """Say no; twice is once. Raises LoginEnded, PersonLocked, NotFound, FileOfferOver."""

        async def work(ledger: Ledger) -> Recorded:
            now = self._parts.clock.now()
            presence = await require_stay(ledger, login_id, now)
            found = await _found_by_person(ledger, presence, offer_id)
            return await _settle_once(ledger, found, presence.user.id, OfferStatus.DECLINED, now)

        await self._parts.told(work)

    async def take_back(self, adviser: Adviser, conversation_id: ConversationId, offer_id: OfferId) -> None:
        """Offer one's file no more; twice is once. Raises NotFound, FileOfferOver, for a colleague's file too."""

        async def work(ledger: Ledger) -> Recorded:
            found = await _found_by_adviser(ledger, adviser, conversation_id, offer_id)
            if found.file.adviser_id != adviser.user_id:
                raise FileOfferOver("a colleague offered this file")
            return await _settle_once(ledger, found, adviser.user_id, OfferStatus.TAKEN_BACK, self._parts.clock.now())

        await self._parts.told(work)

    # --- inside a transaction -----------------------------------------------------------------------------

    async def _order(self, ledger: Ledger, adviser: Adviser, conversation_id: ConversationId) -> Order:
        """In whose name the file would be opened; what stands in the way of offering it is told before it is sent."""
        now = self._parts.clock.now()
        found = await _writable(ledger, adviser, conversation_id, now)
        await _require_room(ledger, found, now)
        company = await ledger.people.subscription(found.subscription_id)
        if company is None:
            raise LookupError("a conversation names a company the book does not hold")
        return Order(
            opener=opened_by_person(found.user_id), subscription=company, initiator=found.user_id, reference=None
        )

    def _offered(self, adviser: Adviser, conversation_id: ConversationId, aside: SetAside) -> OfferedFile:
        upload = aside.upload
        return OfferedFile(
            id=OfferId(self._parts.ids.make("off")),
            conversation_id=conversation_id,
            adviser_id=adviser.user_id,
            upload_id=upload.id,
            content_type=upload.content_type,
            digest=upload.digest or "",
            size=upload.size or 0,
            stated=aside.stated,
            expires_at=upload.created_at + KEPT_UNOPENED,
        )

    async def _for_person(self, ledger: Ledger, login_id: LoginId, offer_id: OfferId) -> tuple[Presence, OfferedFile]:
        presence = await require_stay(ledger, login_id, self._parts.clock.now())
        return presence, (await _found_by_person(ledger, presence, offer_id)).file


async def _writable(ledger: Ledger, adviser: Adviser, conversation_id: ConversationId, now: datetime) -> Conversation:
    """Return the conversation, where this adviser may write in it now."""
    found = await find_in_portfolio(ledger, adviser, conversation_id)
    talk.require_claimed(found, adviser.user_id)
    since = now - talk.MINUTE
    talk.require_pace(await ledger.conversations.written(found.id, adviser.user_id, since), now)
    return found


async def _require_room(ledger: Ledger, found: Conversation, now: datetime) -> OfferedFile | None:
    """Return the file that is over and still counts as waiting. Raises FileOffered for one that stands."""
    waiting = await ledger.offered_files.waiting_in(found.id)
    if waiting is not None and as_it_stands(waiting, found, now).status is OfferStatus.OFFERED:
        raise FileOffered("a file waits for the person's word: take it back first")
    return waiting


async def _make_way(ledger: Ledger, found: Conversation, now: datetime) -> None:
    over = await _require_room(ledger, found, now)
    if over is not None:
        await ledger.offered_files.settle(over.id, OfferStatus.OVER)


async def _settle_once(ledger: Ledger, found: _Found, actor: UserId, status: OfferStatus, now: datetime) -> Recorded:
    if found.file.status is status:
        return unchanged(found.conversation)
    return await _settle(ledger, found, actor, status, now)


async def _settle(ledger: Ledger, found: _Found, actor: UserId, status: OfferStatus, now: datetime) -> Recorded:
    """Say what became of the file, in the audit and in the conversation. Raises FileOfferOver."""
    require_standing(found.file, found.conversation, now)
    await ledger.offered_files.settle(found.file.id, status)
    await ledger.audit.append([_entry(f"file_{status}", actor, found.file, now)])
    written, messages = talk.write(found.conversation, [notice(_TOLD[status])], now)
    return await record(ledger, found.conversation, written, messages, now)


async def _found_by_person(ledger: Ledger, presence: Presence, offer_id: OfferId) -> _Found:
    file = await ledger.offered_files.load(offer_id)
    conversation = await ledger.conversations.load(file.conversation_id) if file is not None else None
    if file is None or conversation is None or conversation.user_id != presence.user.id:
        raise NotFound("no such file was offered to you")
    return _Found(file=file, conversation=conversation)


async def _found_by_adviser(
    ledger: Ledger, adviser: Adviser, conversation_id: ConversationId, offer_id: OfferId
) -> _Found:
    conversation = await find_in_portfolio(ledger, adviser, conversation_id)
    file = await ledger.offered_files.load(offer_id)
    if file is None or file.conversation_id != conversation_id:
        raise NotFound("no such file in this conversation")
    return _Found(file=file, conversation=conversation)


def _entry(code: str, actor: UserId, file: OfferedFile, now: datetime) -> AuditEntry:
    return AuditEntry(
        code=code,
        actor=opened_by_person(actor),
        at=now,
        value={
            "conversation": file.conversation_id,
            "file": file.id,
            "adviser": file.adviser_id,
            "payload_sha256": file.digest,
        },
        retention=Retention.AUDIT,
    )
