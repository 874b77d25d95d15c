"""The company's own accounts."""

from collections.abc import Sequence
from typing import Final

from approvals.model.account import Account
from approvals.model.ids import AccountId, SubscriptionId
from approvals.store.columns import text
from approvals.store.database import Connection, Row, fetch_one


class SqlAccounts:
    """Satisfies `ports.company.Accounts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO accounts (id, subscription_id, iban, currency, label) VALUES ($1, $2, $3, $4, $5)
    """

    async def add(self, account: Account) -> None:
        await self._connection.execute(
            self._ADD, account.id, account.subscription_id, account.iban, account.currency, account.label
        )

    _WITH_IBAN: Final = "SELECT * FROM accounts WHERE iban = $1"

    async def with_iban(self, iban: str) -> Account | None:
        row = await fetch_one(self._connection, self._WITH_IBAN, iban)
        return None if row is None else _account(row)

    _LOAD: Final = "SELECT * FROM accounts WHERE id = $1"

    async def load(self, account_id: AccountId) -> Account | None:
        row = await fetch_one(self._connection, self._LOAD, account_id)
        return None if row is None else _account(row)

    _OF_SUBSCRIPTION: Final = "SELECT * FROM accounts WHERE subscription_id = $1 ORDER BY iban"

    async def of_subscription(self, subscription_id: SubscriptionId) -> Sequence[Account]:
        rows = await self._connection.fetch(self._OF_SUBSCRIPTION, subscription_id)
        return [_account(row) for row in rows]


def _account(row: Row) -> Account:
    return Account(
        id=AccountId(text(row, "id")),
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        iban=text(row, "iban"),
        currency=text(row, "currency"),
        label=text(row, "label"),
    )
