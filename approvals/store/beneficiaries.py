"""The accounts a company pays: registered, changed, removed, and walked in pages however many there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from approvals.model.account import Beneficiary
from approvals.model.change import BeneficiaryPut, BeneficiaryRemoved
from approvals.model.ids import SubscriptionId
from approvals.model.page import Page
from approvals.ports.company import BeneficiaryQuery
from approvals.store.columns import milliseconds, text, text_or_none, time
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.payees import fold
from approvals.store.queries import beginning, holding, placeholders, read_cursor, write_cursor


class SqlBeneficiaries:
    """Satisfies `ports.company.Beneficiaries`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _FIND: Final = "SELECT * FROM beneficiaries WHERE subscription_id = $1 AND iban = $2"

    async def find(self, subscription_id: SubscriptionId, iban: str) -> Beneficiary | None:
        row = await fetch_one(self._connection, self._FIND, subscription_id, iban)
        return None if row is None else (await self._with_lists([_beneficiary(row)]))[0]

    _ALL: Final = "SELECT * FROM beneficiaries WHERE subscription_id = $1 ORDER BY iban"

    async def all(self, subscription_id: SubscriptionId) -> Sequence[Beneficiary]:
        rows = await self._connection.fetch(self._ALL, subscription_id)
        return [_beneficiary(row) for row in rows]

    _BROWSE: Final = """
        SELECT * FROM beneficiaries WHERE subscription_id = $1 {conditions} ORDER BY name_folded, iban LIMIT $2
    """
    _HOLDS: Final = "AND (name_folded LIKE {} ESCAPE '!' OR iban LIKE {} ESCAPE '!')"
    _LISTED: Final = """
        AND iban IN (SELECT iban FROM beneficiary_list_members WHERE subscription_id = $1 AND list_name = {})
    """
    _AFTER: Final = "AND (name_folded, iban) > ({})"

    async def browse(self, query: BeneficiaryQuery, after: str | None, limit: int) -> Page[Beneficiary]:
        """Raises InvalidRequest for a cursor that is none of this list's."""
        values: list[Value] = [query.subscription_id, limit + 1]
        conditions = ""
        if query.text is not None:
            conditions += self._HOLDS.format(f"${len(values) + 1}", f"${len(values) + 2}")
            values += [holding(fold(query.text)), beginning("".join(query.text.split()).upper())]
        if query.list is not None:
            conditions += self._LISTED.format(f"${len(values) + 1}")
            values.append(query.list)
        if after is not None:
            conditions += self._AFTER.format(placeholders(2, first=len(values) + 1))
            values += read_cursor(after, 2)
        rows = await self._connection.fetch(self._BROWSE.format(conditions=conditions), *values)
        page = await self._with_lists([_beneficiary(row) for row in rows[:limit]])
        return Page(items=page, next=_cursor(rows[limit - 1]) if len(rows) > limit else None)

    _LISTS: Final = """
        SELECT DISTINCT list_name FROM beneficiary_list_members WHERE subscription_id = $1 ORDER BY list_name
    """

    async def lists(self, subscription_id: SubscriptionId) -> Sequence[str]:
        return [text(row, "list_name") for row in await self._connection.fetch(self._LISTS, subscription_id)]

    _PUT: Final = """
        INSERT INTO beneficiaries (subscription_id, iban, bic, name, name_folded, registered_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (subscription_id, iban)
        DO UPDATE SET bic = excluded.bic, name = excluded.name, name_folded = excluded.name_folded
    """
    _JOIN: Final = "INSERT INTO beneficiary_list_members (subscription_id, list_name, iban) VALUES ($1, $2, $3)"

    async def put(self, change: BeneficiaryPut, at: datetime) -> None:
        """Register it, or write its new name, BIC and lists; it stays registered since when it was."""
        subscription_id, iban = change.subscription_id, change.iban
        await self._connection.execute(
            self._PUT, subscription_id, iban, change.bic, change.name, fold(change.name), milliseconds(at)
        )
        await self._connection.execute(self._LEAVE, subscription_id, iban)
        await self._connection.execute_many(self._JOIN, [(subscription_id, each, iban) for each in change.lists])

    _LEAVE: Final = "DELETE FROM beneficiary_list_members WHERE subscription_id = $1 AND iban = $2"
    _REMOVE: Final = "DELETE FROM beneficiaries WHERE subscription_id = $1 AND iban = $2"

    async def remove(self, change: BeneficiaryRemoved) -> None:
        await self._connection.execute(self._LEAVE, change.subscription_id, change.iban)
        await self._connection.execute(self._REMOVE, change.subscription_id, change.iban)

    _MEMBERSHIPS: Final = """
        SELECT iban, list_name FROM beneficiary_list_members
        WHERE subscription_id = $1 AND iban IN ({ibans}) ORDER BY list_name
    """

    async def _with_lists(self, beneficiaries: Sequence[Beneficiary]) -> list[Beneficiary]:
        """Add the lists of beneficiaries of one subscription, in one query."""
        lists = await self._lists_of(beneficiaries) if beneficiaries else {}
        return [replace(each, lists=tuple(lists.get(each.iban, ()))) for each in beneficiaries]

    async def _lists_of(self, beneficiaries: Sequence[Beneficiary]) -> Mapping[str, Sequence[str]]:
        sql = self._MEMBERSHIPS.format(ibans=placeholders(len(beneficiaries), first=2))
        ibans = [each.iban for each in beneficiaries]
        lists: defaultdict[str, list[str]] = defaultdict(list)
        for row in await self._connection.fetch(sql, beneficiaries[0].subscription_id, *ibans):
            lists[text(row, "iban")].append(text(row, "list_name"))
        return lists


def _cursor(row: Row) -> str:
    return write_cursor(text(row, "name_folded"), text(row, "iban"))


def _beneficiary(row: Row) -> Beneficiary:
    return Beneficiary(
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        iban=text(row, "iban"),
        bic=text_or_none(row, "bic"),
        name=text(row, "name"),
        registered_at=time(row, "registered_at"),
    )
