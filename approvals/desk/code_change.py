"""Changing one's confidential code: signed in, under the old code and a CAP code together (RTS 2018/389 art. 24)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from approvals.credentials.confidential_code import CodeRule, require_allowed
from approvals.credentials.refusals import CodeNotAllowed, ProofRefused
from approvals.desk.counting import Judged
from approvals.desk.factors import Factors, Prover
from approvals.desk.presence import Presence, require_presence
from approvals.model.audit import AuditEntry
from approvals.model.ids import LoginId, UserId
from approvals.model.inbox import EventKind, News
from approvals.model.proof import CapProof, Purpose
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock, CodeHasher


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChangeRequest:
    """What the person typed."""

    old: str = field(repr=False)
    cap: CapProof
    new: str = field(repr=False)


class CodeChange:
    """One change of code."""

    def __init__(self, *, book: Book, clock: Clock, announcer: Announcer, hasher: CodeHasher, factors: Factors) -> None:
        self._book = book
        self._clock = clock
        self._announcer = announcer
        self._hasher = hasher
        self._factors = factors

    async def run(self, login_id: LoginId, request: CodeChangeRequest) -> None:
        """Check both, write the new code, end every other login, tell every device.

        Raises CodeNotAllowed (nothing is then spent), ProofRefused, and what `Factors` and `require_presence` raise.
        """
        presence = await self._book.reading(lambda ledger: self._require_allowed(ledger, login_id, request))
        prover = Prover(
            user_id=presence.user.id,
            purpose=Purpose.CODE_CHANGE,
            login_id=login_id,
            device_id=presence.login.device_id,
        )
        await self._require_right(presence, await self._factors.check_code(prover, request.old))
        await self._require_right(presence, await self._factors.check_cap(prover, request.cap))
        code_hash = await self._hasher.hash(request.new)
        heads = await self._book.transaction(lambda ledger: self._write(ledger, login_id, code_hash))
        await self._announcer.announce(heads)

    async def _require_allowed(self, ledger: Ledger, login_id: LoginId, request: CodeChangeRequest) -> Presence:
        presence = await require_presence(ledger, login_id, self._clock.now())
        if request.new == request.old:
            raise CodeNotAllowed(CodeRule.UNCHANGED, "the new code is the old one")
        subscription = await ledger.people.subscription(presence.user.subscription_id)
        known = [subscription.client_identifier] if subscription else []
        require_allowed(request.new, [*known, presence.user.number])
        return presence

    async def _require_right(self, presence: Presence, judged: Judged) -> None:
        if judged.verdict.right:
            return
        entry = AuditEntry(
            code="code_change_refused",
            actor=f"user:{presence.user.id}",
            at=self._clock.now(),
            value={"reason": judged.verdict.reason},
        )
        await self._book.transaction(lambda ledger: ledger.audit.append([entry]))
        raise ProofRefused(judged.attempts_left)

    async def _write(self, ledger: Ledger, login_id: LoginId, code_hash: str) -> Mapping[UserId, int]:
        now = self._clock.now()
        user = (await require_presence(ledger, login_id, now)).user
        await ledger.people.save_user(replace(user, code_hash=code_hash))
        await ledger.logins.end_others(user.id, login_id, now)
        await ledger.audit.append([AuditEntry(code="code_changed", actor=f"user:{user.id}", at=now)])
        return await ledger.inboxes.append([News(user_id=user.id, kind=EventKind.CODE_CHANGED)], now)
