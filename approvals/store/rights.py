"""Entitlements, substitutions, what ceilings were used for, and which reviews of rights are due."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from approvals.errors import StaleVersion
from approvals.model.entitlement import Entitlement, Substitution
from approvals.model.ids import ActionId, ActionKind, SubscriptionId, SubstitutionId, UserId
from approvals.model.person import UserStatus
from approvals.ports.rights import Review, Use
from approvals.rights import CompanyRights
from approvals.store.columns import milliseconds, number, text, text_or_none, time
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.documents import read_entitlement, write
from approvals.store.queries import placeholders


class SqlRights:
    """Satisfies `ports.rights.Rights`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # One statement, since every answer runs it; whoever stands in for several people comes once for each.
    _OF_SUBSCRIPTION: Final = """
        SELECT entitlements.*, substitutions.id, substitutions.absent_id, substitutions.substitute_id,
            substitutions.first_day, substitutions.last_day
        FROM entitlements JOIN users ON users.id = entitlements.user_id
            LEFT JOIN substitutions ON substitutions.substitute_id = entitlements.user_id
        WHERE entitlements.subscription_id = $1 AND users.status = $2
    """

    async def of_subscription(self, subscription_id: SubscriptionId) -> CompanyRights:
        """What the company's active people may do."""
        rows = await self._connection.fetch(self._OF_SUBSCRIPTION, subscription_id, UserStatus.ACTIVE)
        found = [_substitution(row) for row in rows if text_or_none(row, "id") is not None]
        return CompanyRights(
            entitlements={UserId(text(row, "user_id")): _entitlement(row) for row in rows},
            substitutions=sorted(found, key=lambda each: each.id),
        )

    async def of_user(self, user_id: UserId) -> Entitlement:
        """Whatever their status; of version 0 for somebody who never had one."""
        return (await self.of_users([user_id])).get(user_id) or Entitlement(user_id=user_id)

    _OF_USERS: Final = "SELECT * FROM entitlements WHERE user_id IN ({users})"

    async def of_users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, Entitlement]:
        """Whatever their status; of those who have one."""
        if not user_ids:
            return {}
        rows = await self._connection.fetch(self._OF_USERS.format(users=placeholders(len(user_ids))), *user_ids)
        return {each.user_id: each for each in map(_entitlement, rows)}

    _ADD: Final = """
        INSERT INTO entitlements (user_id, subscription_id, content, version) VALUES ($1, $2, $3, 1)
        ON CONFLICT (user_id) DO NOTHING RETURNING version
    """
    _SAVE: Final = """
        UPDATE entitlements SET content = $2, version = version + 1 WHERE user_id = $1 AND version = $3
        RETURNING version
    """

    async def put(self, subscription_id: SubscriptionId, entitlement: Entitlement) -> bool:
        """Write it over the one of its version (0 for none); False when somebody changed that meanwhile."""
        user_id, content = entitlement.user_id, write(replace(entitlement, version=0))
        if entitlement.version == 0:
            row = await fetch_one(self._connection, self._ADD, user_id, subscription_id, content)
        else:
            row = await fetch_one(self._connection, self._SAVE, user_id, content, entitlement.version)
        return row is not None

    # --- substitutes --------------------------------------------------------------------------------------

    _SUBSTITUTIONS: Final = "SELECT * FROM substitutions WHERE subscription_id = $1 ORDER BY first_day, id"

    async def substitutions(self, subscription_id: SubscriptionId) -> Sequence[Substitution]:
        """Past ones included, by first day."""
        return [_substitution(row) for row in await self._connection.fetch(self._SUBSTITUTIONS, subscription_id)]

    _ADD_SUBSTITUTION: Final = """
        INSERT INTO substitutions (id, subscription_id, absent_id, substitute_id, first_day, last_day)
        VALUES ($1, $2, $3, $4, $5, $6)
    """

    async def add_substitution(self, each: Substitution) -> None:
        await self._connection.execute(
            self._ADD_SUBSTITUTION,
            each.id,
            each.subscription_id,
            each.absent_id,
            each.substitute_id,
            each.first_day.isoformat(),
            each.last_day.isoformat(),
        )

    _END_SUBSTITUTION: Final = "DELETE FROM substitutions WHERE id = $1 RETURNING id"

    async def end_substitution(self, substitution_id: SubstitutionId) -> bool:
        """False when it was ended before."""
        return await fetch_one(self._connection, self._END_SUBSTITUTION, substitution_id) is not None

    # --- ceilings -----------------------------------------------------------------------------------------

    _BEGIN_USE: Final = """
        INSERT INTO ceiling_uses (user_id, kind, account, day, used) VALUES ($1, $2, $3, $4, 0)
        ON CONFLICT (user_id, kind, account, day) DO NOTHING
    """
    _MOVE: Final = """
        UPDATE ceiling_uses SET used = used + $5
        WHERE user_id = $1 AND kind = $2 AND account = $3 AND day = $4 AND used + $5 <= $6 RETURNING used
    """

    async def use(self, use: Use, amount: int, limit: int) -> bool:
        """Add so much to the day's sum; False, and nothing moved, where that would pass the limit (RULES 18)."""
        key = (use.user_id, use.kind, use.account, use.day.isoformat())
        await self._connection.execute(self._BEGIN_USE, *key)
        return await fetch_one(self._connection, self._MOVE, *key, amount, limit) is not None

    _USED: Final = "SELECT used FROM ceiling_uses WHERE user_id = $1 AND kind = $2 AND account = $3 AND day = $4"

    async def used(self, use: Use) -> int:
        row = await fetch_one(self._connection, self._USED, use.user_id, use.kind, use.account, use.day.isoformat())
        return 0 if row is None else number(row, "used")

    _USED_ON: Final = "SELECT * FROM ceiling_uses WHERE day = $1 AND user_id IN ({users})"

    async def used_on(self, day: date, user_ids: Sequence[UserId]) -> Mapping[Use, int]:
        """What these people's ceilings were used for on one day."""
        if not user_ids:
            return {}
        sql = self._USED_ON.format(users=placeholders(len(user_ids), first=2))
        rows = await self._connection.fetch(sql, day.isoformat(), *user_ids)
        return {_use(row): number(row, "used") for row in rows}

    # --- reviews ------------------------------------------------------------------------------------------

    _PLAN_REVIEW: Final = """
        INSERT INTO rights_reviews (subscription_id, due_at, after) VALUES ($1, $2, $3)
        ON CONFLICT (subscription_id, due_at) DO UPDATE SET
            after = CASE WHEN excluded.after < rights_reviews.after THEN excluded.after ELSE rights_reviews.after END
    """

    async def plan_review(self, review: Review) -> None:
        """Two that fall on one moment are one, which begins where the earlier would."""
        await self._connection.execute(
            self._PLAN_REVIEW, review.subscription_id, milliseconds(review.due_at), review.after or ""
        )

    _DUE_REVIEWS: Final = "SELECT * FROM rights_reviews WHERE due_at <= $1 ORDER BY due_at LIMIT $2"

    async def due_reviews(self, now: datetime, limit: int) -> Sequence[Review]:
        rows = await self._connection.fetch(self._DUE_REVIEWS, milliseconds(now), limit)
        return [_review(row) for row in rows]

    _FINISH_REVIEW: Final = """
        DELETE FROM rights_reviews WHERE subscription_id = $1 AND due_at = $2 AND after = $3 RETURNING after
    """

    async def finish_review(self, review: Review) -> None:
        """Raises StaleVersion when another node did it meanwhile."""
        after = review.after or ""
        row = await fetch_one(
            self._connection, self._FINISH_REVIEW, review.subscription_id, milliseconds(review.due_at), after
        )
        if row is None:
            raise StaleVersion("another node made this review")


def _entitlement(row: Row) -> Entitlement:
    return replace(read_entitlement(text(row, "content")), version=number(row, "version"))


def _use(row: Row) -> Use:
    return Use(
        user_id=UserId(text(row, "user_id")),
        kind=ActionKind(text(row, "kind")),
        account=text(row, "account"),
        day=date.fromisoformat(text(row, "day")),
    )


def _substitution(row: Row) -> Substitution:
    return Substitution(
        id=SubstitutionId(text(row, "id")),
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        absent_id=UserId(text(row, "absent_id")),
        substitute_id=UserId(text(row, "substitute_id")),
        first_day=date.fromisoformat(text(row, "first_day")),
        last_day=date.fromisoformat(text(row, "last_day")),
    )


def _review(row: Row) -> Review:
    after = text(row, "after")
    return Review(
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        due_at=time(row, "due_at"),
        after=ActionId(after) if after else None,
    )
