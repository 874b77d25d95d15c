"""Who must sign, per subscription, kind and account."""

from collections.abc import Sequence
from typing import Final

from approvals.model.ids import AccountId, ActionKind, SubscriptionId
from approvals.model.policy import Policy
from approvals.ports.company import PolicyRow
from approvals.store.columns import text, text_or_none
from approvals.store.database import Connection, Row, fetch_one
from approvals.store.documents import read_policy, write


class SqlPolicies:
    """Satisfies `ports.company.Policies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _PUT: Final = """
        INSERT INTO policies (subscription_id, kind, account_id, content) VALUES ($1, $2, $3, $4)
        ON CONFLICT (subscription_id, kind, (COALESCE(account_id, ''))) DO UPDATE SET content = excluded.content
    """

    async def put(
        self,
        subscription_id: SubscriptionId,
        kind: ActionKind,
        account_id: AccountId | None,
        policy: Policy,
    ) -> None:
        await self._connection.execute(self._PUT, subscription_id, kind, account_id, write(policy))

    _OF_SUBSCRIPTION: Final = """
        SELECT policies.kind, policies.content, accounts.iban
        FROM policies LEFT JOIN accounts ON accounts.id = policies.account_id WHERE policies.subscription_id = $1
    """

    async def of_subscription(self, subscription_id: SubscriptionId) -> Sequence[PolicyRow]:
        """By kind, then account. Raises PolicyUnreadable."""
        rows = await self._connection.fetch(self._OF_SUBSCRIPTION, subscription_id)
        return sorted(map(_row, rows), key=lambda row: (row.kind, row.account or ""))

    _ALL: Final = """
        SELECT subscriptions.client_identifier, policies.content
        FROM policies JOIN subscriptions ON subscriptions.id = policies.subscription_id
    """

    async def with_code_on_money(self) -> Sequence[str]:
        """Client identifiers of the companies that keep the CODE key on payments. Raises PolicyUnreadable."""
        rows = await self._connection.fetch(self._ALL)
        return sorted(
            {text(row, "client_identifier") for row in rows if read_policy(text(row, "content")).code_on_money}
        )

    _FIND: Final = """
        SELECT content FROM policies
        WHERE subscription_id = $1 AND kind = $2 AND (account_id IS NULL OR account_id = $3)
        ORDER BY CASE WHEN account_id IS NULL THEN 1 ELSE 0 END LIMIT 1
    """

    async def find(
        self, subscription_id: SubscriptionId, kind: ActionKind, account_id: AccountId | None
    ) -> Policy | None:
        """The account's own policy, else the kind's. Raises PolicyUnreadable (fails closed)."""
        row = await fetch_one(self._connection, self._FIND, subscription_id, kind, account_id)
        return None if row is None else read_policy(text(row, "content"))


def _row(row: Row) -> PolicyRow:
    return PolicyRow(
        kind=ActionKind(text(row, "kind")),
        account=text_or_none(row, "iban"),
        policy=read_policy(text(row, "content")),
    )
