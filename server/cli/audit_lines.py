"""The command `audit list`: what operators read of the audit."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from approvals import statement
from approvals.desk.audit_reading import AuditReading
from approvals.model.audit import AuditEntry
from approvals.model.ids import ActionId, UserId
from approvals.ports.audit_lines import AuditFilter
from server.cli.config import ConfigOption, read_settings
from server.cli.house import open_house
from server.cli.screen import moment, show_table
from server.settings import Settings

_DAY = "%Y-%m-%d"


def show(  # one option a filter
    *,
    action: Annotated[str | None, typer.Option("--action", metavar="ID", help="Lines of one action.")] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="ID", help="What one person did.")] = None,
    code: Annotated[str | None, typer.Option("--code", metavar="CODE", help="Lines of one code.")] = None,
    since: Annotated[datetime | None, typer.Option("--since", formats=[_DAY], help="From this day on, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=[_DAY], help="Before this day, UTC.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most, newest first.")] = 100,
    config: ConfigOption = None,
) -> None:
    """List lines of the audit, newest first; times in UTC.

    Examples: `contreseing audit list --code signed_in --since 2026-11-23`, `contreseing audit list --action act_1`
    """
    wanted = AuditFilter(
        action_id=ActionId(action) if action else None,
        user_id=UserId(user) if user else None,
        code=code,
        since=_utc(since),
        until=_utc(until),
    )
    rows = [_row(entry) for entry in asyncio.run(_list(read_settings(config), wanted, limit))]
    show_table(("at", "code", "actor", "action", "value"), rows)


async def _list(settings: Settings, wanted: AuditFilter, limit: int) -> Sequence[AuditEntry]:
    async with open_house(settings) as house:
        return (await AuditReading(house.book).browse_all(wanted, None, limit)).items


def _row(entry: AuditEntry) -> tuple[str, ...]:
    value = statement.canonical(entry.value).decode()
    return (moment(entry.at), entry.code, entry.actor, entry.action_id or "-", value)


def _utc(day: datetime | None) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC)
