"""A signer says of what they are asked that they were not behind it; sign-ins of others' are `confirmations`'."""

from collections.abc import Mapping
from datetime import datetime

from approvals.credentials.adviser_refusals import OwnActUnsignable
from approvals.desk.alarm import raise_alarm
from approvals.desk.presence import Presence, require_presence
from approvals.desk.settling import Settling
from approvals.desk.telling import Touched
from approvals.errors import NotFound
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
            action, challenge = await find_own_challenge(ledger, presence, challenge_id)
            await ledger.logins.touch(login_id, now)
            news = await raise_alarm(ledger, self._alert(action, challenge, now), now)
            if challenge.status.is_final or now >= challenge.expires_at:
                return challenge, await ledger.inboxes.append(news, now)
            refused = step(challenge, UserRefused(RefusalReason.NOT_ME), now).challenge
            challenges = await ledger.challenges.of_action(action.id)
            before = Touched(action=action, challenges=challenges, actor=f"user:{challenge.user_id}")
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


async def find_own_challenge(ledger: Ledger, presence: Presence, challenge_id: ChallengeId) -> tuple[Action, Challenge]:
    """Return the person's own challenge; somebody else's is not told apart from none.

    Raises NotFound, OwnActUnsignable for a challenge of what they asked for themselves.
    """
    challenge = await ledger.challenges.load(challenge_id)
    action = await ledger.actions.load(challenge.action_id) if challenge else None
    if challenge is None or action is None:
        raise NotFound("no such challenge of yours")
    if challenge.user_id == presence.user.id:
        return action, challenge
    if action.initiator == presence.user.id and not action.policy.initiator_may_sign:
        raise OwnActUnsignable("you asked for this: somebody else approves it")
    raise NotFound("no such challenge of yours")
