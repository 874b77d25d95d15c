"""First entry: a person with their letter's secret chooses a confidential code; again after it was renewed.

Like a sign-in that failed, a refusal looks and costs the same whoever exists (RULES 9). A shut door does not stop it:
the secret cannot be guessed, so strangers' failures must not keep its owner out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from approvals.credentials import activation as rules
from approvals.credentials import counters
from approvals.credentials.confidential_code import require_allowed
from approvals.credentials.refusals import ActivationRefused
from approvals.desk.knocking import Caller, Knocking, Visitor
from approvals.desk.tokens import digest_of
from approvals.errors import PersonLocked
from approvals.model.audit import AuditEntry
from approvals.model.ids import UserId
from approvals.model.inbox import EventKind, News
from approvals.model.person import User, UserStatus
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, CodeHasher

_NOBODY: Final = UserId("nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstEntryRequest(Visitor):
    """What the person typed: the letter's secret, and the code they choose."""

    secret: str = field(repr=False)
    code: str = field(repr=False)


class FirstEntry:
    """One first entry."""

    def __init__(
        self, *, book: Book, clock: Clock, announcer: Announcer, hasher: CodeHasher, knocking: Knocking
    ) -> None:
        self._book = book
        self._clock = clock
        self._announcer = announcer
        self._hasher = hasher
        self._knocking = knocking

    async def run(self, request: FirstEntryRequest) -> None:
        """Make the person active under the code they chose; they then sign in with it.

        Raises CodeNotAllowed (nothing is then counted), ActivationRefused, TooManyFailures; and behind the right secret
        ActivationExpired, PersonLocked.
        """
        require_allowed(request.code, (request.client_identifier, request.user_number))
        caller = await self._knocking.knock(replace(request, device=None))
        code_hash = await self._hasher.hash(request.code)  # before the secret is looked at: nobody costs the same
        heads = await self._book.transaction(lambda ledger: self._use(ledger, caller, request, code_hash))
        if heads is None:
            await self._knocking.refuse(caller, "activation_refused", "wrong_secret" if caller.user else "nobody")
            raise ActivationRefused(caller.attempts_left)
        await self._announcer.announce(heads)

    async def _use(
        self, ledger: Ledger, caller: Caller, request: FirstEntryRequest, code_hash: str
    ) -> Mapping[UserId, int] | None:
        """Return the heads to announce; None when this is not the secret."""
        now = self._clock.now()
        user_id = caller.user.id if caller.user else _NOBODY
        used = rules.use(await ledger.activations.load(user_id), digest_of(rules.read(request.secret)), now)
        user = await ledger.people.user(user_id)
        if used is None or user is None:
            return None
        await ledger.people.save_user(_entered(user, code_hash))
        await ledger.activations.save(used)
        await self._knocking.forgive(ledger, caller, now)
        return await _note(ledger, user, now)


async def _note(ledger: Ledger, user: User, now: datetime) -> Mapping[UserId, int]:
    entry = AuditEntry(code="code_chosen", actor=f"user:{user.id}", at=now, value={"was": user.status.value})
    await ledger.audit.append([entry])
    return await ledger.inboxes.append([News(user_id=user.id, kind=EventKind.CODE_CHANGED)], now)


def _entered(user: User, code_hash: str) -> User:
    """An invited person becomes active. Raises PersonLocked: a letter unlocks nobody."""
    if user.status is UserStatus.LOCKED:
        raise PersonLocked("this access is locked: the adviser unlocks it")
    return replace(counters.clear_person(user), status=UserStatus.ACTIVE, code_hash=code_hash)
