"""Advisers: role, authenticator, last used time step."""

from collections.abc import Mapping, Sequence
from typing import Final

from approvals.model.adviser import Adviser, Role
from approvals.model.ids import UserId
from approvals.store.columns import number, text
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.queries import placeholders


class SqlAdvisers:
    """Satisfies `ports.advisers.Advisers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = "INSERT INTO advisers (user_id, role, seed_version, last_step) VALUES ($1, $2, $3, $4)"

    async def add(self, adviser: Adviser) -> None:
        await self._connection.execute(
            self._ADD, adviser.user_id, adviser.role, adviser.seed_version, adviser.last_step
        )

    async def load(self, user_id: UserId) -> Adviser | None:
        return (await self.of_users([user_id])).get(user_id)

    _OF_USERS: Final = "SELECT * FROM advisers WHERE user_id IN ({users})"

    async def of_users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, Adviser]:
        """Those of these people who are advisers."""
        if not user_ids:
            return {}
        rows = await self._connection.fetch(self._OF_USERS.format(users=placeholders(len(user_ids))), *user_ids)
        return {adviser.user_id: adviser for adviser in map(_adviser, rows)}

    _ADVANCE: Final = "UPDATE advisers SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING user_id"

    async def advance(self, user_id: UserId, step: int) -> bool:
        """Use up a time step; False when it, or a later one, was used before: a replay (RULES 26)."""
        return await fetch_one(self._connection, self._ADVANCE, user_id, step) is not None


def _adviser(row: Row) -> Adviser:
    return Adviser(
        user_id=UserId(text(row, "user_id")),
        role=Role(text(row, "role")),
        seed_version=number(row, "seed_version"),
        last_step=number(row, "last_step"),
    )
