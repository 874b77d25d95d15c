"""Actions, their challenges, and the proofs offered for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from approvals.model.action import Action, ActionStatus, Bundle
from approvals.model.challenge import Challenge
from approvals.model.ids import (
    ActionId,
    ActionKind,
    BundleId,
    ChallengeId,
    ProofId,
    SubscriptionId,
    UserId,
)
from approvals.model.opener import Opener
from approvals.model.page import Page
from approvals.model.proof import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFilter:
    """Which actions to list; every field narrows.

    `signer` keeps those the person has a challenge in, `concerning` also those they started.
    """

    subscription_id: SubscriptionId | None = None
    signer: UserId | None = None
    concerning: UserId | None = None
    opened_by: Opener | None = None
    status: ActionStatus | None = None
    kind: ActionKind | None = None
    bundle_id: BundleId | None = None


class Actions(Protocol):
    """Sensitive actions and the bundles that tie those of one file."""

    async def add(self, action: Action, *, lines: int = 0) -> None:
        """Write it; `lines` as in `save`."""
        ...

    async def load(self, action_id: ActionId) -> Action | None: ...

    async def with_challenges(self, action_ids: Sequence[ActionId]) -> Sequence[tuple[Action, tuple[Challenge, ...]]]:
        """Those that exist, by id, each with its challenges, by id: in one look."""
        ...

    async def of_challenge(self, challenge_id: ChallengeId) -> tuple[Action, tuple[Challenge, ...]] | None:
        """The action a challenge belongs to, with all its challenges, by id."""
        ...

    async def company(self, action_id: ActionId) -> SubscriptionId | None:
        """Whose action it is."""
        ...

    async def save(self, action: Action, *, lines: int = 0) -> Action:
        """Write status, reason and end; return it with its version raised (RULES 1).

        Numbers are taken for `lines` lines of its audit, which `Audit.append_numbered` writes in this transaction.

        Raises StaleVersion, and RestoreUnfinished while nobody knows what became of it after the backup (RULES 30).
        """
        ...

    async def reconcile(self, action: Action) -> Action:
        """The same for an action found again at the core while a restore is unfinished. Raises StaleVersion."""
        ...

    async def unsettled(self) -> Sequence[ActionId]:
        """Pending and approved actions, by id: what may have gone on after a backup."""
        ...

    async def browse(self, wanted: ActionFilter, after: str | None, limit: int) -> Page[Action]:
        """Newest first."""
        ...

    async def pending(self, subscription_id: SubscriptionId, after: ActionId | None, limit: int) -> Sequence[Action]:
        """The company's pending actions, by id."""
        ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[ActionId]:
        """Pending actions whose time is over."""
        ...

    async def count(self, status: ActionStatus) -> int:
        """How many there are; for the states actions leave again, the others only grow."""
        ...

    async def add_bundle(self, bundle: Bundle) -> None: ...

    async def live_bundle(
        self, subscription_id: SubscriptionId, initiating_party: str, message_id: str
    ) -> BundleId | None:
        """The bundle of this message that has an action pending, approved or released (RULES 19)."""
        ...


class Challenges(Protocol):
    """One per signer and action."""

    async def add(self, challenges: Sequence[Challenge]) -> None: ...

    async def load(self, challenge_id: ChallengeId) -> Challenge | None: ...

    async def of_action(self, action_id: ActionId) -> tuple[Challenge, ...]:
        """By id."""
        ...

    async def of_actions(self, action_ids: Sequence[ActionId]) -> Sequence[Challenge]:
        """Those of several actions at once, for a page of a list."""
        ...

    async def save(self, challenge: Challenge) -> None:
        """Write what changed, version raised. Raises StaleVersion."""
        ...

    async def of_signer(self, user_id: UserId, *, limit: int) -> Sequence[Challenge]:
        """The person's challenges that are waiting or open, newest first."""
        ...


class Proofs(Protocol):
    """The attempts: written before the check, completed after it."""

    async def add(self, proof: Proof) -> None: ...

    async def load(self, proof_id: ProofId) -> Proof | None: ...

    async def settle(self, proof: Proof) -> bool:
        """Write status, verdict and answer of a proof still `checking`; False when somebody settled it before."""
        ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[Proof]:
        """Proofs still `checking` past their deadline (RULES 7)."""
        ...

    async def under_check(self, user_id: UserId) -> Sequence[Proof]:
        """The person's proofs that are spent and not yet judged."""
        ...

    async def of_action(self, action_id: ActionId) -> Sequence[Proof]:
        """Every attempt on the action's challenges, by time: the evidence."""
        ...
