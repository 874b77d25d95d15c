"""An action with everything somebody needs to see of it: read together, shown together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from approvals.model.action import Action
from approvals.model.card import Card
from approvals.model.certificate import Certificate
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.ids import ActionId, CardId, ChallengeId, UserId
from approvals.model.person import User


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSheet:
    """One action, its challenges, and the people and cards they name.

    Where certificates sign it: those of its signers, and the environment their signatures name.
    """

    action: Action
    challenges: tuple[Challenge, ...]
    people: Mapping[UserId, User]
    cards: Mapping[CardId, Card]
    certificates: Sequence[Certificate] = ()
    environment: str | None = None

    def challenge_of(self, user_id: UserId) -> Challenge | None:
        """Return this person's own challenge; one that was closed where no other followed."""
        own = [challenge for challenge in self.challenges if challenge.user_id == user_id]
        return next((each for each in own if each.status is not ChallengeStatus.CLOSED), own[0] if own else None)

    def challenge(self, challenge_id: ChallengeId) -> Challenge | None:
        return next((challenge for challenge in self.challenges if challenge.id == challenge_id), None)

    @property
    def id(self) -> ActionId:
        return self.action.id
