"""A company as its people and the bank's core are shown it. How it is filled is `channels.views.company`'s."""

from collections.abc import Sequence

from approvals.model.certificate import Level
from approvals.model.person import LegalForm, SubscriptionKind, UserStatus
from approvals.model.policy import Means, Refusal
from channels.frames.content import Content, PersonContent
from channels.frames.fields import Id


class SubscriptionContent(Content, frozen=True, kw_only=True):
    """A company's contract; `sol` says whether the card reader service is subscribed."""

    id: Id
    client_identifier: str
    name: str
    siren: str
    kind: SubscriptionKind
    legal_form: LegalForm
    sol: bool
    means: Sequence[Means]
    adviser: Id | None


class AccountContent(Content, frozen=True, kw_only=True):
    """An account of the company at the bank."""

    iban: str
    currency: str
    label: str


class CeilingContent(Content, frozen=True, kw_only=True):
    """In minor units of `currency`, null for no limit; `used_today` counts the calendar day in Paris."""

    kind: str
    account: str
    currency: str
    per_remittance: int | None
    per_day: int | None
    used_today: int


class EntitlementContent(Content, frozen=True, kw_only=True):
    """Kinds of action a person may start and sign, with which power; `accounts` is null for all of them.

    `valid_from` and `valid_until` are days in Paris (YYYY-MM-DD), both included.
    """

    initiates: Sequence[str]
    signs: Sequence[str]
    power: str | None
    accounts: Sequence[str] | None
    ceilings: Sequence[CeilingContent]
    valid_from: str | None
    valid_until: str | None


class UserContent(Content, frozen=True, kw_only=True):
    """One user of a company; `name` only for people of that company."""

    id: Id
    number: str
    name: str | None
    status: UserStatus
    main: bool
    entitlement: EntitlementContent


class ClauseContent(Content, frozen=True, kw_only=True):
    """So many signatures, of one group (null: of any)."""

    count: int
    group: str | None


class BandContent(Content, frozen=True, kw_only=True):
    """The clauses that hold instead from this amount on, in minor units."""

    currency: str
    from_amount: int
    clauses: Sequence[ClauseContent]


class CodeOnMoneyContent(Content, frozen=True, kw_only=True):
    """Payments are signed with the reader's CODE key, by this decision: a code harvested at sign-in could sign them."""

    decided_by: str
    decided_on: str


class PolicyContent(Content, frozen=True, kw_only=True):
    """Who must sign a kind of action, on one account (null: on all without a policy of their own).

    `certificate_level` is the least RGS level of a certificate that signs it; null: any.
    """

    kind: str
    account: str | None
    clauses: Sequence[ClauseContent]
    bands: Sequence[BandContent]
    ordered: bool
    refusal: Refusal
    initiator_may_sign: bool
    means: Sequence[Means]
    certificate_level: Level | None
    code_on_money: CodeOnMoneyContent | None


class SubstitutionContent(Content, frozen=True, kw_only=True):
    """Who stands in for whom, from one day in Paris to another (YYYY-MM-DD), both included."""

    id: Id
    absent: PersonContent | None
    substitute: PersonContent | None
    first_day: str
    last_day: str
