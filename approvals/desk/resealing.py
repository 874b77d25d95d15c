"""Rotating the keyring: everything sealed is sealed again under the newest key, in small steps while nodes work.

Sealing is `approvals.keys`'; nodes take in the new version of the key file by themselves when they first meet it.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

from approvals.model.audit import AuditEntry
from approvals.model.ids import CardId, PushSubscriptionId
from approvals.ports.book import Book, Ledger
from approvals.ports.vault import SealedSecret
from approvals.ports.world import Clock

_AT_ONCE: Final = 20
"""Cards a transaction: an approval that meets one runs again, and soon gets through."""
_TARGETS_AT_ONCE: Final = 200
"""Push targets a transaction: no approval touches them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """How things are sealed anew; each function returns None for what is under the newest key already."""

    canary: SealedSecret
    secret: Callable[[SealedSecret], SealedSecret | None]
    pan: Callable[[CardId, bytes], bytes | None]
    target: Callable[[PushSubscriptionId, bytes], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """How much was sealed anew."""

    secrets: int
    cards: int
    targets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Cards looked at in one transaction: the last of them (None: there was none) and how many were sealed anew."""

    last: CardId | None
    resealed: int


class ResealingDesk:
    """Run again after a fault, it goes on with what is left."""

    def __init__(self, *, book: Book, clock: Clock, sealing: Sealing) -> None:
        self._book = book
        self._clock = clock
        self._sealing = sealing

    async def run(self) -> Resealed:
        """Seal everything anew, then forget older keys' canaries. Raises KeyringError where something does not open."""
        # First, so that from now on no node starts whose key file lacks the new version.
        await self._book.transaction(lambda ledger: ledger.secrets.put(self._sealing.canary))
        secrets = await self._book.transaction(self._reseal_secrets)
        resealed = Resealed(
            secrets=secrets, cards=await self._reseal_all_cards(), targets=await self._reseal_all_targets()
        )
        await self._book.transaction(lambda ledger: self._conclude(ledger, resealed))
        return resealed

    async def _reseal_secrets(self, ledger: Ledger) -> int:
        resealed = [anew for each in await ledger.secrets.all() if (anew := self._sealing.secret(each))]
        for secret in resealed:
            await ledger.secrets.put(secret)
        return len(resealed)

    async def _reseal_all_cards(self) -> int:
        batch = await self._book.transaction(partial(self._reseal_cards, after=None))
        resealed = batch.resealed
        while batch.last is not None:
            batch = await self._book.transaction(partial(self._reseal_cards, after=batch.last))
            resealed += batch.resealed
        return resealed

    async def _reseal_cards(self, ledger: Ledger, *, after: CardId | None) -> _Batch:
        cards = await ledger.cards.browse(after, _AT_ONCE)
        resealed = 0
        for card in cards:
            anew = self._sealing.pan(card.id, card.pan_sealed)
            if anew is not None:
                await ledger.cards.reseal(card.id, anew)
                resealed += 1
        return _Batch(last=cards[-1].id if cards else None, resealed=resealed)

    async def _reseal_all_targets(self) -> int:
        resealed, last = 0, PushSubscriptionId("")
        while batch := await self._book.transaction(partial(self._reseal_targets, after=last)):
            last = max(batch)
            resealed += sum(batch.values())
        return resealed

    async def _reseal_targets(self, ledger: Ledger, *, after: PushSubscriptionId) -> Mapping[PushSubscriptionId, bool]:
        """Return the subscriptions looked at, and which of them were sealed anew."""
        resealed = {}
        for subscription in await ledger.push_subscriptions.browse(after, _TARGETS_AT_ONCE):
            anew = self._sealing.target(subscription.id, subscription.target_sealed)
            resealed[subscription.id] = anew is not None
            if anew is not None:
                await ledger.push_subscriptions.reseal(subscription.id, anew)
        return resealed

    async def _conclude(self, ledger: Ledger, resealed: Resealed) -> None:
        """Nothing is sealed under older keys now: the key file may lose them (backups may still need them)."""
        newest = self._sealing.canary
        for canary in await ledger.secrets.of_kind(newest.kind):
            if canary.version != newest.version:
                await ledger.secrets.drop(canary)
        value = {"version": newest.version, **asdict(resealed)}
        entry = AuditEntry(code="keyring_rotated", actor="operator", at=self._clock.now(), value=value)
        await ledger.audit.append([entry])
