"""The Ledger: every noun of the store on one transaction's connection."""

from collections.abc import Callable
from typing import Generic, TypeVar

from approvals.store.accounts import SqlAccounts
from approvals.store.actions import SqlActions
from approvals.store.activations import SqlActivations
from approvals.store.advisers import SqlAdvisers
from approvals.store.alerts import SqlAlerts
from approvals.store.api_keys import SqlApiKeys
from approvals.store.audit import SqlAudit
from approvals.store.audit_lines import SqlAuditLines
from approvals.store.audit_tree import SqlAuditTree
from approvals.store.audit_values import SqlAuditValues
from approvals.store.authorities import SqlAuthorities
from approvals.store.beneficiaries import SqlBeneficiaries
from approvals.store.card_orders import SqlCardOrders
from approvals.store.cards import SqlCards
from approvals.store.certificate_orders import SqlCertificateOrders
from approvals.store.certificates import SqlCertificates
from approvals.store.challenges import SqlChallenges
from approvals.store.changes import SqlChanges
from approvals.store.confirmations import SqlConfirmations
from approvals.store.conversations import SqlConversations
from approvals.store.database import Connection
from approvals.store.devices import SqlDevices
from approvals.store.enrolments import SqlEnrolments
from approvals.store.exhibits import SqlExhibits
from approvals.store.failures import SqlFailureBuckets
from approvals.store.fees import SqlFees
from approvals.store.figures import SqlFigures
from approvals.store.handovers import SqlHandovers
from approvals.store.house import SqlHouse
from approvals.store.imports import SqlImports
from approvals.store.inboxes import SqlInboxes
from approvals.store.logins import SqlLogins
from approvals.store.nonces import SqlNonces
from approvals.store.offered_files import SqlOfferedFiles
from approvals.store.outboxes import SqlOutboxes
from approvals.store.payees import SqlPayees
from approvals.store.people import SqlPeople
from approvals.store.policies import SqlPolicies
from approvals.store.preparations import SqlPreparations
from approvals.store.proofs import SqlProofs
from approvals.store.push_subscriptions import SqlPushSubscriptions
from approvals.store.releases import SqlReleases
from approvals.store.requests import SqlRequests
from approvals.store.rights import SqlRights
from approvals.store.secrets import SqlSecrets
from approvals.store.uploads import SqlUploads

Noun = TypeVar("Noun")


class _Noun(Generic[Noun]):
    """Made when it is first asked for: a transaction touches a few of them."""

    def __init__(self, kind: Callable[[Connection], Noun]) -> None:
        self._kind = kind
        self._name = ""

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = name

    def __get__(self, ledger: "SqlLedger", owner: type[object]) -> Noun:
        noun = self._kind(ledger.connection)
        ledger.__dict__[self._name] = noun  # found there from now on
        return noun


class SqlLedger:
    """Satisfies `ports.book.Ledger`; lives as long as its transaction."""

    accounts = _Noun(SqlAccounts)
    actions = _Noun(SqlActions)
    activations = _Noun(SqlActivations)
    advisers = _Noun(SqlAdvisers)
    alerts = _Noun(SqlAlerts)
    api_keys = _Noun(SqlApiKeys)
    audit = _Noun(SqlAudit)
    card_orders = _Noun(SqlCardOrders)
    audit_lines = _Noun(SqlAuditLines)
    audit_tree = _Noun(SqlAuditTree)
    audit_values = _Noun(SqlAuditValues)
    authorities = _Noun(SqlAuthorities)
    beneficiaries = _Noun(SqlBeneficiaries)
    cards = _Noun(SqlCards)
    certificate_orders = _Noun(SqlCertificateOrders)
    certificates = _Noun(SqlCertificates)
    challenges = _Noun(SqlChallenges)
    changes = _Noun(SqlChanges)
    confirmations = _Noun(SqlConfirmations)
    conversations = _Noun(SqlConversations)
    devices = _Noun(SqlDevices)
    enrolments = _Noun(SqlEnrolments)
    exhibits = _Noun(SqlExhibits)
    failures = _Noun(SqlFailureBuckets)
    fees = _Noun(SqlFees)
    figures = _Noun(SqlFigures)
    handovers = _Noun(SqlHandovers)
    house = _Noun(SqlHouse)
    imports = _Noun(SqlImports)
    inboxes = _Noun(SqlInboxes)
    logins = _Noun(SqlLogins)
    nonces = _Noun(SqlNonces)
    offered_files = _Noun(SqlOfferedFiles)
    outboxes = _Noun(SqlOutboxes)
    payees = _Noun(SqlPayees)
    people = _Noun(SqlPeople)
    policies = _Noun(SqlPolicies)
    preparations = _Noun(SqlPreparations)
    proofs = _Noun(SqlProofs)
    push_subscriptions = _Noun(SqlPushSubscriptions)
    releases = _Noun(SqlReleases)
    requests = _Noun(SqlRequests)
    rights = _Noun(SqlRights)
    secrets = _Noun(SqlSecrets)
    uploads = _Noun(SqlUploads)

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
