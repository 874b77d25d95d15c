"""Buckets of failures, as a transaction spends from them and gives back (RULES 9); how they fill is `throttle`'s."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from approvals.credentials import throttle
from approvals.model.throttle import FailureBucket
from approvals.ports.book import Ledger


async def spend(ledger: Ledger, keys: Sequence[str], now: datetime) -> Mapping[str, FailureBucket]:
    """Count one failure in each, before anything is checked; return them as they were. Raises TooManyFailures."""
    found = {bucket.key: bucket for bucket in await ledger.failures.load(keys)}
    throttle.require_patience(found, keys, now)
    for key in keys:
        await ledger.failures.save(throttle.failed(found.get(key), key, now))
    return found


async def give_back(ledger: Ledger, keys: Sequence[str], now: datetime) -> None:
    """Take one failure of each back: the caller was right."""
    found = {bucket.key: bucket for bucket in await ledger.failures.load(keys)}
    for key in keys:
        await ledger.failures.save(throttle.forgiven(found.get(key), key, now))
