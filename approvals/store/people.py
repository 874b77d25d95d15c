"""Subscriptions and their people."""

from collections.abc import Mapping, Sequence
from typing import Final

from approvals.model.card import Card
from approvals.model.ids import SubscriptionId, UserId
from approvals.model.page import Page
from approvals.model.person import Language, LegalForm, Subscription, SubscriptionKind, User, UserStatus
from approvals.model.policy import Means
from approvals.store.cards import CARD_COLUMNS, read_card
from approvals.store.columns import Part, number, text, text_or_none
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.queries import joined, placeholders, read_cursor, write_cursor

USER_COLUMNS: Final = (
    "id",
    "subscription_id",
    "number",
    "name",
    "language",
    "status",
    "is_main",
    "code_hash",
    "attempts_left",
    "version",
)
_CARD: Final = joined("cards", CARD_COLUMNS)


class SqlPeople:
    """Satisfies `ports.company.People`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD_SUBSCRIPTION: Final = """
        INSERT INTO subscriptions (
            id, client_identifier, name, siren, kind, legal_form, adviser_id, has_sol, means
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """

    async def add_subscription(self, subscription: Subscription) -> None:
        await self._connection.execute(
            self._ADD_SUBSCRIPTION,
            subscription.id,
            subscription.client_identifier,
            subscription.name,
            subscription.siren,
            subscription.kind,
            subscription.legal_form,
            subscription.adviser_id,
            int(subscription.has_sol),
            " ".join(sorted(subscription.means)),
        )

    _SUBSCRIPTION: Final = "SELECT * FROM subscriptions WHERE id = $1"

    async def subscription(self, subscription_id: SubscriptionId) -> Subscription | None:
        row = await fetch_one(self._connection, self._SUBSCRIPTION, subscription_id)
        return None if row is None else read_subscription(row)

    _SUBSCRIPTION_NAMED: Final = "SELECT * FROM subscriptions WHERE client_identifier = $1"

    async def subscription_named(self, client_identifier: str) -> Subscription | None:
        row = await fetch_one(self._connection, self._SUBSCRIPTION_NAMED, client_identifier)
        return None if row is None else read_subscription(row)

    _ADD_USER: Final = """
        INSERT INTO users (
            id, subscription_id, number, name, language, status, is_main, code_hash, attempts_left, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    """

    async def add_user(self, user: User) -> None:
        await self._connection.execute(
            self._ADD_USER,
            user.id,
            user.subscription_id,
            user.number,
            user.name,
            user.language,
            user.status,
            int(user.is_main),
            user.code_hash,
            user.attempts_left,
            user.version,
        )

    async def invite_user(self, user: User) -> bool:
        """False, and nothing written, where the subscription has the number already."""
        if await fetch_one(self._connection, self._NUMBERED, user.subscription_id, user.number) is not None:
            return False
        await self.add_user(user)
        return True

    _NUMBERED: Final = "SELECT * FROM users WHERE subscription_id = $1 AND number = $2"

    async def user(self, user_id: UserId) -> User | None:
        return (await self.users([user_id])).get(user_id)

    _BROWSE: Final = "SELECT * FROM users WHERE {conditions} ORDER BY number LIMIT {limit}"

    async def browse(
        self, company: SubscriptionId, *, status: UserStatus | None, number: str | None, after: str | None, limit: int
    ) -> Page[User]:
        """The company's people by number, narrowed. Raises InvalidRequest for a cursor that is none of ours."""
        last = None if after is None else read_cursor(after, 1)[0]
        asked = {"subscription_id =": company, "status =": status, "number =": number, "number >": last}
        narrowing = {condition: value for condition, value in asked.items() if value is not None}
        conditions = " AND ".join(f"{condition} ${n}" for n, condition in enumerate(narrowing, start=1))
        sql = self._BROWSE.format(conditions=conditions, limit=f"${len(narrowing) + 1}")
        found = [read_user(row) for row in await self._connection.fetch(sql, *narrowing.values(), limit + 1)]
        return Page(items=found[:limit], next=write_cursor(found[limit - 1].number) if len(found) > limit else None)

    _USERS: Final = "SELECT * FROM users WHERE id IN ({users})"

    async def users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, User]:
        """Those that exist, by id."""
        if not user_ids:
            return {}
        rows = await self._connection.fetch(self._USERS.format(users=placeholders(len(user_ids))), *user_ids)
        return {user.id: user for user in map(read_user, rows)}

    _WITH_CARDS: Final = """
        SELECT users.*, {cards} FROM users LEFT JOIN cards ON cards.user_id = users.id WHERE users.id IN ({users})
    """

    async def with_cards(self, user_ids: Sequence[UserId]) -> tuple[Mapping[UserId, User], Sequence[Card]]:
        """The same, and all their cards, by id."""
        if not user_ids:
            return {}, []
        sql = self._WITH_CARDS.format(cards=_CARD, users=placeholders(len(user_ids)))
        rows = await self._connection.fetch(sql, *user_ids)
        cards = [read_card(Part(row, "cards")) for row in rows if row["cards_id"] is not None]
        return {user.id: user for user in map(read_user, rows)}, sorted(cards, key=lambda card: card.id)

    _USER_NAMED: Final = """
        SELECT users.* FROM users JOIN subscriptions ON subscriptions.id = users.subscription_id
        WHERE subscriptions.client_identifier = $1 AND users.number = $2
    """

    _OF_SUBSCRIPTION: Final = "SELECT * FROM users WHERE subscription_id = $1"

    async def of_subscription(self, subscription_id: SubscriptionId) -> Sequence[User]:
        """Everybody of a company, those who left included, by number."""
        rows = await self._connection.fetch(self._OF_SUBSCRIPTION, subscription_id)
        return sorted(map(read_user, rows), key=lambda user: user.number)

    async def user_named(self, client_identifier: str, number: str) -> User | None:
        row = await fetch_one(self._connection, self._USER_NAMED, client_identifier, number)
        return None if row is None else read_user(row)

    _SAVE_USER: Final = """
        UPDATE users
        SET status = $3, code_hash = $4, attempts_left = $5, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def save_user(self, user: User) -> None:
        """Write status, code, counters, version raised. Raises StaleVersion."""
        await self._connection.change(
            self._SAVE_USER,
            user.id,
            user.version,
            user.status,
            user.code_hash,
            user.attempts_left,
            stale="the user was saved by somebody else",
        )

    _VOID_CODE: Final = "UPDATE users SET code_hash = NULL, version = version + 1 WHERE id = $1"

    async def void_code(self, user_id: UserId) -> None:
        """No code is right for this person any more."""
        await self._connection.execute(self._VOID_CODE, user_id)


def read_subscription(row: Row) -> Subscription:
    """Return the subscription of a row that holds all columns of `subscriptions`."""
    adviser_id = text_or_none(row, "adviser_id")
    return Subscription(
        id=SubscriptionId(text(row, "id")),
        client_identifier=text(row, "client_identifier"),
        name=text(row, "name"),
        siren=text(row, "siren"),
        kind=SubscriptionKind(text(row, "kind")),
        legal_form=LegalForm(text(row, "legal_form")),
        adviser_id=None if adviser_id is None else UserId(adviser_id),
        has_sol=bool(number(row, "has_sol")),
        means=frozenset(map(Means, text(row, "means").split())),
    )


def read_user(row: Row) -> User:
    """Return the user of a row that holds all columns of `users`."""
    return User(
        id=UserId(text(row, "id")),
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        number=text(row, "number"),
        name=text(row, "name"),
        language=Language(text(row, "language")),
        status=UserStatus(text(row, "status")),
        is_main=bool(number(row, "is_main")),
        code_hash=text_or_none(row, "code_hash"),
        attempts_left=number(row, "attempts_left"),
        version=number(row, "version"),
    )
