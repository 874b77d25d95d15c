"""Releases on their way to the bank's core: taken under a lease, recorded with what the core made of them (RULES 2).

What a reply means and when to try again is `approvals.delivery`'s; sending is the server's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from approvals import delivery, machine
from approvals.delivery import Delivered, Outcome, Patience, Refused
from approvals.desk.conversations.showing import beside
from approvals.desk.telling import starter_news
from approvals.errors import NotFound, StaleVersion
from approvals.model.action import Action
from approvals.model.audit import AuditEntry, Retention
from approvals.model.challenge import Challenge
from approvals.model.ids import ReleaseId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.release import DeliveryStatus, Release
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock


class DeliveryDesk:
    """Hands out what is due, and takes back what came of it."""

    def __init__(
        self,
        *,
        book: Book,
        clock: Clock,
        announcer: Announcer,
        patience: Patience,
        lease: timedelta = timedelta(seconds=30),
    ) -> None:
        """`lease` is longer than any attempt takes: until it ends nobody else sends the same release."""
        self._book = book
        self._clock = clock
        self._announcer = announcer
        self._patience = patience
        self._lease = lease

    async def claim(self, limit: int) -> Sequence[Release]:
        """Take up to `limit` due deliveries for oneself."""

        async def work(ledger: Ledger) -> Sequence[Release]:
            now = self._clock.now()
            return await ledger.releases.claim(now, now + self._lease, limit)

        return await self._book.statement(work)

    async def next_due(self) -> datetime | None:
        """Return when the next delivery is due; None when there is none."""
        return await self._book.reading(lambda ledger: ledger.releases.next_due())

    async def record(self, release: Release, outcome: Outcome, jitter: float) -> Release:
        """Write one attempt, and end the action when the core answered definitely; then tell its people.

        `jitter` in [0, 1) spreads the next attempt. Where another node was faster, its record stands and is returned.
        """

        async def work(ledger: Ledger) -> tuple[Release, Mapping[UserId, int]]:
            now = self._clock.now()
            recorded = delivery.record(release, outcome, self._patience, jitter, now)
            if not await ledger.releases.save(recorded):
                return await _load(ledger, release.id), {}
            entries = _entries(recorded, outcome, now)
            ended = await _conclude(ledger, recorded, outcome, now)
            if ended is None:
                await ledger.audit.append(entries)
                return recorded, {}
            concluded, challenges = ended
            entries.append(_end(concluded, now))
            await ledger.actions.save(concluded, lines=len(entries))
            await ledger.audit.append_numbered(entries)
            news = [*_news(concluded, challenges), *await beside(ledger, concluded)]
            return recorded, await ledger.inboxes.append(news, now)

        company = await self._book.lookup(lambda ledger: ledger.actions.company(release.action_id))
        recorded, heads = await self._book.transaction(work, of=company)
        await self._announcer.announce(heads)
        return recorded

    async def resend(self, release_id: ReleaseId) -> Release:
        """Make a given-up delivery due again; any other is returned as it is. Raises NotFound."""

        async def work(ledger: Ledger) -> Release:
            now = self._clock.now()
            release = await _load(ledger, release_id)
            revived = delivery.revive(release, now)
            if revived is release:
                return release
            if not await ledger.releases.save(revived):
                raise StaleVersion("the delivery moved meanwhile")
            entry = AuditEntry(code="release_resent", actor="operator", at=now, action_id=release.action_id)
            await ledger.audit.append([entry])
            return revived

        return await self._book.transaction(work)

    async def listed(self, status: DeliveryStatus, limit: int) -> Sequence[Release]:
        """Oldest first."""
        return await self._book.reading(lambda ledger: ledger.releases.listed(status, limit))


async def _conclude(
    ledger: Ledger, release: Release, outcome: Outcome, now: datetime
) -> tuple[Action, Sequence[Challenge]] | None:
    """Return the action as it ends with this answer, and its challenges; None while nothing definite was answered."""
    if not isinstance(outcome, Delivered | Refused):
        return None
    found = await ledger.actions.with_challenges([release.action_id])
    if not found:
        raise LookupError("a release names an action the book does not hold")
    ((action, challenges),) = found
    refusal_code = outcome.code if isinstance(outcome, Refused) else None
    concluded = machine.conclude(action, refusal_code=refusal_code, now=now)
    return None if concluded is action else (concluded, challenges)


def _news(action: Action, challenges: Sequence[Challenge]) -> list[News]:
    kind = EventKind.ACTION_ENDED
    return [
        *(News(user_id=each.user_id, kind=kind, action_id=action.id, challenge_id=each.id) for each in challenges),
        *starter_news(action, challenges, kind),
    ]


async def _load(ledger: Ledger, release_id: ReleaseId) -> Release:
    release = await ledger.releases.load(release_id)
    if release is None:
        raise NotFound("no such release")
    return release


def _entries(release: Release, outcome: Outcome, now: datetime) -> list[AuditEntry]:
    """Every end of a delivery; an attempt that failed and is made again is the log's, not the audit's."""
    if release.status is DeliveryStatus.DUE:
        return []
    entry = AuditEntry(
        code=f"release_{release.status}",
        actor="system",
        at=now,
        action_id=release.action_id,
        value={
            "release": release.id,
            "attempts": release.attempts,
            "refusal": outcome.code if isinstance(outcome, Refused) else None,
        },
        retention=Retention.EVIDENCE,
    )
    return [entry]


def _end(action: Action, now: datetime) -> AuditEntry:
    return AuditEntry(
        code=f"action_{action.status}",
        actor="system",
        at=now,
        action_id=action.id,
        value={"reason": action.reason},
        retention=Retention.EVIDENCE,
    )
