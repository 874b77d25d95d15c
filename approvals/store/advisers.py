"""Advisers: role, password, authenticator, last used time step, recovery codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from approvals.model.adviser import Adviser, Colleague, Role
from approvals.model.ids import UserId
from approvals.model.page import Page
from approvals.model.person import Subscription, SubscriptionKind
from approvals.operations import entitlement_of
from approvals.ports.advisers import PortfolioFilter
from approvals.store.columns import milliseconds, number, text, text_or_none
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.people import SqlPeople, read_subscription, read_user
from approvals.store.queries import placeholders, read_cursor, write_cursor
from approvals.store.rights import SqlRights


class SqlAdvisers:
    """Satisfies `ports.advisers.Advisers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO advisers (
            user_id, role, password_hash, seed_version, enrolling_version, last_step
        ) VALUES ($1, $2, $3, $4, $5, $6)
    """

    async def add(self, adviser: Adviser) -> None:
        await self._connection.execute(
            self._ADD,
            adviser.user_id,
            adviser.role,
            adviser.password_hash,
            adviser.seed_version,
            adviser.enrolling_version,
            adviser.last_step,
        )

    async def enter(self, colleague: Colleague) -> None:
        """Write the user and the adviser they are, who signs what their role allows."""
        await SqlPeople(self._connection).add_user(colleague.user)
        await self.add(colleague.adviser)
        await SqlRights(self._connection).put(colleague.user.subscription_id, entitlement_of(colleague.adviser))

    async def load(self, user_id: UserId) -> Adviser | None:
        return (await self.of_users([user_id])).get(user_id)

    _OF_USERS: Final = "SELECT * FROM advisers WHERE user_id IN ({users})"

    async def of_users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, Adviser]:
        """Those of these people who are advisers."""
        if not user_ids:
            return {}
        rows = await self._connection.fetch(self._OF_USERS.format(users=placeholders(len(user_ids))), *user_ids)
        return {adviser.user_id: adviser for adviser in map(_adviser, rows)}

    _ALL: Final = "SELECT users.*, advisers.* FROM advisers JOIN users ON users.id = advisers.user_id"

    async def all(self) -> Sequence[Colleague]:
        """Those who left included, by number."""
        rows = await self._connection.fetch(self._ALL)
        colleagues = [Colleague(user=read_user(row), adviser=_adviser(row)) for row in rows]
        return sorted(colleagues, key=lambda colleague: colleague.user.number)

    _PORTFOLIO: Final = """
        SELECT * FROM subscriptions WHERE {conditions} ORDER BY client_identifier LIMIT {limit}
    """

    async def portfolio(self, wanted: PortfolioFilter, after: str | None, limit: int) -> Page[Subscription]:
        """Companies by client identifier. Raises InvalidRequest for a cursor that is none of ours."""
        conditions, values = _narrow(wanted, read_cursor(after, 1)[0] if after else None)
        sql = self._PORTFOLIO.format(conditions=conditions, limit=f"${len(values) + 1}")
        rows = await self._connection.fetch(sql, *values, limit + 1)
        companies = [read_subscription(row) for row in rows[:limit]]
        last = companies[-1].client_identifier if len(rows) > limit else None
        return Page(items=companies, next=None if last is None else write_cursor(last))

    _SAVE: Final = """
        UPDATE advisers
        SET password_hash = $2, seed_version = $3, enrolling_version = $4, last_step = $5
        WHERE user_id = $1
    """

    async def save(self, adviser: Adviser) -> None:
        """Write what enrolment changes: password, authenticator, last step; never the role."""
        await self._connection.execute(
            self._SAVE,
            adviser.user_id,
            adviser.password_hash,
            adviser.seed_version,
            adviser.enrolling_version,
            adviser.last_step,
        )

    _ADVANCE: Final = "UPDATE advisers SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING user_id"

    async def advance(self, user_id: UserId, step: int) -> bool:
        """Use up a time step; False when it, or a later one, was used before: a replay (RULES 26)."""
        return await fetch_one(self._connection, self._ADVANCE, user_id, step) is not None

    _FORGET_CODES: Final = "DELETE FROM recovery_codes WHERE user_id = $1"
    _ADD_CODE: Final = "INSERT INTO recovery_codes (user_id, digest) VALUES ($1, $2)"

    async def replace_recovery_codes(self, user_id: UserId, digests: Sequence[bytes]) -> None:
        """Keep these and forget those before."""
        await self._connection.execute(self._FORGET_CODES, user_id)
        await self._connection.execute_many(self._ADD_CODE, [(user_id, digest) for digest in digests])

    _USE_CODE: Final = """
        UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND digest = $2 AND used_at IS NULL RETURNING digest
    """

    async def use_recovery_code(self, user_id: UserId, digest: bytes, at: datetime) -> bool:
        """Use it up; False when it is not one of theirs, or was used before."""
        return await fetch_one(self._connection, self._USE_CODE, user_id, digest, milliseconds(at)) is not None


_BEGINS: Final = """(
    SUBSTR(client_identifier, 1, LENGTH(CAST({0} AS TEXT))) = {0}
    OR LOWER(SUBSTR(name, 1, LENGTH(CAST({0} AS TEXT)))) = LOWER(CAST({0} AS TEXT))
)"""


def _narrow(wanted: PortfolioFilter, after: str | None) -> tuple[str, list[Value]]:
    """Return the conditions of a portfolio, joined, and their values in order."""
    conditions = ["kind = $1"]
    values: list[Value] = [SubscriptionKind.COMPANY]
    for condition, value in (
        ("adviser_id = {0}", wanted.adviser_id),
        (_BEGINS, wanted.text),
        ("client_identifier > {0}", after),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(f"${len(values)}"))
    return " AND ".join(conditions), values


def _adviser(row: Row) -> Adviser:
    return Adviser(
        user_id=UserId(text(row, "user_id")),
        role=Role(text(row, "role")),
        password_hash=text_or_none(row, "password_hash"),
        seed_version=number(row, "seed_version"),
        enrolling_version=number(row, "enrolling_version"),
        last_step=number(row, "last_step"),
    )
