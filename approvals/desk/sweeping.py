"""What time alone changes: actions expire, abandoned checks give back their attempt, what is past its keep goes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from approvals.desk.answers import AnswerDesk
from approvals.desk.settling import Closed, Settling
from approvals.desk.telling import Touched
from approvals.model.ids import ActionId, UploadId
from approvals.model.upload import KEPT_UNOPENED
from approvals.ports.book import Book, Ledger
from approvals.ports.rights import Review
from approvals.ports.world import Announcer, Clock

_AT_ONCE: Final = 100
_REVIEWS_AT_ONCE: Final = 10
_REQUESTS_KEPT: Final = timedelta(days=7)  # RULES 6
_FAILURES_KEPT: Final = timedelta(hours=1)  # every leaking bucket is empty by then
_SCREENS_KEPT: Final = timedelta(hours=1)  # whoever waits before a screen has long been told
_EVENTS_KEPT: Final = timedelta(days=90)
_PREPARATIONS_KEPT: Final = timedelta(days=90)  # what was answered is in the facts of the actions
_ROWS_A_BITE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How much one round found to do."""

    expired: int
    reviewed: int
    abandoned: int
    orphans: int


class SweepDesk:
    """One round at a time, each bounded, so that a long backlog never holds others up."""

    def __init__(
        self, *, book: Book, clock: Clock, announcer: Announcer, settling: Settling, answers: AnswerDesk
    ) -> None:
        self._book = book
        self._clock = clock
        self._announcer = announcer
        self._settling = settling
        self._answers = answers

    async def sweep(self) -> Swept:
        """Run one round; the caller comes back at once when a figure says there is more to do.

        Nothing ends by itself while a restore is unfinished: it may have ended otherwise after the backup (RULES 30).
        """
        if await self._book.reading(lambda ledger: ledger.house.restoring()) is not None:
            return Swept(expired=0, reviewed=0, abandoned=0, orphans=0)
        abandoned = await self._answers.abandon_overdue(_AT_ONCE)  # first: people wait for their attempts
        expired = await self._expire_overdue()
        reviewed = await self._review_rights()
        orphans = await self._drop_orphans()
        await self._book.transaction(self._forget)
        return Swept(expired=expired, reviewed=reviewed, abandoned=abandoned, orphans=orphans)

    async def _expire_overdue(self) -> int:
        now = self._clock.now()
        overdue = await self._book.reading(lambda ledger: ledger.actions.overdue(now, _AT_ONCE))
        for action_id in overdue:
            await self._expire(action_id)
        return len(overdue)

    async def _expire(self, action_id: ActionId) -> None:
        async def work(ledger: Ledger) -> Closed | None:
            action = await ledger.actions.load(action_id)
            if action is None or action.status.is_final:
                return None
            challenges = await ledger.challenges.of_action(action_id)
            before = Touched(action=action, challenges=challenges, actor="system")
            return await self._settling.close(ledger, before, challenges, self._clock.now())

        closed = await self._book.transaction(work)
        if closed is not None:
            await self._announcer.announce(closed.heads)

    async def _review_rights(self) -> int:
        """Rights came or went with the day, or a long list of pending actions was not looked through to its end."""
        now = self._clock.now()
        due = await self._book.reading(lambda ledger: ledger.rights.due_reviews(now, _REVIEWS_AT_ONCE))
        for review in due:
            await self._review(review)
        return len(due)

    async def _review(self, review: Review) -> None:
        heads = await self._book.transaction(lambda ledger: self._settling.review(ledger, review, self._clock.now()))
        await self._announcer.announce(heads)

    async def _drop_orphans(self) -> int:
        before = self._clock.now() - KEPT_UNOPENED
        orphans = await self._book.reading(lambda ledger: ledger.uploads.orphans(before, _AT_ONCE))
        for upload_id in orphans:
            await self._drop(upload_id)
        return len(orphans)

    async def _drop(self, upload_id: UploadId) -> None:
        is_gone = False
        while not is_gone:
            is_gone = await self._book.transaction(lambda ledger: ledger.uploads.drop(upload_id, _ROWS_A_BITE))

    async def _forget(self, ledger: Ledger) -> None:
        now = self._clock.now()
        await ledger.requests.sweep(now - _REQUESTS_KEPT)
        await ledger.nonces.sweep(now)
        await ledger.enrolments.sweep(now - _SCREENS_KEPT)
        await ledger.confirmations.sweep(now - _SCREENS_KEPT)
        await ledger.handovers.sweep(now - _SCREENS_KEPT)
        await ledger.failures.sweep(now - _FAILURES_KEPT)
        await ledger.inboxes.prune(now - _EVENTS_KEPT)
        await ledger.preparations.forget(now - _PREPARATIONS_KEPT, _ROWS_A_BITE)
