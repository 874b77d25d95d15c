"""Challenges handed over to a card bridge (RULES 24): asked for by a signed-in screen, taken there with its two digits.

What the bridge then answers is an answer of the screen's: `answers` judges it under the screen's login, so it ends with
that login. A bridge shows who it is as at the stream's greeting, by its key over a nonce of ours, and signs each act
by itself. No content leaves before the digits are right.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from approvals.credentials import handover as rules
from approvals.credentials.handover import Act
from approvals.credentials.refusals import BridgeNeeded, DigitsWrong
from approvals.desk.answered import Answered
from approvals.desk.answers import AnswerDesk
from approvals.desk.bridges import BridgeClaim, find_claimed_bridge
from approvals.desk.idempotency import find_kept
from approvals.desk.presence import require_presence
from approvals.desk.terms import Terms
from approvals.errors import NotFound
from approvals.machine import ProofOffered, step
from approvals.model.audit import AuditEntry
from approvals.model.challenge import Challenge
from approvals.model.device import Device, DeviceKind
from approvals.model.handover import Handover, HandoverStatus
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ChallengeId, HandoverId, LoginId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.proof import OfferedProof
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, Ids

Seen = TypeVar("Seen", Handover, Handover | None)


class HandoverDesk:
    """Asks for the bridge, takes the digits, passes the answer on."""

    def __init__(
        self, *, book: Book, clock: Clock, ids: Ids, announcer: Announcer, terms: Terms, answers: AnswerDesk
    ) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._announcer = announcer
        self._terms = terms
        self._answers = answers

    # --- the screen ---------------------------------------------------------------------------------------

    async def ask(self, login_id: LoginId, challenge_id: ChallengeId) -> Handover:
        """Hand a challenge over to whichever bridge of the person's is given the digits; the former hand-over ends.

        Raises NotFound, LoginEnded, BridgeNeeded, ChallengeClosed, ChallengeWaiting, NoAttemptLeft.
        """

        async def work(ledger: Ledger) -> tuple[Handover, Mapping[UserId, int]]:
            now = self._clock.now()
            presence = await require_presence(ledger, login_id, now)
            challenge = await _answerable(ledger, presence.user.id, challenge_id, now)
            await _require_bridge_of(ledger, presence.user.id)
            handover = self._handover(login_id, challenge, now)
            await ledger.handovers.put(handover)
            return handover, await _note(ledger, handover, EventKind.HANDOVER_ASKED, now)

        return await self._told(work)

    async def show(self, login_id: LoginId, handover_id: HandoverId) -> Handover:
        """Return what this screen handed over, closed where its time is past. Raises NotFound."""
        found = await self._book.reading(lambda ledger: ledger.handovers.load(handover_id))
        if found is None or found.login_id != login_id:
            raise NotFound("no such hand-over of this screen's")
        return replace(found, status=rules.stands(found, self._clock.now()))

    # --- the bridge ---------------------------------------------------------------------------------------

    async def waiting(self, bridge: Device) -> Sequence[Handover]:
        """What this bridge's person handed over and no bridge has taken, oldest first. Raises BridgeNeeded."""
        if bridge.kind is not DeviceKind.BRIDGE:
            raise BridgeNeeded("only a card bridge may ask")
        return await self._book.reading(lambda ledger: ledger.handovers.waiting(bridge.user_id, self._clock.now()))

    async def take(self, claim: BridgeClaim, handover_id: HandoverId, digits: str) -> Handover:
        """Take the digits the screen shows, typed at the bridge; others end it. Typing is a human act of the screen's.

        Raises NotFound, BridgeNeeded, DeviceSignatureRefused, LoginEnded, HandoverTaken, HandoverClosed, DigitsWrong.
        """

        async def work(ledger: Ledger) -> tuple[Handover, Mapping[UserId, int]]:
            now = self._clock.now()
            bridge, handover = await self._claimed(ledger, claim, Act.TAKE, handover_id, now)
            await require_presence(ledger, handover.login_id, now)
            taken = rules.take(handover, bridge.id, digits, now)
            if taken == handover:
                return handover, {}
            await ledger.handovers.save(taken)
            await ledger.logins.touch(handover.login_id, now)
            is_closed = taken.status is HandoverStatus.CLOSED
            kind = EventKind.HANDOVER_CLOSED if is_closed else EventKind.HANDOVER_TAKEN
            return taken, await _note(ledger, taken, kind, now)

        taken = await self._told(work)
        if taken.status is HandoverStatus.CLOSED:
            raise DigitsWrong("not the digits the other screen shows: begin again there")
        return taken

    async def answer(
        self, claim: BridgeClaim, handover_id: HandoverId, proof: OfferedProof, key: RequestKey | None = None
    ) -> Answered:
        """Answer as the screen would; the same `key` again returns the stored verdict, whatever became of the rest.

        Raises what `AnswerDesk.answer` raises, and NotFound, BridgeNeeded, DeviceSignatureRefused, HandoverTaken,
        HandoverClosed.
        """

        async def admit(ledger: Ledger) -> Handover:
            now = self._clock.now()
            bridge, handover = await self._claimed(ledger, claim, Act.ANSWER, handover_id, now)
            if await find_kept(ledger, key) is None:
                rules.require_held(handover, bridge.id, now)
            return handover

        handover = await self._book.transaction(admit)
        answered = await self._answers.answer(handover.login_id, handover.challenge_id, proof, key)
        await self._told(lambda ledger: self._record(ledger, handover_id, answered))
        return answered

    async def give_back(self, claim: BridgeClaim, handover_id: HandoverId) -> None:
        """The person says no at the bridge, or the card will not: the screen goes on without it.

        Raises NotFound, BridgeNeeded, DeviceSignatureRefused, HandoverTaken, HandoverClosed.
        """

        async def work(ledger: Ledger) -> tuple[Handover, Mapping[UserId, int]]:
            now = self._clock.now()
            bridge, handover = await self._claimed(ledger, claim, Act.GIVE_BACK, handover_id, now)
            closed = rules.give_back(handover, bridge.id, now)
            await ledger.handovers.save(closed)
            return closed, await _note(ledger, closed, EventKind.HANDOVER_CLOSED, now)

        await self._told(work)

    # --- inside -------------------------------------------------------------------------------------------

    async def _told(self, work: Callable[[Ledger], Awaitable[tuple[Seen, Mapping[UserId, int]]]]) -> Seen:
        """Run it, then tell the person's devices."""
        seen, heads = await self._book.transaction(work)
        await self._announcer.announce(heads)
        return seen

    async def _claimed(
        self, ledger: Ledger, claim: BridgeClaim, act: Act, handover_id: HandoverId, now: datetime
    ) -> tuple[Device, Handover]:
        """Return the bridge that signed for this act, and the hand-over; another person's is not told from none."""
        purpose = rules.purpose(act, handover_id)
        bridge = await find_claimed_bridge(ledger, claim, purpose, self._terms.origin, now)
        handover = await ledger.handovers.load(handover_id)
        if handover is None or handover.user_id != bridge.user_id:
            raise NotFound("no such hand-over of yours")
        return bridge, handover

    async def _record(
        self, ledger: Ledger, handover_id: HandoverId, answered: Answered
    ) -> tuple[Handover | None, Mapping[UserId, int]]:
        """Note the verdict for the screen; a hand-over that another took the place of is left alone."""
        found = await ledger.handovers.load(handover_id)
        if found is None or (answered.replayed and found.answer is answered.answer):
            return found, {}
        judged = rules.answered(found, answered.answer)
        await ledger.handovers.save(judged)
        return judged, await _note(ledger, judged, EventKind.HANDOVER_ANSWERED, self._clock.now())

    def _handover(self, login_id: LoginId, challenge: Challenge, now: datetime) -> Handover:
        return Handover(
            id=HandoverId(self._ids.make("hnd")),
            challenge_id=challenge.id,
            user_id=challenge.user_id,
            login_id=login_id,
            digits=self._ids.two_digits(),
            status=HandoverStatus.WAITING,
            asked_at=now,
            expires_at=now + rules.TAKE_WITHIN,
        )


async def _answerable(ledger: Ledger, user_id: UserId, challenge_id: ChallengeId, now: datetime) -> Challenge:
    """Return the person's own challenge, if a proof could be offered for it now; the machine says no as it would."""
    challenge = await ledger.challenges.load(challenge_id)
    if challenge is None or challenge.user_id != user_id:
        raise NotFound("no such challenge of yours")
    step(challenge, ProofOffered(), now)
    return challenge


async def _require_bridge_of(ledger: Ledger, user_id: UserId) -> None:
    devices = await ledger.devices.of_user(user_id)
    if not any(device.kind is DeviceKind.BRIDGE and device.revoked_at is None for device in devices):
        raise BridgeNeeded("pair a card bridge first")


async def _note(ledger: Ledger, handover: Handover, kind: EventKind, now: datetime) -> Mapping[UserId, int]:
    """Write it into the audit, and tell every device of the person's; return the heads to announce."""
    value = {"handover": handover.id, "challenge": handover.challenge_id, "bridge": handover.device_id}
    entry = AuditEntry(code=kind.value, actor=f"user:{handover.user_id}", at=now, value=value)
    await ledger.audit.append([entry])
    news = News(user_id=handover.user_id, kind=kind, challenge_id=handover.challenge_id)
    return await ledger.inboxes.append([news], now)
