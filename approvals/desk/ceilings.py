"""Ceilings of the day: looked at before a proof is checked, moved where the release row is written (RULES 18).

One row a holder, kind, account and day in Paris; the sum only ever moves where it stays under the limit.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from approvals.credentials.refusals import CeilingExceeded
from approvals.desk.asking import matter_of, require_seat
from approvals.desk.finding import Found
from approvals.model.action import Action
from approvals.model.ids import UserId
from approvals.model.policy import Seat
from approvals.ports.book import Ledger
from approvals.ports.rights import Use
from approvals.rights import CompanyRights, Matter, business_day, day_limit

_NO_LIMIT: Final = 2**62


async def require_right(ledger: Ledger, found: Found, now: datetime) -> None:
    """Raise NotEntitled or CeilingExceeded where the signature could not count now: no code is spent for nothing."""
    rights = await require_seat(ledger, found, now)
    matter, challenge = matter_of(found.action), found.challenge
    limit = day_limit(rights, matter, challenge.user_id, challenge.seat)
    if limit is None or matter.money is None:
        return
    if await ledger.rights.used(_use(matter, challenge.user_id, now)) + matter.money.amount > limit:
        raise CeilingExceeded("the amount is over what today leaves of your ceiling")


async def use_ceilings(
    ledger: Ledger, rights: CompanyRights, action: Action, signed: Mapping[UserId, Seat], now: datetime
) -> bool:
    """Move the sum of each signer who has a ceiling for the day, all of them or none; False for none."""
    matter = matter_of(action)
    if matter.money is None:
        return True
    moved: list[Use] = []
    for user_id, seat in sorted(signed.items()):
        limit, use = day_limit(rights, matter, user_id, seat), _use(matter, user_id, now)
        if limit is None:
            continue
        if not await ledger.rights.use(use, matter.money.amount, limit):
            for each in moved:
                await ledger.rights.use(each, -matter.money.amount, _NO_LIMIT)
            return False
        moved.append(use)
    return True


def _use(matter: Matter, user_id: UserId, now: datetime) -> Use:
    return Use(user_id=user_id, kind=matter.kind, account=matter.account or "", day=business_day(now))
