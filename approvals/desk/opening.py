"""Opening actions: from facts to challenges, all in the caller's one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from approvals import policy as rules
from approvals import statement
from approvals.credentials.refusals import NotEntitled, SelfGranting
from approvals.desk.asking import find_able, matter_of, usable_means
from approvals.desk.completing import complete
from approvals.desk.entitlements import Question
from approvals.desk.presence import Presence, require_stay
from approvals.desk.reader import reader_input
from approvals.desk.terms import Terms
from approvals.errors import (
    InitiatorNotCaller,
    InitiatorUnknown,
    InvalidRequest,
    NobodyCanSign,
    NotFound,
    PolicyMissing,
    UnknownAccount,
    UnknownDebtorAccount,
)
from approvals.evidence.bindings import POLICY, STATEMENT, policy_digest
from approvals.model.account import Account
from approvals.model.action import Action, ActionStatus
from approvals.model.api_key import ApiKey
from approvals.model.audit import AuditEntry, Retention
from approvals.model.card import Card
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.draft import Draft
from approvals.model.ids import (
    UNKNOWN_INITIATOR,
    ActionId,
    ChallengeId,
    LoginId,
    SubscriptionId,
    UserId,
)
from approvals.model.inbox import EventKind, News
from approvals.model.json import Facts
from approvals.model.money import Money
from approvals.model.opener import Opener, is_person, opened_by_key, opened_by_person
from approvals.model.person import Subscription, User
from approvals.model.policy import Means, Policy
from approvals.operations import OPERATIONS
from approvals.operations.remittance import KIND as REMITTANCE
from approvals.policy import Signer
from approvals.ports.book import Ledger
from approvals.ports.world import CardProfiles, Ids
from approvals.rights import CompanyRights, business_day, may_initiate

Caller: TypeAlias = ApiKey | Presence
"""Who may open and take back: the bank's own systems, or a signed-in person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose action it is to be: client identifier, and user number of who started it or `unknown` (RULES 5).

    A key of the bank's own systems names both; a signed-in person is neither asked nor believed.
    """

    client_identifier: str | None
    initiator: str | None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who asks for the opening, for whom, in whose name (RULES 5), and in which stay, where that is known."""

    opener: Opener
    subscription: Subscription
    initiator: UserId
    reference: str | None
    login_id: LoginId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The actions, pending, with their challenges; the inbox heads to announce once the transaction is committed."""

    actions: tuple[Action, ...]
    challenges: tuple[Challenge, ...]
    heads: Mapping[UserId, int]


class Opening:
    """Finds the policy, asks the signers, freezes what is signed."""

    def __init__(self, *, ids: Ids, profiles: CardProfiles, terms: Terms) -> None:
        self._ids = ids
        self._profiles = profiles
        self._terms = terms

    async def open(self, ledger: Ledger, order: Order, drafts: Sequence[Draft], now: datetime) -> Opened:
        """Write actions, challenges, inbox events and audit.

        Raises PolicyMissing, PolicyUnreadable, InitiatorUnknown, NobodyCanSign, UnknownAccount, and as `complete` does.
        """
        actions: list[Action] = []
        asked: list[Challenge] = []
        for draft in drafts:
            action, challenges = await self._prepare(ledger, order, draft, now)
            await ledger.actions.add(action, lines=1)
            await ledger.challenges.add(challenges)
            await ledger.audit.append_numbered([_entry(action, order)])
            actions.append(action)
            asked += challenges
        heads = await ledger.inboxes.append(_news(asked), now)
        return Opened(actions=tuple(actions), challenges=tuple(asked), heads=heads)

    async def rehearse(self, ledger: Ledger, order: Order, drafts: Sequence[Draft], now: datetime) -> list[Action]:
        """Return the actions as they would be opened now, and write nothing. Raises as `open` does."""
        return [(await self._prepare(ledger, order, draft, now))[0] for draft in drafts]

    async def _prepare(
        self, ledger: Ledger, order: Order, draft: Draft, now: datetime
    ) -> tuple[Action, list[Challenge]]:
        by = order.initiator if order.opener == opened_by_person(order.initiator) else None
        question = Question(subscription=order.subscription, facts=draft.facts, ids=self._ids, now=now, by=by)
        draft = replace(draft, facts=await complete(ledger, draft.kind, question))
        account = await _account(ledger, order.subscription.id, draft)
        account_id = account.id if account else None
        policy = await ledger.policies.find(order.subscription.id, draft.kind, account_id)
        if policy is None:
            raise PolicyMissing(f"no policy says who signs {draft.kind}: nothing is opened")
        policy = _frozen(policy, order.subscription, OPERATIONS[draft.kind].money(draft.facts))
        action = replace(self._action(order, draft, policy, now), account_id=account_id)
        rights = await ledger.rights.of_subscription(order.subscription.id)
        _require_initiator(rights, action, now)
        able = await find_able(ledger, rights, action, self._terms, now)
        signers = rules.choose_signers(policy, able.seats, order.initiator)
        return action, [self.ask(action, signer, able.means[signer.user_id]) for signer in signers]

    def _action(self, order: Order, draft: Draft, policy: Policy, now: datetime) -> Action:
        facts: Facts = {
            **draft.facts,
            "kind": draft.kind,
            "subscription": order.subscription.client_identifier,
            "payload_sha256": draft.payload_digest,
        }
        return Action(
            id=ActionId(self._ids.make("act")),
            subscription_id=order.subscription.id,
            kind=draft.kind,
            status=ActionStatus.PENDING,
            initiator=order.initiator,
            opened_by=order.opener,
            facts=facts,
            statement_digest=statement.digest(facts),
            payload_digest=draft.payload_digest,
            policy=policy,
            created_at=now,
            expires_at=now + self._terms.action_life,
            reference=order.reference,
            bundle_id=draft.bundle_id,
            upload_id=draft.upload_id,
            login_id=order.login_id,
        )

    async def usable(
        self, ledger: Ledger, policy: Policy, people: Collection[UserId], now: datetime
    ) -> dict[UserId, Card | None]:
        """Return which of them could be asked, and by which card, as `asking.usable_means` does."""
        return await usable_means(ledger, policy, people, self._terms, now)

    def ask(self, action: Action, signer: Signer, card: Card | None) -> Challenge:
        """Make the challenge of one signer, with what they type into their reader, where they have one."""
        challenge_id = ChallengeId(self._ids.make("chl"))
        return Challenge(
            id=challenge_id,
            action_id=action.id,
            user_id=signer.user_id,
            group=signer.seat.group,
            in_place_of=signer.seat.in_place_of,
            status=ChallengeStatus.OPEN if signer.is_first else ChallengeStatus.WAITING,
            card_id=card.id if card else None,
            reader_input=reader_input(action, challenge_id, card, self._profiles) if card else None,
            expires_at=action.expires_at,
            attempts_left=self._terms.challenge_attempts,
        )


def opener_of(caller: Caller) -> Opener:
    """Return whose actions the caller's are, to open and to take back."""
    return opened_by_key(caller.id) if isinstance(caller, ApiKey) else opened_by_person(caller.user.id)


async def find_company(ledger: Ledger, caller: Caller, asked: Asked) -> SubscriptionId | None:
    """Return whose action it is going to be, for the book alone; what is wrong with it is `find_order`'s to say."""
    if isinstance(caller, Presence):
        return caller.user.subscription_id
    company = await ledger.people.subscription_named(asked.client_identifier or "")
    return None if company is None else company.id


async def find_order(ledger: Ledger, caller: Caller, asked: Asked, now: datetime) -> Order:
    """Find the company and the person the action is for.

    Raises NotFound and InvalidRequest for what a key names wrongly, InitiatorNotCaller for a person who names somebody
    else, and for a person whatever `require_stay` raises: the login is read again here (RULES 22).
    """
    if isinstance(caller, ApiKey):
        return await _order_of_key(ledger, caller, asked)
    presence = await require_stay(ledger, caller.login.id, now)
    return replace(await _order_of_person(ledger, presence.user, asked), login_id=presence.login.id)


async def _order_of_key(ledger: Ledger, key: ApiKey, asked: Asked) -> Order:
    for name, value in (("client_identifier", asked.client_identifier), ("initiator", asked.initiator)):
        if value is None:
            raise InvalidRequest(f"{name}: name it, or `unknown` where nobody knows who started it", field=name)
    client_identifier, initiator = asked.client_identifier or "", asked.initiator or ""
    subscription = await ledger.people.subscription_named(client_identifier)
    if subscription is None:
        raise NotFound("no subscription has this client identifier")
    order = Order(
        opener=opened_by_key(key.id),
        subscription=subscription,
        initiator=UNKNOWN_INITIATOR,
        reference=asked.reference,
    )
    if initiator == UNKNOWN_INITIATOR:
        return order
    user = await ledger.people.user_named(client_identifier, initiator)
    if user is None:
        raise InvalidRequest("initiator: no such user number in this subscription", field="initiator")
    return replace(order, initiator=user.id)


async def _order_of_person(ledger: Ledger, person: User, asked: Asked) -> Order:
    subscription = await ledger.people.subscription(person.subscription_id)
    if subscription is None:
        raise LookupError("a person names a subscription the book does not hold")
    own = (subscription.client_identifier, person.number)
    if (asked.client_identifier or own[0], asked.initiator or own[1]) != own:
        raise InitiatorNotCaller("a signed-in person opens in their own name, for their own company")
    return Order(
        opener=opened_by_person(person.id),
        subscription=subscription,
        initiator=person.id,
        reference=asked.reference,
    )


async def _account(ledger: Ledger, subscription_id: SubscriptionId, draft: Draft) -> Account | None:
    iban = OPERATIONS[draft.kind].account_iban(draft.facts)
    if iban is None:
        return None
    account = await ledger.accounts.with_iban(iban)
    if account is None or account.subscription_id != subscription_id:
        unknown = UnknownDebtorAccount if draft.kind == REMITTANCE else UnknownAccount
        raise unknown("the account is not one of this company's")
    return account


def _frozen(policy: Policy, subscription: Subscription, money: Money | None) -> Policy:
    """Return the policy as it holds for this action for good: its band, and the means the company accepts."""
    accepted = subscription.means if subscription.has_sol else subscription.means - {Means.CAP}
    if not policy.means & accepted:
        raise NobodyCanSign("the company has none of the strong means this takes")
    return replace(rules.for_money(policy, money), means=policy.means & accepted)


def _require_initiator(rights: CompanyRights, action: Action, now: datetime) -> None:
    """Raise SelfGranting, and NotEntitled for a person; what the core starts, the core has allowed.

    Raises InitiatorUnknown where somebody is barred and nobody knows who started it.
    """
    barred = OPERATIONS[action.kind].barred(action.facts)
    if barred and action.initiator == UNKNOWN_INITIATOR:
        raise InitiatorUnknown("this changes somebody's rights: name who started it")
    if action.initiator in barred:
        raise SelfGranting("nobody starts a change of their own rights")
    matter, own = matter_of(action), rights.entitlements.get(action.initiator)
    if is_person(action.opened_by) and not may_initiate(own, matter, business_day(now)):
        raise NotEntitled("your entitlement does not cover starting this")


def _entry(action: Action, order: Order) -> AuditEntry:
    return AuditEntry(
        code="action_opened",
        actor=order.opener,
        at=action.created_at,
        action_id=action.id,
        value={
            STATEMENT: action.statement_digest,
            POLICY: policy_digest(action.policy),
            "payload_sha256": action.payload_digest,
            "initiator": action.initiator,
        },
        retention=Retention.EVIDENCE,
    )


def _news(challenges: Sequence[Challenge]) -> list[News]:
    return [
        News(
            user_id=challenge.user_id,
            kind=EventKind.CHALLENGE_OPENED,
            action_id=challenge.action_id,
            challenge_id=challenge.id,
        )
        for challenge in challenges
        if challenge.status is ChallengeStatus.OPEN
    ]
