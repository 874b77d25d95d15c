"""What advisers must look at, as kept."""

from datetime import datetime
from typing import Protocol

from approvals.model.alert import Alert
from approvals.model.ids import AlertId, UserId
from approvals.model.page import Page


class Alerts(Protocol):
    """One a subject; taken by one adviser."""

    async def add(self, alert: Alert) -> bool:
        """Keep it; False where its subject has one already."""
        ...

    async def load(self, alert_id: AlertId) -> Alert | None: ...

    async def take(self, alert_id: AlertId, adviser_id: UserId, at: datetime) -> bool:
        """False where somebody took it before."""
        ...

    async def browse(self, portfolio_of: UserId | None, after: str | None, limit: int) -> Page[Alert]:
        """Newest first, of the companies this adviser looks after (None: of all)."""
        ...
