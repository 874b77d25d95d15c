"""The store as the desk sees it: one transaction, and the Ledger that is all that may be awaited inside it."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from approvals.model.ids import SubscriptionId
from approvals.ports.actions import Actions, Challenges, Proofs
from approvals.ports.advisers import Advisers
from approvals.ports.alerts import Alerts
from approvals.ports.audit_lines import AuditLines
from approvals.ports.cards import CardOrders, Fees, Outboxes
from approvals.ports.certificates import Authorities, CertificateOrders, Certificates, Exhibits
from approvals.ports.company import Accounts, Beneficiaries, Cards, Changes, People, Policies
from approvals.ports.conversations import Conversations, OfferedFiles
from approvals.ports.doors import (
    Activations,
    ApiKeys,
    Confirmations,
    Devices,
    Enrolments,
    FailureBuckets,
    Handovers,
    Logins,
    Nonces,
)
from approvals.ports.imports import Imports
from approvals.ports.outcome import Audit, Inboxes, Releases, Requests
from approvals.ports.payloads import Payees, Uploads
from approvals.ports.push import PushSubscriptions
from approvals.ports.rights import Rights
from approvals.ports.sealing import AuditTree, AuditValues
from approvals.ports.vault import House, Secrets
from approvals.ports.verification import Preparations

Result = TypeVar("Result")


class Ledger(Protocol):
    """Everything that may be read or written inside one transaction, by noun."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def activations(self) -> Activations: ...
    @property
    def actions(self) -> Actions: ...
    @property
    def advisers(self) -> Advisers: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def api_keys(self) -> ApiKeys: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def audit_lines(self) -> AuditLines: ...
    @property
    def audit_tree(self) -> AuditTree: ...
    @property
    def audit_values(self) -> AuditValues: ...
    @property
    def authorities(self) -> Authorities: ...
    @property
    def beneficiaries(self) -> Beneficiaries: ...
    @property
    def card_orders(self) -> CardOrders: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def certificate_orders(self) -> CertificateOrders: ...
    @property
    def certificates(self) -> Certificates: ...
    @property
    def challenges(self) -> Challenges: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def confirmations(self) -> Confirmations: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def devices(self) -> Devices: ...
    @property
    def enrolments(self) -> Enrolments: ...
    @property
    def exhibits(self) -> Exhibits: ...
    @property
    def failures(self) -> FailureBuckets: ...
    @property
    def fees(self) -> Fees: ...
    @property
    def handovers(self) -> Handovers: ...
    @property
    def house(self) -> House: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def inboxes(self) -> Inboxes: ...
    @property
    def logins(self) -> Logins: ...
    @property
    def nonces(self) -> Nonces: ...
    @property
    def offered_files(self) -> OfferedFiles: ...
    @property
    def outboxes(self) -> Outboxes: ...
    @property
    def payees(self) -> Payees: ...
    @property
    def people(self) -> People: ...
    @property
    def policies(self) -> Policies: ...
    @property
    def preparations(self) -> Preparations: ...
    @property
    def proofs(self) -> Proofs: ...
    @property
    def push_subscriptions(self) -> PushSubscriptions: ...
    @property
    def releases(self) -> Releases: ...
    @property
    def requests(self) -> Requests: ...
    @property
    def rights(self) -> Rights: ...
    @property
    def secrets(self) -> Secrets: ...
    @property
    def uploads(self) -> Uploads: ...


class Book(Protocol):
    """Runs a piece of work in one transaction.

    The work is a function, not the body of a `with`, because a serialization conflict runs it again from the start,
    a bounded number of times; so it must have no effect but through its ledger.
    """

    async def transaction(
        self, work: Callable[[Ledger], Awaitable[Result]], *, of: SubscriptionId | None = None
    ) -> Result:
        """Commit what the work wrote, or nothing. Raises StoreUnavailable after bounded retries.

        `of` says that the work concerns this company alone: it may then share a commit with the work of others.
        """
        ...

    async def statement(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        """Run work of exactly one statement, without the cost of a transaction around it.

        For statements that are right under any isolation: they look and write in one, by compare-and-set.
        """
        ...

    async def lookup(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        """The same as `reading` for a few rows by key: quick, and sent together with what others look up."""
        ...

    async def reading(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        """Run work that only reads; what it sees may be a moment old, and statements of it moments apart."""
        ...
