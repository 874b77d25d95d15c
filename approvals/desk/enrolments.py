"""Enrolling a further device from a signed-in screen (RULES 24): a QR code, two digits, every other device told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from approvals.credentials import enrolment as rules
from approvals.credentials.refusals import DigitsWrong, EnrolmentTicketRefused
from approvals.desk.devices import EnrolmentRequest, note_device, require_fresh, require_possession
from approvals.desk.presence import require_presence
from approvals.desk.terms import Terms
from approvals.desk.tokens import DEVICE, ENROLMENT, digest_of, new_token
from approvals.errors import NotFound
from approvals.model.audit import AuditEntry
from approvals.model.device import Device
from approvals.model.enrolment import Enrolment, EnrolmentStatus
from approvals.model.ids import DeviceId, EnrolmentId, LoginId, UserId
from approvals.model.inbox import EventKind
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An enrolment, and the ticket its QR code holds: told this once."""

    enrolment: Enrolment
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What the new device shows and keeps; its token is worth nothing before the digits are confirmed."""

    enrolment: Enrolment
    device: Device
    digits: str
    token: str = field(repr=False)


class EnrolmentDesk:
    """Offers, takes the scan, takes the digits."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids, announcer: Announcer, terms: Terms) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._announcer = announcer
        self._terms = terms

    async def offer(self, login_id: LoginId) -> Offered:
        """Make what a QR code holds, for 60 s. Raises FreshProofNeeded, LoginEnded."""
        ticket = new_token(ENROLMENT, self._ids)

        async def work(ledger: Ledger) -> Offered:
            now = self._clock.now()
            presence = await require_presence(ledger, login_id, now)
            require_fresh(presence, now)
            enrolment = Enrolment(
                id=EnrolmentId(self._ids.make("enr")),
                user_id=presence.user.id,
                login_id=login_id,
                ticket_digest=digest_of(ticket),
                status=EnrolmentStatus.OFFERED,
                expires_at=now + rules.QR_LIFE,
            )
            await ledger.enrolments.add(enrolment)
            return Offered(enrolment=enrolment, ticket=ticket)

        return await self._book.transaction(work)

    async def scan(self, ticket: str, request: EnrolmentRequest) -> Scanned:
        """The new device read the QR code. Raises EnrolmentTicketRefused, DeviceSignatureRefused, InvalidRequest."""
        token, digits = new_token(DEVICE, self._ids), self._ids.two_digits()

        async def work(ledger: Ledger) -> Scanned:
            now = self._clock.now()
            await require_possession(ledger, request, self._terms.origin, now)
            offered = await ledger.enrolments.with_ticket(digest_of(ticket))
            if offered is None:
                raise EnrolmentTicketRefused("no such QR code")
            device = Device(
                id=DeviceId(self._ids.make("dev")),
                user_id=offered.user_id,
                name=request.name,
                public_key=request.public_key,
                token_digest=digest_of(token),
                created_at=now,
            )
            scanned = rules.scan(offered, device, digits, now)
            await ledger.enrolments.save(scanned)
            return Scanned(enrolment=scanned, device=device, digits=digits, token=token)

        return await self._book.transaction(work)

    async def confirm(self, login_id: LoginId, enrolment_id: EnrolmentId, digits: str) -> Device:
        """Take the digits the new device shows, typed on the screen that offered it; wrong ones end the enrolment.

        Raises NotFound, LoginEnded, EnrolmentWaiting, EnrolmentClosed, DigitsWrong.
        """

        async def work(ledger: Ledger) -> tuple[Enrolment, Mapping[UserId, int]]:
            now = self._clock.now()
            await require_presence(ledger, login_id, now)
            enrolment = rules.confirm(await _own(ledger, login_id, enrolment_id), digits, now)
            await ledger.enrolments.save(enrolment)
            if enrolment.status is EnrolmentStatus.CLOSED or enrolment.device is None:
                actor = f"user:{enrolment.user_id}"
                entry = AuditEntry(
                    code="enrolment_digits_wrong", actor=actor, at=now, value={"enrolment": enrolment_id}
                )
                await ledger.audit.append([entry])
                return enrolment, {}
            await ledger.devices.put(enrolment.device)
            return enrolment, await note_device(ledger, enrolment.device, EventKind.DEVICE_ENROLLED, now)

        enrolment, heads = await self._book.transaction(work)
        await self._announcer.announce(heads)
        if enrolment.status is not EnrolmentStatus.DONE or enrolment.device is None:
            raise DigitsWrong("not the digits the new device shows: begin again")
        return enrolment.device

    async def show(self, login_id: LoginId, enrolment_id: EnrolmentId) -> Enrolment:
        """Return an enrolment offered by this screen. Raises NotFound."""
        return await self._book.reading(lambda ledger: _own(ledger, login_id, enrolment_id))

    async def with_ticket(self, ticket: str) -> Enrolment:
        """Return the enrolment the new device is waiting for. Raises EnrolmentTicketRefused."""
        found = await self._book.reading(lambda ledger: ledger.enrolments.with_ticket(digest_of(ticket)))
        if found is None:
            raise EnrolmentTicketRefused("no such QR code")
        return found


async def _own(ledger: Ledger, login_id: LoginId, enrolment_id: EnrolmentId) -> Enrolment:
    enrolment = await ledger.enrolments.load(enrolment_id)
    if enrolment is None or enrolment.login_id != login_id:
        raise NotFound("no such enrolment of this screen's")
    return enrolment
