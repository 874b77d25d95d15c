"""What devices are to be woken for: taken under a lease, recorded with what came of it.

A subscription follows its person's inbox by a cursor of its own, so that an approval writes nothing for push, and
lives without it. What an event is worth telling is `channels.push`'s, and so is sending.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from approvals.credentials.push_target import read_target
from approvals.errors import KeyringError
from approvals.model.challenge import Challenge
from approvals.model.ids import ChallengeId, UserId
from approvals.model.inbox import Event
from approvals.model.person import User, UserStatus
from approvals.model.push import PUSH_TARGET, PUSH_TARGET_VERSION, PushChannel, PushSubscription, PushTarget
from approvals.ports.book import Book, Ledger
from approvals.ports.vault import Keyring
from approvals.ports.world import Clock

_EVENTS_AT_ONCE: Final = 200
_LEASE: Final = timedelta(seconds=60)
"""Longer than any attempt takes: until it ends no other node sends the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What happened in a person's inbox since one of their devices was last told, and the challenges it is about.

    `up_to` is how far the device is told once this has reached it.
    """

    subscription: PushSubscription
    target: PushTarget
    user: User
    events: Sequence[Event]
    challenges: Mapping[ChallengeId, Challenge]
    up_to: int


class WakingDesk:
    """Hands out what is to be told, and takes back what came of it."""

    def __init__(self, *, book: Book, clock: Clock, keyring: Keyring) -> None:
        self._book = book
        self._clock = clock
        self._keyring = keyring

    async def claim(self, channels: Collection[PushChannel], users: Collection[UserId], limit: int) -> Sequence[Mail]:
        """Take what is due of these people, of everybody where none is named; two nodes never take the same.

        Devices that were revoked and people who left are forgotten here.
        """
        now = self._clock.now()
        due = await self._book.reading(lambda ledger: ledger.push_subscriptions.behind(channels, users, now, limit))
        if not due:
            return []
        claimed = await self._book.statement(lambda ledger: ledger.push_subscriptions.claim(due, now, now + _LEASE))
        mails = [await self._mail(subscription) for subscription in claimed]
        return [mail for mail in mails if mail is not None]

    async def told(self, mail: Mail, outcome: str | None) -> None:
        """The device knows what this mail holds, or need not: `outcome` is None where nothing was worth telling."""
        now = self._clock.now()
        told = replace(mail.subscription, told_up_to=mail.up_to, next_at=now, attempts=0)
        if outcome is not None:
            told = replace(told, last_outcome=outcome)
        await self._save(told)

    async def sent(self, mail: Mail) -> None:
        """A push service took it."""
        now = self._clock.now()
        subscription = replace(mail.subscription, last_sent_at=now, last_outcome="sent")
        await self._save(replace(subscription, told_up_to=mail.up_to, next_at=now, attempts=0))

    async def failed(self, mail: Mail, outcome: str, again_at: datetime) -> None:
        """It is to be tried again then, and not before."""
        subscription = replace(mail.subscription, attempts=mail.subscription.attempts + 1, last_outcome=outcome)
        await self._save(replace(subscription, next_at=again_at))

    async def gone(self, subscription: PushSubscription) -> None:
        """The push service knows the device no more."""
        await self._book.statement(lambda ledger: ledger.push_subscriptions.drop(subscription.id))

    async def _save(self, subscription: PushSubscription) -> None:
        """Where somebody else was faster, theirs stands: the device has been told twice and shows it once."""
        await self._book.statement(lambda ledger: ledger.push_subscriptions.save(subscription))

    async def _mail(self, subscription: PushSubscription) -> Mail | None:
        async def work(ledger: Ledger) -> Mail | None:
            device = await ledger.devices.load(subscription.device_id)
            user = await ledger.people.user(subscription.user_id)
            if device is None or device.revoked_at is not None or user is None or user.status is UserStatus.LEFT:
                return None
            inbox = await ledger.inboxes.state(subscription.user_id)  # first: an inbox pruned meanwhile is behind us
            events = await ledger.inboxes.read(subscription.user_id, subscription.told_up_to, _EVENTS_AT_ONCE)
            challenges = await _challenges(ledger, events)
            return Mail(
                subscription=subscription,
                target=self._target(subscription),
                user=user,
                events=events,
                challenges=challenges,
                up_to=events[-1].s if events else inbox.head,
            )

        try:
            mail = await self._book.reading(work)
        except KeyringError:
            mail = None  # nobody can ever send there: the device subscribes again when its person comes by
        if mail is None:
            await self.gone(subscription)
        return mail

    def _target(self, subscription: PushSubscription) -> PushTarget:
        sealed = subscription.target_sealed
        return read_target(self._keyring.open(PUSH_TARGET, subscription.id, PUSH_TARGET_VERSION, sealed))


async def _challenges(ledger: Ledger, events: Sequence[Event]) -> Mapping[ChallengeId, Challenge]:
    wanted = {event.news.action_id for event in events if event.news.challenge_id is not None} - {None}
    found = await ledger.challenges.of_actions(sorted(each for each in wanted if each is not None))
    return {challenge.id: challenge for challenge in found}
