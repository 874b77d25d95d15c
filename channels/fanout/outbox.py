"""Hints waiting to be sent: few, whatever happens, because a later head says all that an earlier one did."""

from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Final

from approvals.model.ids import UserId
from channels.fanout.hints import MOST_TOGETHER, Hint, InboxesGrew

_MOST_INBOXES: Final = 10_000
_MOST_OTHERS: Final = 10_000


class Outbox:
    """Keeps one head an inbox, and the other hints in order."""

    def __init__(self) -> None:
        self._heads: dict[UserId, int] = {}
        self._others: deque[Hint] = deque()

    def put(self, hint: Hint) -> int:
        """Return how many were lost, for want of room."""
        if isinstance(hint, InboxesGrew):
            return self._put_heads(hint.heads)
        if len(self._others) >= _MOST_OTHERS:
            return 1
        self._others.append(hint)
        return 0

    def take(self) -> list[Hint]:
        """Return what goes into one message, and forget it; empty when there is nothing."""
        taken: list[Hint] = [self._others.popleft() for _ in range(min(len(self._others), MOST_TOGETHER))]
        users = list(islice(self._heads, MOST_TOGETHER))
        if users:
            taken.append(InboxesGrew(heads={user_id: self._heads.pop(user_id) for user_id in users}))
        return taken

    def _put_heads(self, heads: Mapping[UserId, int]) -> int:
        lost = 0
        for user_id, head in heads.items():
            if user_id in self._heads or len(self._heads) < _MOST_INBOXES:
                self._heads[user_id] = max(head, self._heads.get(user_id, 0))
            else:
                lost += 1
        return lost
