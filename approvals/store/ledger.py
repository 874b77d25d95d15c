"""The Ledger: every noun of the store on one transaction's connection."""

from approvals.store.accounts import SqlAccounts
from approvals.store.actions import SqlActions
from approvals.store.advisers import SqlAdvisers
from approvals.store.api_keys import SqlApiKeys
from approvals.store.audit import SqlAudit
from approvals.store.card_orders import SqlCardOrders
from approvals.store.cards import SqlCards
from approvals.store.challenges import SqlChallenges
from approvals.store.changes import SqlChanges
from approvals.store.database import Connection
from approvals.store.devices import SqlDevices
from approvals.store.failures import SqlFailureBuckets
from approvals.store.fees import SqlFees
from approvals.store.house import SqlHouse
from approvals.store.inboxes import SqlInboxes
from approvals.store.logins import SqlLogins
from approvals.store.nonces import SqlNonces
from approvals.store.outboxes import SqlOutboxes
from approvals.store.payees import SqlPayees
from approvals.store.people import SqlPeople
from approvals.store.policies import SqlPolicies
from approvals.store.proofs import SqlProofs
from approvals.store.releases import SqlReleases
from approvals.store.requests import SqlRequests
from approvals.store.secrets import SqlSecrets
from approvals.store.uploads import SqlUploads


class SqlLedger:
    """Satisfies `ports.book.Ledger`; lives as long as its transaction."""

    def __init__(self, connection: Connection) -> None:
        self.accounts = SqlAccounts(connection)
        self.actions = SqlActions(connection)
        self.advisers = SqlAdvisers(connection)
        self.api_keys = SqlApiKeys(connection)
        self.audit = SqlAudit(connection)
        self.card_orders = SqlCardOrders(connection)
        self.cards = SqlCards(connection)
        self.challenges = SqlChallenges(connection)
        self.changes = SqlChanges(connection)
        self.devices = SqlDevices(connection)
        self.failures = SqlFailureBuckets(connection)
        self.fees = SqlFees(connection)
        self.house = SqlHouse(connection)
        self.inboxes = SqlInboxes(connection)
        self.logins = SqlLogins(connection)
        self.nonces = SqlNonces(connection)
        self.outboxes = SqlOutboxes(connection)
        self.payees = SqlPayees(connection)
        self.people = SqlPeople(connection)
        self.policies = SqlPolicies(connection)
        self.proofs = SqlProofs(connection)
        self.releases = SqlReleases(connection)
        self.requests = SqlRequests(connection)
        self.secrets = SqlSecrets(connection)
        self.uploads = SqlUploads(connection)
