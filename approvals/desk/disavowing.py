"""A signer says of what they are asked that they were not behind it; sign-ins of others' are `confirmations`'."""

from collections.abc import Mapping
from datetime import datetime

from approvals.desk.alarm import raise_alarm
from approvals.desk.finding import find_own_challenge
from approvals.desk.presence import require_presence
from approvals.desk.settling import Settling
from approvals.machine import UserRefused, step
from approvals.model.action import Action
from approvals.model.alert import Alert, AlertKind
from approvals.model.challenge import Challenge, RefusalReason
from approvals.model.ids import AlertId, ChallengeId, LoginId, UserId
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, Ids


class Disavowing:
    """Refuses while that can be done, alerts the adviser, stops what the action was started from."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids, announcer: Announcer, settling: Settling) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids
        self._announcer = announcer
        self._settling = settling

    async def challenge(self, login_id: LoginId, challenge_id: ChallengeId) -> Challenge:
        """Twice is once. What was signed already stays so, and the alert says it. Raises NotFound, LoginEnded."""

        async def work(ledger: Ledger) -> tuple[Challenge, Mapping[UserId, int]]:
            now = self._clock.now()
            presence = await require_presence(ledger, login_id, now)
            found = await find_own_challenge(ledger, presence, challenge_id)
            challenge = found.challenge
            await ledger.logins.touch(login_id, now)
            news = await raise_alarm(ledger, self._alert(found.action, challenge, now), now)
            if challenge.status.is_final or now >= challenge.expires_at:
                return challenge, await ledger.inboxes.append(news, now)
            refused = step(challenge, UserRefused(RefusalReason.NOT_ME), now).challenge
            before = found.touched()
            closed = await self._settling.close(ledger, before, before.with_challenge(refused), now, news)
            return refused, closed.heads

        disavowed, heads = await self._book.transaction(work)
        await self._announcer.announce(heads)
        return disavowed

    def _alert(self, action: Action, challenge: Challenge, now: datetime) -> Alert:
        return Alert(
            id=AlertId(self._ids.make("alt")),
            kind=AlertKind.ACTION,
            subscription_id=action.subscription_id,
            user_id=challenge.user_id,
            subject=challenge.id,
            found=challenge.status,
            raised_at=now,
            action_id=action.id,
            login_id=action.login_id,
        )
