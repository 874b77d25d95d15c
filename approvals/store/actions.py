"""Actions and the bundles that tie those of one file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from approvals.errors import InvalidRequest, RestoreUnfinished, StaleVersion
from approvals.model.action import Action, ActionStatus, Bundle
from approvals.model.challenge import Challenge
from approvals.model.ids import (
    AccountId,
    ActionId,
    ActionKind,
    BundleId,
    ChallengeId,
    LoginId,
    SubscriptionId,
    UploadId,
    UserId,
)
from approvals.model.opener import Opener
from approvals.model.page import Page
from approvals.ports.actions import ActionFilter
from approvals.store.challenges import CHALLENGE_COLUMNS, read_challenge
from approvals.store.columns import (
    Part,
    milliseconds,
    milliseconds_or_none,
    number,
    text,
    text_or_none,
    time,
    time_or_none,
)
from approvals.store.database import Connection, Row, Value, fetch_one
from approvals.store.documents import read_facts, read_policy, write
from approvals.store.house import SqlHouse
from approvals.store.queries import joined, placeholders, read_cursor, write_cursor

_SIGNERS: Final = "SELECT challenges.user_id FROM challenges WHERE challenges.action_id = actions.id"
_CHALLENGE: Final = joined("challenges", CHALLENGE_COLUMNS)
_LIVE: Final = (ActionStatus.PENDING, ActionStatus.APPROVED, ActionStatus.RELEASED)


class SqlActions:
    """Satisfies `ports.actions.Actions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    _ADD: Final = """
        INSERT INTO actions (
            id, subscription_id, kind, status, initiator, opened_by, facts, statement_digest, payload_digest,
            policy, created_at, expires_at, account_id, reference, bundle_id, upload_id, ended_at, reason, version,
            login_id, audit_lines
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
    """

    async def add(self, action: Action, *, lines: int = 0) -> None:
        await self._connection.execute(
            self._ADD,
            action.id,
            action.subscription_id,
            action.kind,
            action.status,
            action.initiator,
            action.opened_by,
            write(action.facts),
            action.statement_digest,
            action.payload_digest,
            write(action.policy),
            milliseconds(action.created_at),
            milliseconds(action.expires_at),
            action.account_id,
            action.reference,
            action.bundle_id,
            action.upload_id,
            milliseconds_or_none(action.ended_at),
            action.reason,
            action.version,
            action.login_id,
            lines,
        )

    _LOAD: Final = "SELECT * FROM actions WHERE id = $1"

    async def load(self, action_id: ActionId) -> Action | None:
        row = await fetch_one(self._connection, self._LOAD, action_id)
        return None if row is None else _action(row)

    _WITH_CHALLENGES: Final = """
        SELECT actions.*, {challenges} FROM actions LEFT JOIN challenges ON challenges.action_id = actions.id
        WHERE actions.id IN ({actions})
    """

    async def with_challenges(self, action_ids: Sequence[ActionId]) -> Sequence[tuple[Action, tuple[Challenge, ...]]]:
        """Those that exist, by id, each with its challenges, by id: most looks at an action want both."""
        if not action_ids:
            return []
        sql = self._WITH_CHALLENGES.format(challenges=_CHALLENGE, actions=placeholders(len(action_ids)))
        rows = await self._connection.fetch(sql, *action_ids)
        of_action: dict[str, list[Row]] = {}
        for row in rows:
            of_action.setdefault(text(row, "id"), []).append(row)
        return [(_action(of_action[key][0]), _challenges(of_action[key])) for key in sorted(of_action)]

    _OF_CHALLENGE: Final = """
        SELECT actions.*, {challenges} FROM challenges AS asked
        JOIN actions ON actions.id = asked.action_id JOIN challenges ON challenges.action_id = actions.id
        WHERE asked.id = $1
    """.replace("{challenges}", _CHALLENGE)

    async def of_challenge(self, challenge_id: ChallengeId) -> tuple[Action, tuple[Challenge, ...]] | None:
        """The action a challenge belongs to, with all its challenges, by id: what an answer looks at."""
        rows = await self._connection.fetch(self._OF_CHALLENGE, challenge_id)
        return (_action(rows[0]), _challenges(rows)) if rows else None

    _COMPANY: Final = "SELECT subscription_id FROM actions WHERE id = $1"

    async def company(self, action_id: ActionId) -> SubscriptionId | None:
        """Whose action it is."""
        row = await fetch_one(self._connection, self._COMPANY, action_id)
        return None if row is None else SubscriptionId(text(row, "subscription_id"))

    # Refused here rather than asked for beforehand: the statement every approval runs costs no further one.
    _SAVE: Final = """
        UPDATE actions
        SET status = $3, reason = $4, ended_at = $5, audit_lines = audit_lines + $6, version = version + 1
        WHERE id = $1 AND version = $2 AND NOT EXISTS (SELECT 1 FROM house WHERE name = 'restoring')
        RETURNING version
    """

    async def save(self, action: Action, *, lines: int = 0) -> Action:
        """Write status, reason and end, and take numbers for `lines` audit lines; raise its version (RULES 1).

        Raises StaleVersion, and RestoreUnfinished while nobody knows what became of it after the backup (RULES 30).
        """
        try:
            await self._write(self._SAVE, action, lines)
        except StaleVersion:
            if await SqlHouse(self._connection).restoring() is not None:
                raise RestoreUnfinished("the bank is coming back from a backup: try again later") from None
            raise
        return replace(action, version=action.version + 1)

    _RECONCILE: Final = """
        UPDATE actions SET status = $3, reason = $4, ended_at = $5, version = version + 1
        WHERE id = $1 AND version = $2 RETURNING version
    """

    async def reconcile(self, action: Action) -> Action:
        """The same for an action found again at the core while a restore is unfinished. Raises StaleVersion."""
        await self._write(self._RECONCILE, action)
        return replace(action, version=action.version + 1)

    async def _write(self, sql: str, action: Action, *more: Value) -> None:
        await self._connection.change(
            sql,
            action.id,
            action.version,
            action.status,
            action.reason,
            milliseconds_or_none(action.ended_at),
            *more,
            stale="the action was saved by somebody else",
        )

    _BROWSE: Final = """
        SELECT * FROM actions WHERE {conditions} ORDER BY created_at DESC, id DESC LIMIT {limit}
    """

    async def browse(self, wanted: ActionFilter, after: str | None, limit: int) -> Page[Action]:
        """Newest first. Raises InvalidRequest for a cursor that is none of ours."""
        conditions, values = _narrow(wanted, after)
        sql = self._BROWSE.format(conditions=conditions, limit=f"${len(values) + 1}")
        rows = await self._connection.fetch(sql, *values, limit + 1)
        actions = [_action(row) for row in rows[:limit]]
        more = len(rows) > limit
        return Page(items=actions, next=_cursor(actions[-1]) if more else None)

    # The word stands in the text: the index of pending actions serves no parameter.
    _PENDING: Final = """
        SELECT * FROM actions WHERE subscription_id = $1 AND status = 'pending' AND id > $2 ORDER BY id LIMIT $3
    """

    async def pending(self, subscription_id: SubscriptionId, after: ActionId | None, limit: int) -> Sequence[Action]:
        """The company's pending actions, by id."""
        rows = await self._connection.fetch(self._PENDING, subscription_id, after or "", limit)
        return [_action(row) for row in rows]

    _OVERDUE: Final = """
        SELECT id FROM actions WHERE status = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3
    """

    async def overdue(self, now: datetime, limit: int) -> Sequence[ActionId]:
        rows = await self._connection.fetch(self._OVERDUE, ActionStatus.PENDING, milliseconds(now), limit)
        return [ActionId(text(row, "id")) for row in rows]

    _COUNT: Final = "SELECT COUNT(*) AS found FROM actions WHERE status = $1"

    async def count(self, status: ActionStatus) -> int:
        (row,) = await self._connection.fetch(self._COUNT, status)
        return number(row, "found")

    _UNSETTLED: Final = "SELECT id FROM actions WHERE status IN ($1, $2)"

    async def unsettled(self) -> Sequence[ActionId]:
        """Pending and approved actions, by id: what may have gone on after a backup."""
        rows = await self._connection.fetch(self._UNSETTLED, ActionStatus.PENDING, ActionStatus.APPROVED)
        return sorted(ActionId(text(row, "id")) for row in rows)

    _ADD_BUNDLE: Final = """
        INSERT INTO bundles (id, subscription_id, upload_id, initiating_party, message_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
    """

    async def add_bundle(self, bundle: Bundle) -> None:
        await self._connection.execute(
            self._ADD_BUNDLE,
            bundle.id,
            bundle.subscription_id,
            bundle.upload_id,
            bundle.initiating_party,
            bundle.message_id,
            milliseconds(bundle.created_at),
        )

    _LIVE_BUNDLE: Final = """
        SELECT bundles.id FROM bundles JOIN actions ON actions.bundle_id = bundles.id
        WHERE bundles.subscription_id = $1 AND bundles.initiating_party = $2 AND bundles.message_id = $3
            AND actions.status IN ($4, $5, $6)
        LIMIT 1
    """

    async def live_bundle(
        self, subscription_id: SubscriptionId, initiating_party: str, message_id: str
    ) -> BundleId | None:
        """Read in the transaction that adds the next bundle: the isolation lets only one of two get through."""
        row = await fetch_one(
            self._connection, self._LIVE_BUNDLE, subscription_id, initiating_party, message_id, *_LIVE
        )
        return None if row is None else BundleId(text(row, "id"))


def _narrow(wanted: ActionFilter, after: str | None) -> tuple[str, list[Value]]:
    """Return the conditions of a browse, joined, and their values in order."""
    asked: list[tuple[str, Sequence[Value]]] = [
        ("subscription_id = {}", (wanted.subscription_id,)),
        ("opened_by = {}", (wanted.opened_by,)),
        ("status = {}", (wanted.status,)),
        ("kind = {}", (wanted.kind,)),
        ("bundle_id = {}", (wanted.bundle_id,)),
        (
            f"{{}} IN ({_SIGNERS})",
            (wanted.signer,),
        ),
        (
            f"{{}} IN (SELECT actions.initiator UNION ALL {_SIGNERS})",
            (wanted.concerning,),
        ),
    ]
    conditions = ["1 = 1"]
    values: list[Value] = []
    for condition, operands in [*asked, *_from(after)]:
        if None not in operands:
            conditions.append(condition.format(placeholders(len(operands), first=len(values) + 1)))
            values.extend(operands)
    return " AND ".join(conditions), values


def _from(after: str | None) -> list[tuple[str, Sequence[Value]]]:
    if after is None:
        return []
    created_at, action_id = read_cursor(after, 2)
    if not created_at.isdecimal():
        raise InvalidRequest("not a cursor of this list", field="after")
    return [("(created_at, id) < ({})", (int(created_at), action_id))]


def _challenges(rows: Sequence[Row]) -> tuple[Challenge, ...]:
    parts = [Part(row, "challenges") for row in rows if row["challenges_id"] is not None]
    return tuple(sorted(map(read_challenge, parts), key=lambda challenge: challenge.id))


def _cursor(action: Action) -> str:
    return write_cursor(milliseconds(action.created_at), action.id)


def _action(row: Row) -> Action:
    account_id = text_or_none(row, "account_id")
    bundle_id = text_or_none(row, "bundle_id")
    upload_id = text_or_none(row, "upload_id")
    login_id = text_or_none(row, "login_id")
    return Action(
        id=ActionId(text(row, "id")),
        subscription_id=SubscriptionId(text(row, "subscription_id")),
        kind=ActionKind(text(row, "kind")),
        status=ActionStatus(text(row, "status")),
        initiator=UserId(text(row, "initiator")),
        opened_by=Opener(text(row, "opened_by")),
        facts=read_facts(text(row, "facts")),
        statement_digest=text(row, "statement_digest"),
        payload_digest=text(row, "payload_digest"),
        policy=read_policy(text(row, "policy")),
        created_at=time(row, "created_at"),
        expires_at=time(row, "expires_at"),
        account_id=None if account_id is None else AccountId(account_id),
        reference=text_or_none(row, "reference"),
        bundle_id=None if bundle_id is None else BundleId(bundle_id),
        upload_id=None if upload_id is None else UploadId(upload_id),
        login_id=None if login_id is None else LoginId(login_id),
        ended_at=time_or_none(row, "ended_at"),
        reason=text_or_none(row, "reason"),
        version=number(row, "version"),
    )
