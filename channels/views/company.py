"""A company, its people and what they may do, to its own people and to the bank's core."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from approvals.desk.company import Colleague, StandIn
from approvals.model.account import Account
from approvals.model.entitlement import Ceiling
from approvals.model.ids import UserId
from approvals.model.person import Subscription, User
from approvals.model.policy import Signatures
from approvals.ports.company import PolicyRow
from approvals.ports.rights import Use
from channels.frames.company import (
    AccountContent,
    BandContent,
    CeilingContent,
    ClauseContent,
    CodeOnMoneyContent,
    EntitlementContent,
    PolicyContent,
    SubscriptionContent,
    SubstitutionContent,
    UserContent,
)
from channels.frames.content import PersonContent

Shown: TypeAlias = Callable[[UserId, Mapping[UserId, User]], PersonContent | None]
"""`views.people.colleague` for the company's people, `numbered` for the core."""


def account_content(account: Account) -> AccountContent:
    return AccountContent(iban=account.iban, currency=account.currency, label=account.label)


def subscription_content(subscription: Subscription) -> SubscriptionContent:
    return SubscriptionContent(
        id=subscription.id,
        client_identifier=subscription.client_identifier,
        name=subscription.name,
        siren=subscription.siren,
        kind=subscription.kind,
        legal_form=subscription.legal_form,
        sol=subscription.has_sol,
        means=sorted(subscription.means),
        adviser=subscription.adviser_id,
    )


def user_content(person: Colleague, shown: Shown) -> UserContent:
    user, entitlement = person.user, person.entitlement
    named = shown(user.id, {user.id: user})
    return UserContent(
        id=user.id,
        number=user.number,
        name=None if named is None else named.name,
        status=user.status,
        main=user.is_main,
        entitlement=EntitlementContent(
            initiates=sorted(entitlement.initiates),
            signs=sorted(entitlement.signs),
            power=entitlement.group,
            accounts=None if entitlement.accounts is None else sorted(entitlement.accounts),
            ceilings=[_ceiling(person, each) for each in entitlement.ceilings],
            valid_from=_day(entitlement.valid_from),
            valid_until=_day(entitlement.valid_until),
        ),
    )


def policy_content(row: PolicyRow) -> PolicyContent:
    policy, decision = row.policy, row.policy.code_on_money
    return PolicyContent(
        kind=row.kind,
        account=row.account,
        clauses=_clauses(policy.clauses),
        bands=[
            BandContent(currency=band.currency, from_amount=band.from_amount, clauses=_clauses(band.clauses))
            for band in policy.bands
        ],
        ordered=policy.ordered,
        refusal=policy.refusal,
        initiator_may_sign=policy.initiator_may_sign,
        means=sorted(policy.means),
        certificate_level=policy.certificate_level,
        code_on_money=None
        if decision is None
        else CodeOnMoneyContent(decided_by=decision.decided_by, decided_on=decision.decided_on.isoformat()),
    )


def substitution_content(each: StandIn, shown: Shown) -> SubstitutionContent:
    substitution = each.substitution
    return SubstitutionContent(
        id=substitution.id,
        absent=shown(substitution.absent_id, each.people),
        substitute=shown(substitution.substitute_id, each.people),
        first_day=substitution.first_day.isoformat(),
        last_day=substitution.last_day.isoformat(),
    )


def _ceiling(person: Colleague, ceiling: Ceiling) -> CeilingContent:
    use = Use(user_id=person.user.id, kind=ceiling.kind, account=ceiling.account, day=person.today)
    return CeilingContent(
        kind=ceiling.kind,
        account=ceiling.account,
        currency=ceiling.currency,
        per_remittance=ceiling.per_remittance,
        per_day=ceiling.per_day,
        used_today=person.used.get(use, 0),
    )


def _clauses(clauses: Sequence[Signatures]) -> list[ClauseContent]:
    return [ClauseContent(count=clause.count, group=clause.group) for clause in clauses]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
