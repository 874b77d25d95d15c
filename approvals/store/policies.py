"""Who must sign, per subscription, kind and account."""

from typing import Final

from approvals.model.ids import AccountId, ActionKind, SubscriptionId
from approvals.model.policy import Policy
from approvals.store.columns import text
from approvals.store.database import Connection, fetch_one
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
