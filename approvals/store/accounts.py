"""The company's accounts, and the beneficiaries it has registered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from approvals.model.account import Account, Beneficiary
from approvals.model.change import BeneficiaryPut, BeneficiaryRemoved
from approvals.model.ids import AccountId, SubscriptionId
from approvals.store.columns import milliseconds, text, text_or_none, time
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

    _BENEFICIARIES: Final = "SELECT * FROM beneficiaries WHERE subscription_id = $1 ORDER BY iban"

    async def beneficiaries(self, subscription_id: SubscriptionId) -> Sequence[Beneficiary]:
        rows = await self._connection.fetch(self._BENEFICIARIES, subscription_id)
        return [_beneficiary(row) for row in rows]

    _PUT: Final = """
        INSERT INTO beneficiaries (subscription_id, iban, bic, name, registered_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (subscription_id, iban) DO UPDATE SET bic = excluded.bic, name = excluded.name
    """

    async def put_beneficiary(self, change: BeneficiaryPut, at: datetime) -> None:
        """Register it, or write its new name and BIC; it stays registered since when it was."""
        await self._connection.execute(
            self._PUT, change.subscription_id, change.iban, change.bic, change.name, milliseconds(at)
        )

    _REMOVE: Final = "DELETE FROM beneficiaries WHERE subscription_id = $1 AND iban = $2"

    async def remove_beneficiary(self, change: BeneficiaryRemoved) -> None:
        await self._connection.execute(self._REMOVE, change.subscription_id, change.iban)


def _account(row: Row) -> Account:
    return Account(
        id=AccountId(text(row, "id")),
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        iban=text(row, "iban"),
        currency=text(row, "currency"),
        label=text(row, "label"),
    )


def _beneficiary(row: Row) -> Beneficiary:
    return Beneficiary(
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        iban=text(row, "iban"),
        bic=text_or_none(row, "bic"),
        name=text(row, "name"),
        registered_at=time(row, "registered_at"),
    )
