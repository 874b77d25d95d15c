"""The ledger's push subscriptions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from approvals.model.ids import PushSubscriptionId, UserId
from approvals.model.push import PushBacklog, PushChannel, PushSubscription


class PushSubscriptions(Protocol):
    """Devices that are woken; one a device, and one a target."""

    async def put(self, subscription: PushSubscription) -> None:
        """Write it in place of whatever its device or its target had."""
        ...

    async def of_user(self, user_id: UserId) -> Sequence[PushSubscription]:
        """Those of devices that are not revoked, oldest first."""
        ...

    async def behind(
        self, channels: Collection[PushChannel], users: Collection[UserId], now: datetime, limit: int
    ) -> Sequence[PushSubscriptionId]:
        """Those due whose inbox holds more than they were told, of these people; of everybody where none is named."""
        ...

    async def claim(
        self, ids: Sequence[PushSubscriptionId], now: datetime, until: datetime
    ) -> Sequence[PushSubscription]:
        """Take for oneself until then those of them that nobody else took; none while a restore is unfinished."""
        ...

    async def save(self, subscription: PushSubscription) -> bool:
        """Write how far it was told and what came of it; False when the version is not the one read."""
        ...

    async def drop(self, subscription_id: PushSubscriptionId) -> bool:
        """Forget it, target and all; False where it was not there."""
        ...

    async def backlog(self) -> PushBacklog: ...

    async def browse(self, after: PushSubscriptionId | None, limit: int) -> Sequence[PushSubscription]:
        """By id."""
        ...

    async def reseal(self, subscription_id: PushSubscriptionId, target_sealed: bytes) -> None: ...
