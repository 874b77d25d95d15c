"""Subscriptions, their people, and who may sign what."""

from collections.abc import Mapping, Sequence
from typing import Final

from approvals.model.ids import AccountId, ActionKind, SubscriptionId, UserId
from approvals.model.person import Language, LegalForm, Subscription, SubscriptionKind, User, UserStatus
from approvals.model.policy import Means
from approvals.store.columns import number, text, text_or_none
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.queries import placeholders

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
        return None if row is None else _subscription(row)

    _SUBSCRIPTION_NAMED: Final = "SELECT * FROM subscriptions WHERE client_identifier = $1"

    async def subscription_named(self, client_identifier: str) -> Subscription | None:
        row = await fetch_one(self._connection, self._SUBSCRIPTION_NAMED, client_identifier)
        return None if row is None else _subscription(row)

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

    async def user(self, user_id: UserId) -> User | None:
        return (await self.users([user_id])).get(user_id)

    _USERS: Final = "SELECT * FROM users WHERE id IN ({users})"

    async def users(self, user_ids: Sequence[UserId]) -> Mapping[UserId, User]:
        """Those that exist, by id."""
        if not user_ids:
            return {}
        rows = await self._connection.fetch(self._USERS.format(users=placeholders(len(user_ids))), *user_ids)
        return {user.id: user for user in map(read_user, rows)}

    _USER_NAMED: Final = """
        SELECT users.* FROM users JOIN subscriptions ON subscriptions.id = users.subscription_id
        WHERE subscriptions.client_identifier = $1 AND users.number = $2
    """

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

    _GIVE_POWER: Final = """
        INSERT INTO powers (user_id, kind, account_id, group_name) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id, kind, (COALESCE(account_id, ''))) DO UPDATE SET group_name = excluded.group_name
    """

    async def give_power(self, user_id: UserId, kind: ActionKind, account_id: AccountId | None, group: str) -> None:
        """The right to sign this kind, on one account or (None) on all and where no account is concerned."""
        await self._connection.execute(self._GIVE_POWER, user_id, kind, account_id, group)

    _POWERS: Final = """
        SELECT powers.user_id, powers.account_id, powers.group_name
        FROM users JOIN powers ON powers.user_id = users.id
        WHERE users.subscription_id = $1 AND users.status = $2 AND powers.kind = $3
            AND (powers.account_id IS NULL OR powers.account_id = $4)
    """

    async def powers(
        self, subscription_id: SubscriptionId, kind: ActionKind, account_id: AccountId | None
    ) -> Mapping[UserId, str]:
        """Active people who may sign this, with their group; a power on the account beats one on all."""
        rows = await self._connection.fetch(self._POWERS, subscription_id, UserStatus.ACTIVE, kind, account_id)
        on_all_first = sorted(rows, key=lambda row: text_or_none(row, "account_id") is not None)
        return {UserId(text(row, "user_id")): text(row, "group_name") for row in on_all_first}


def _subscription(row: Row) -> Subscription:
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
