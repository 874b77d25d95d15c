"""Which devices of a person are woken by push: each signed-in person's own to add, see and take away.

Sending, and how far each was told, is `waking`'s.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from approvals.credentials.push_target import digest_of_target, require_target, write_target
from approvals.credentials.refusals import DeviceNeeded, PushNotServed
from approvals.desk.presence import Presence, require_presence
from approvals.errors import NotFound
from approvals.model.audit import AuditEntry
from approvals.model.ids import LoginId, PushSubscriptionId, UserId
from approvals.model.push import (
    PUSH_TARGET,
    PUSH_TARGET_VERSION,
    FcmTarget,
    PushChannel,
    PushSubscription,
    PushTarget,
)
from approvals.ports.book import Book, Ledger
from approvals.ports.vault import Keyring
from approvals.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOffer:
    """What this house serves: its channels, the Web Push services it knows, and the public VAPID key.

    `vapid_key` is the uncompressed P-256 point (65 bytes) that browsers subscribe to; None where there is no Web Push.
    """

    channels: Collection[PushChannel]
    hosts: Collection[str]
    vapid_key: bytes | None


class PushDesk:
    """Adds, lists and drops subscriptions."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids, keyring: Keyring, offer: PushOffer) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._keyring = keyring
        self._offer = offer

    def vapid_key(self) -> bytes:
        """Return the point browsers subscribe to. Raises PushNotServed."""
        if self._offer.vapid_key is None:
            raise PushNotServed("this house sends no Web Push")
        return self._offer.vapid_key

    async def subscribe(self, login_id: LoginId, target: PushTarget) -> PushSubscription:
        """Wake the device this person is signed in on, from the next event on; what woke it before no longer does.

        Raises PushNotServed, PushTargetRefused, LoginEnded, DeviceNeeded.
        """
        channel = PushChannel.FCM if isinstance(target, FcmTarget) else PushChannel.WEB_PUSH
        if channel not in self._offer.channels:
            raise PushNotServed("this house wakes nobody over that channel")
        require_target(target, self._offer.hosts)

        async def work(ledger: Ledger) -> PushSubscription:
            presence = await require_presence(ledger, login_id, self._clock.now())
            inbox = await ledger.inboxes.state(presence.user.id)
            subscription = self._subscription(presence, channel, target, inbox.head)
            await ledger.push_subscriptions.put(subscription)
            await ledger.audit.append([self._entry("push_subscribed", presence, subscription)])
            return subscription

        return await self._book.transaction(work)

    async def mine(self, user_id: UserId) -> Sequence[PushSubscription]:
        """Oldest first; devices that were revoked are not woken, and not shown."""
        return await self._book.lookup(lambda ledger: ledger.push_subscriptions.of_user(user_id))

    async def unsubscribe(self, login_id: LoginId, subscription_id: PushSubscriptionId) -> None:
        """Wake one of the person's devices no more. Raises NotFound, LoginEnded."""

        async def work(ledger: Ledger) -> None:
            presence = await require_presence(ledger, login_id, self._clock.now())
            own = {each.id: each for each in await ledger.push_subscriptions.of_user(presence.user.id)}
            subscription = own.get(subscription_id)
            if subscription is None:
                raise NotFound("no such push subscription of yours")
            await ledger.push_subscriptions.drop(subscription_id)
            await ledger.audit.append([self._entry("push_unsubscribed", presence, subscription)])

        await self._book.transaction(work)

    def _subscription(
        self, presence: Presence, channel: PushChannel, target: PushTarget, head: int
    ) -> PushSubscription:
        if presence.device is None:
            raise DeviceNeeded("enrol this device first: only enrolled devices are woken")
        subscription_id, now = PushSubscriptionId(self._ids.make("psh")), self._clock.now()
        sealed = self._keyring.seal(PUSH_TARGET, subscription_id, PUSH_TARGET_VERSION, write_target(target))
        return PushSubscription(
            id=subscription_id,
            user_id=presence.user.id,
            device_id=presence.device.id,
            channel=channel,
            target_sealed=sealed,
            target_digest=digest_of_target(target),
            created_at=now,
            told_up_to=head,
            next_at=now,
        )

    def _entry(self, code: str, presence: Presence, subscription: PushSubscription) -> AuditEntry:
        value = {"device": subscription.device_id, "channel": subscription.channel.value}
        return AuditEntry(code=code, actor=f"user:{presence.user.id}", at=self._clock.now(), value=value)
