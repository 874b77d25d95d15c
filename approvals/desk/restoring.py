"""After a restore: what the backup has open is compared with what the core carried out, then the house opens again.

Bringing the backup back, and what is void from that moment on, is `store.backup`'s; asking the core is the server's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from approvals import machine
from approvals.delivery import Recollection
from approvals.errors import InvalidRequest
from approvals.evidence.audit_check import RESTORED
from approvals.evidence.heads import head_digest
from approvals.model.action import Action, ActionStatus
from approvals.model.audit import AuditEntry, Retention
from approvals.model.ids import ActionId
from approvals.model.inbox import EventKind, News
from approvals.model.json import Facts
from approvals.model.release import DeliveryStatus
from approvals.model.seal import Head
from approvals.operations import OPERATIONS
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock


class Anchoring(StrEnum):
    """How the restored audit stands to the heads kept outside."""

    NOT_COMPARED = "not_compared"  # no head is kept outside
    SAME = "same"  # its last head is the last one outside
    BEHIND = "behind"  # heads outside go on from its last one: what they cover is lost
    OTHER = "other"  # its last head is none of those outside: it is another history


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a restore ended; `undecided` are the actions a person must look up at the core, and then it is not over.

    `lost` counts the leaves that heads outside cover and the restored audit does not hold.
    """

    recognised: int
    undecided: Sequence[ActionId]
    anchoring: Anchoring
    lost: int


class RestoringDesk:
    """Ends a restore (RULES 30)."""

    def __init__(self, *, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def unsettled(self) -> Sequence[ActionId]:
        """Return the actions to ask the core about. Raises InvalidRequest where no restore is under way."""

        async def work(ledger: Ledger) -> Sequence[ActionId]:
            await _require_restoring(ledger)
            return await ledger.actions.unsettled()

        return await self._book.reading(work)

    async def finish(self, known: Mapping[ActionId, Recollection], outside: Sequence[Head] = ()) -> Finished:
        """End every action the core carried out, and open the house again unless something is undecided.

        `outside` are the heads kept outside, as they were added there: the audit's own last head is compared with them,
        and the result recorded. Raises InvalidRequest where no restore is under way.
        """
        carried_out = [each for each, said in known.items() if said is Recollection.CARRIED_OUT]
        undecided = sorted(each for each, said in known.items() if said is Recollection.NO_ANSWER)
        for action_id in carried_out:
            await self._recognise(action_id)
        last = await self._book.reading(lambda ledger: ledger.audit_tree.last_head())
        compared = _compare(last.signed.head if last else None, outside)
        if not undecided:
            await self._book.transaction(lambda ledger: self._open_again(ledger, carried_out, compared))
        return Finished(
            recognised=len(carried_out), undecided=undecided, anchoring=compared.anchoring, lost=compared.lost
        )

    async def _recognise(self, action_id: ActionId) -> None:
        async def work(ledger: Ledger) -> None:
            await _require_restoring(ledger)
            action = await ledger.actions.load(action_id)
            if action is None or action.status.is_final:
                return
            await self._release(ledger, action)

        await self._book.transaction(work)

    async def _release(self, ledger: Ledger, action: Action) -> None:
        now = self._clock.now()
        before = await ledger.challenges.of_action(action.id)
        found = machine.recognise(action, before, now)
        await ledger.actions.reconcile(found.action)
        for was, challenge in zip(before, found.challenges, strict=True):
            if challenge != was:
                await ledger.challenges.save(challenge)
        await _catch_up(ledger, action, now)
        await ledger.audit.append([_entry(found.action, action.status, now)])
        news = [
            News(user_id=each.user_id, kind=EventKind.ACTION_ENDED, action_id=action.id, challenge_id=each.id)
            for each in found.challenges
        ]
        await ledger.inboxes.append(news, now)

    async def _open_again(self, ledger: Ledger, recognised: Collection[ActionId], compared: "_Compared") -> None:
        since = await _require_restoring(ledger)
        await ledger.house.end_restore()
        value: Facts = {"restored_at": since.isoformat(), "recognised": len(recognised), **compared.facts()}
        entry = AuditEntry(
            code=RESTORED, actor="operator", at=self._clock.now(), value=value, retention=Retention.EVIDENCE
        )
        await ledger.audit.append([entry])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """The restored audit's last head beside the last one outside."""

    anchoring: Anchoring
    restored: Head | None
    anchored: Head | None

    @property
    def lost(self) -> int:
        size = self.restored.size if self.restored else 0
        return max(self.anchored.size - size, 0) if self.anchored else 0

    def facts(self) -> Facts:
        """Return what the check of the audit reads again: `evidence.audit_check.abandoned_by`."""
        return {
            "audit": self.anchoring.value,
            "head_size": self.restored.size if self.restored else 0,
            "head": head_digest(self.restored).hex() if self.restored else None,
            "anchored_size": self.anchored.size if self.anchored else None,
            "anchored_head": head_digest(self.anchored).hex() if self.anchored else None,
        }


def _compare(restored: Head | None, outside: Sequence[Head]) -> _Compared:
    """Compare with the newest head outside; the first head follows none, so an audit without one is behind any."""
    anchored = max(outside, key=lambda head: (head.at, head.size), default=None)
    if anchored is None:
        anchoring = Anchoring.NOT_COMPARED
    elif restored == anchored:
        anchoring = Anchoring.SAME
    elif restored is None or restored in outside:
        anchoring = Anchoring.BEHIND
    else:
        anchoring = Anchoring.OTHER
    return _Compared(anchoring=anchoring, restored=restored, anchored=anchored)


async def _require_restoring(ledger: Ledger) -> datetime:
    since = await ledger.house.restoring()
    if since is None:
        raise InvalidRequest("no restore is under way")
    return since


async def _catch_up(ledger: Ledger, action: Action, now: datetime) -> None:
    """Do what followed from the release and is not in the backup."""
    release = await ledger.releases.of_action(action.id)
    if release is not None:  # its changes of ours were made when it was written
        delivered = replace(release, status=DeliveryStatus.DELIVERED, last_error=None, settled_at=now)
        await ledger.releases.save(delivered)
        return
    for change in OPERATIONS[action.kind].changes(action.facts, action.subscription_id):
        await ledger.changes.apply(change, now)


def _entry(action: Action, was: ActionStatus, now: datetime) -> AuditEntry:
    return AuditEntry(
        code=f"action_{action.status}",
        actor="operator",
        at=now,
        action_id=action.id,
        value={"reason": action.reason, "was": was},
        retention=Retention.EVIDENCE,
    )
