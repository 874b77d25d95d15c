"""Enrolling a device from a signed-in screen (RULES 24): a code, two digits, every other device told.

A phone scans a QR code; a card bridge is typed a short pairing code, whose guesses are counted like failed sign-ins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from approvals.credentials import enrolment as rules
from approvals.credentials import throttle
from approvals.credentials.activation import read, written
from approvals.credentials.refusals import DigitsWrong, EnrolmentTicketRefused, PairingCodeRefused
from approvals.desk import throttling
from approvals.desk.devices import EnrolmentRequest, note_device, require_fresh, require_possession
from approvals.desk.presence import require_presence
from approvals.desk.terms import Terms
from approvals.desk.tokens import DEVICE, ENROLMENT, PAIRING, digest_of, new_token
from approvals.errors import NotFound
from approvals.model.audit import AuditEntry
from approvals.model.device import Device, DeviceKind
from approvals.model.enrolment import Enrolment, EnrolmentStatus
from approvals.model.ids import DeviceId, EnrolmentId, LoginId, UserId
from approvals.model.inbox import EventKind
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An enrolment, and the ticket its QR code holds, or the pairing code: told this once."""

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
        return Offered(enrolment=await self._offer(login_id, digest_of(ticket), rules.QR_LIFE), ticket=ticket)

    async def offer_pairing(self, login_id: LoginId) -> Offered:
        """Make a code to be typed at a card bridge, for two minutes. Raises FreshProofNeeded, LoginEnded."""
        code = self._ids.letter_secret()[: rules.PAIRING_LENGTH]
        enrolment = await self._offer(login_id, digest_of(PAIRING + code), rules.PAIRING_LIFE)
        return Offered(enrolment=enrolment, ticket=written(code))

    async def scan(self, ticket: str, request: EnrolmentRequest) -> Scanned:
        """The new device read the QR code. Raises EnrolmentTicketRefused, DeviceSignatureRefused, InvalidRequest."""
        token, digits = new_token(DEVICE, self._ids), self._ids.two_digits()

        async def work(ledger: Ledger) -> Scanned:
            now = self._clock.now()
            await require_possession(ledger, request, self._terms.origin, now)
            offered = await ledger.enrolments.with_ticket(digest_of(ticket))
            if offered is None:
                raise EnrolmentTicketRefused("no such QR code")
            device = self._device(offered, request, digest_of(token), DeviceKind.PHONE)
            scanned = rules.scan(offered, device, digits, now)
            await ledger.enrolments.save(scanned)
            return Scanned(enrolment=scanned, device=device, digits=digits, token=token)

        return await self._book.transaction(work)

    async def pair(self, code: str, address: str, request: EnrolmentRequest) -> Scanned:
        """The code was typed at a card bridge; every try costs its address and the house, a right one gives it back.

        Raises TooManyFailures, PairingCodeRefused, DeviceSignatureRefused, InvalidRequest.
        """
        buckets = (throttle.address_key(address), throttle.HOUSE_KEY)
        await self._book.transaction(lambda ledger: throttling.spend(ledger, buckets, self._clock.now()))
        token, digits = new_token(DEVICE, self._ids), self._ids.two_digits()

        async def work(ledger: Ledger) -> Scanned:
            now = self._clock.now()
            await require_possession(ledger, request, self._terms.origin, now)
            offered = await ledger.enrolments.with_ticket(digest_of(PAIRING + read(code)))
            if offered is None:
                raise PairingCodeRefused("the pairing code is wrong, used or too old: ask for a new one")
            device = self._device(offered, request, digest_of(token), DeviceKind.BRIDGE)
            paired = rules.pair(offered, device, digits, now)
            await ledger.enrolments.save(paired)
            await throttling.give_back(ledger, buckets, now)
            return Scanned(enrolment=paired, device=device, digits=digits, token=token)

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

    async def _offer(self, login_id: LoginId, ticket_digest: bytes, life: timedelta) -> Enrolment:
        async def work(ledger: Ledger) -> Enrolment:
            now = self._clock.now()
            presence = await require_presence(ledger, login_id, now)
            require_fresh(presence, now)
            enrolment = Enrolment(
                id=EnrolmentId(self._ids.make("enr")),
                user_id=presence.user.id,
                login_id=login_id,
                ticket_digest=ticket_digest,
                status=EnrolmentStatus.OFFERED,
                expires_at=now + life,
            )
            await ledger.enrolments.add(enrolment)
            return enrolment

        return await self._book.transaction(work)

    def _device(self, offered: Enrolment, request: EnrolmentRequest, token_digest: bytes, kind: DeviceKind) -> Device:
        return Device(
            id=DeviceId(self._ids.make("dev")),
            user_id=offered.user_id,
            name=request.name,
            public_key=request.public_key,
            token_digest=token_digest,
            created_at=self._clock.now(),
            kind=kind,
        )

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
