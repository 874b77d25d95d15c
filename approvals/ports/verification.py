"""Preparations and the answers about payees, and who gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from approvals.model.ids import PreparationId, SubscriptionId, UploadId
from approvals.model.preparation import Place, Preparation
from approvals.model.verification import CheckedPayee, NamedAccount, PayeeVerdict


class PayeeCheck(Protocol):
    """Asks the payee's bank, over the scheme, whether the account is held under the name."""

    async def check(self, payee: NamedAccount) -> PayeeVerdict:
        """Return one answer within its time limit; whatever goes wrong is `NOT_POSSIBLE`, never an error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedPayee:
    """One order of a file whose payee is asked about, and where it stands."""

    place: Place
    payee: NamedAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The near and no matches of one group, in file order: the first of them, and how many there are besides."""

    listed: Sequence[CheckedPayee]
    unlisted: int


class Preparations(Protocol):
    """Requests whose payees are verified before their actions open."""

    async def add(self, preparation: Preparation) -> None: ...

    async def load(self, preparation_id: PreparationId) -> Preparation | None: ...

    async def save(self, preparation: Preparation) -> bool:
        """Write what moves, version raised; False when somebody else wrote first."""
        ...

    async def claim(self, now: datetime, until: datetime) -> Preparation | None:
        """Take the one that waits longest for oneself until then; none while a restore is unfinished (RULES 30)."""
        ...

    async def next_due(self) -> datetime | None: ...

    async def live_message(self, subscription_id: SubscriptionId, initiating_party: str, message_id: str) -> bool:
        """Whether the same file is being prepared."""
        ...

    async def orders(self, upload_id: UploadId, after: Place, limit: int) -> Sequence[OrderedPayee]:
        """Return the file's next orders in euro."""
        ...

    async def answered(
        self, preparation_id: PreparationId, payees: Sequence[NamedAccount]
    ) -> Mapping[NamedAccount, PayeeVerdict]:
        """Return those of the payees that were asked about before, in this preparation."""
        ...

    async def record(self, preparation_id: PreparationId, answers: Mapping[OrderedPayee, PayeeVerdict]) -> None:
        """Write the answers, a payee and group once."""
        ...

    async def findings(self, preparation_id: PreparationId, group: int, most: int) -> Findings: ...

    async def opted_out(self, subscription_id: SubscriptionId) -> date | None:
        """Return since when the company wants no verification of its packages."""
        ...

    async def opt_out(self, subscription_id: SubscriptionId, since: date | None) -> None:
        """Write it; None: the company wants it again."""
        ...

    async def forget(self, before: datetime, rows: int) -> None:
        """Delete up to so many answers and preparations that ended before then."""
        ...
