"""Wakes devices for what their people's inboxes hold: at the hint after a commit here, and by the clock.

The rows are the truth: a hint that is lost, and a node that dies in the middle, cost seconds. Nothing waits for this
job; where push services are slow or down, approvals do not notice.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, assert_never

from approvals.desk.waking import Mail, WakingDesk
from approvals.model.ids import UserId
from approvals.model.push import PushChannel
from approvals.ports.world import Announcer, Clock
from channels.push.notices import notices_of
from channels.push.outcomes import Gone, Later, Outcome, Parcel, PushSender, Refused, Sent, Shut, again_at

log = logging.getLogger(__name__)

_REREAD_EVERY: Final = 10.0  # seconds; what another node or a lost hint left is found this late at most
_AFTER_FAILURE: Final = 1.0
_MOST_USERS: Final = 200  # a question; more at once are found by reading everybody's
_REST: Final = timedelta(minutes=5)
"""How long a channel that is shut rests before it is tried again."""


class Wakes:
    """Satisfies `ports.world.Announcer`: notes whose inbox grew, and tells whoever is to be told besides."""

    def __init__(self, announcer: Announcer) -> None:
        self._announcer = announcer
        self._grown: set[UserId] = set()
        self._rung = asyncio.Event()

    async def announce(self, heads: Mapping[UserId, int]) -> None:
        await self._announcer.announce(heads)
        self.note(heads)

    def note(self, users: Iterable[UserId]) -> None:
        """Look at these inboxes soon."""
        self._grown.update(users)
        if self._grown:
            self._rung.set()

    async def heard(self) -> frozenset[UserId]:
        """Wait for a hint; return whose inbox grew since the last one."""
        await self._rung.wait()
        self._rung.clear()
        grown, self._grown = frozenset(self._grown), set()
        return grown


class Lane:
    """One channel: what is under way on it, and whether it rests."""

    def __init__(self, channel: PushChannel, sender: PushSender, *, most: int = 100) -> None:
        self.channel = channel
        self.sender = sender
        self.rests_until: datetime | None = None
        self.under_way = 0
        self._most = most

    def is_open(self, now: datetime) -> bool:
        return self.under_way < self._most and (self.rests_until is None or self.rests_until <= now)

    def shut(self, now: datetime, reason: str) -> None:
        """Rest: nobody is asked again before time or an operator may have mended it."""
        if self.rests_until is None or self.rests_until <= now:
            log.error("push channel is shut", extra={"channel": self.channel.value, "reason": reason})
        self.rests_until = now + _REST


class Pusher:
    """One loop a node; each push service is waited for in tasks of its own."""

    def __init__(
        self,
        *,
        desk: WakingDesk,
        lanes: Sequence[Lane],
        clock: Clock,
        wakes: Wakes,
        draw_jitter: Callable[[], float],
        reread_every: float = _REREAD_EVERY,
    ) -> None:
        """`draw_jitter` returns a number in [0, 1); `reread_every` is in seconds."""
        self._desk = desk
        self._lanes = {lane.channel: lane for lane in lanes}
        self._clock = clock
        self._wakes = wakes
        self._draw_jitter = draw_jitter
        self._reread_every = reread_every

    async def run(self) -> None:
        """Wake devices for ever; whatever goes wrong is logged and tried again."""
        async with asyncio.TaskGroup() as tasks:
            users: frozenset[UserId] = frozenset()  # everybody's inbox is read first: a node may have died before
            while True:
                try:
                    users = await self._turn(tasks, users)
                except Exception:
                    log.exception("pusher failed, going on")
                    await asyncio.sleep(_AFTER_FAILURE)

    async def _turn(self, tasks: asyncio.TaskGroup, users: frozenset[UserId]) -> frozenset[UserId]:
        """Take what is due and begin to send it; return whose inboxes to look at next, none named for everybody's."""
        now = self._clock.now()
        channels = [lane.channel for lane in self._lanes.values() if lane.is_open(now)]
        asked = users if len(users) <= _MOST_USERS else frozenset[UserId]()
        mails = await self._desk.claim(channels, asked, 100) if channels else []
        for channel in channels:
            lane = self._lanes[channel]
            for batch in _batches([mail for mail in mails if mail.subscription.channel is channel], lane):
                lane.under_way += len(batch)
                tasks.create_task(self._deliver(lane, batch))
        return asked if mails else await self._rest()

    async def _rest(self) -> frozenset[UserId]:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._reread_every):
                return await self._wakes.heard()
        return frozenset()

    async def _deliver(self, lane: Lane, mails: Sequence[Mail]) -> None:
        try:
            parcels = [Parcel(mail=mail, notices=notices_of(mail, self._clock.now())) for mail in mails]
            for parcel in parcels:
                if not parcel.notices:
                    await self._desk.told(parcel.mail, None)
            full = [parcel for parcel in parcels if parcel.notices]
            outcomes = await lane.sender.send(full) if full else []
            for parcel, outcome in zip(full, outcomes, strict=True):
                await self._record(lane, parcel.mail, outcome)
        except Exception:
            log.exception("push not recorded, due again when its lease ends", extra={"channel": lane.channel.value})
        finally:
            lane.under_way -= len(mails)
            self._wakes.note(mail.subscription.user_id for mail in mails)  # their inboxes may have grown meanwhile

    async def _record(self, lane: Lane, mail: Mail, outcome: Outcome) -> None:
        now, subscription = self._clock.now(), mail.subscription
        match outcome:
            case Sent():
                await self._desk.sent(mail)
            case Gone():
                await self._desk.gone(subscription)
            case Refused(reason):
                await self._desk.told(mail, reason)
            case Later(reason):
                at = again_at(now, subscription.attempts, outcome, self._draw_jitter())
                await self._desk.failed(mail, reason, at)
            case Shut(reason):
                lane.shut(now, reason)
                await self._desk.failed(mail, reason, now + _REST)
            case _:
                assert_never(outcome)
        if not isinstance(outcome, Sent):
            log.info(
                "a device was not woken",
                extra={"subscription": subscription.id, "channel": lane.channel.value, "reason": outcome.reason},
            )


def _batches(mails: Iterable[Mail], lane: Lane) -> Iterable[Sequence[Mail]]:
    """Yield as many at a time as the channel takes in one go."""
    left = iter(mails)
    while batch := list(islice(left, lane.sender.at_once)):
        yield batch
