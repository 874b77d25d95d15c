"""Requests that may come twice: looked up before any other rule, kept in the same transaction (RULES 6)."""

from datetime import datetime

import msgspec

from approvals.errors import IdempotencyKeyReused
from approvals.model.idempotency import KeptResult, RequestKey
from approvals.model.json import Json
from approvals.ports.book import Ledger


async def find_kept(ledger: Ledger, key: RequestKey | None) -> KeptResult | None:
    """Return what the same request came to before. Raises IdempotencyKeyReused for another body under its key."""
    if key is None:
        return None
    kept = await ledger.requests.find(key)
    if kept is not None and kept.request_digest != key.request_digest:
        raise IdempotencyKeyReused("this key was used for another request")
    return kept


async def keep(ledger: Ledger, key: RequestKey | None, result: Json, now: datetime) -> None:
    if key is not None:
        await ledger.requests.keep(key, msgspec.json.encode(result).decode(), now)
