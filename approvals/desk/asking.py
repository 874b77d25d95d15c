"""Who is asked to sign one action, as one transaction reads it: rights, and a strong means to use them with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from approvals import rights as rules
from approvals.certificates.fitness import may_approve
from approvals.credentials.refusals import NotEntitled
from approvals.desk.finding import Found
from approvals.desk.terms import Terms
from approvals.model.action import Action, ActionStatus
from approvals.model.card import Card, CardStatus
from approvals.model.certificate import CertificateStatus
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.ids import CardId, CertificateId, UserId
from approvals.model.policy import Means, Policy, Seat
from approvals.operations import OPERATIONS
from approvals.ports.book import Ledger
from approvals.rights import CompanyRights, Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The signatures that count, and the rights they count by."""

    signed: Mapping[UserId, Seat]
    rights: CompanyRights


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """The people who could sign, how, and with which card; with none where they have another means alone."""

    seats: Mapping[UserId, Seat]
    means: Mapping[UserId, Card | None]


def matter_of(action: Action) -> Matter:
    """Return the action as rights see it."""
    operation = OPERATIONS[action.kind]
    return Matter(kind=action.kind, account=operation.account_iban(action.facts), money=operation.money(action.facts))


def seats_of(
    rights: CompanyRights, action: Action, now: datetime, signed: Mapping[UserId, Seat] | None = None
) -> dict[UserId, Seat]:
    """Return who may sign this action now; those it is about do not, nor does anybody in their place."""
    barred = OPERATIONS[action.kind].barred(action.facts)
    seats = rules.seats(rights, matter_of(action), rules.business_day(now), signed)
    return {user_id: seat for user_id, seat in seats.items() if not barred & {user_id, seat.in_place_of}}


async def find_able(ledger: Ledger, rights: CompanyRights, action: Action, terms: Terms, now: datetime) -> Able:
    """Return those of them whose means can be asked for."""
    seats = seats_of(rights, action, now)
    means = await usable_means(ledger, action.policy, seats, terms, now)
    return Able(seats={user_id: seat for user_id, seat in seats.items() if user_id in means}, means=means)


async def require_seat(ledger: Ledger, found: Found, now: datetime) -> CompanyRights:
    """Return the company's rights. Raises NotEntitled where they no longer give the challenge its seat."""
    challenge = found.challenge
    rights = await ledger.rights.of_subscription(found.action.subscription_id)
    if seats_of(rights, found.action, now, signed_in(found.challenges)).get(challenge.user_id) != challenge.seat:
        raise NotEntitled("your entitlement no longer covers signing this")
    return rights


async def count_signatures(ledger: Ledger, action: Action, challenges: Sequence[Challenge], now: datetime) -> Counted:
    """Find whose signature counts, as this transaction reads it (RULES 2).

    They still have the seat they signed in, are active, and what they signed with was not reported or revoked since.
    """
    done = [challenge for challenge in challenges if challenge.status is ChallengeStatus.SATISFIED]
    if not done or action.status is not ActionStatus.PENDING:
        return Counted(signed={}, rights=CompanyRights(entitlements={}, substitutions=()))
    rights = await ledger.rights.of_subscription(action.subscription_id)
    seats = seats_of(rights, action, now, signed_in(challenges))
    spoilt = await _spoilt(ledger, done)
    signed = {
        challenge.user_id: challenge.seat
        for challenge in done
        if seats.get(challenge.user_id) == challenge.seat and not spoilt & {challenge.card_id, challenge.certificate_id}
    }
    return Counted(signed=signed, rights=rights)


async def _spoilt(ledger: Ledger, done: Sequence[Challenge]) -> set[CardId | CertificateId | None]:
    """Return the cards reported and the certificates revoked or taken away; a renewed one was good when it signed."""
    cards = await ledger.cards.of_users([each.user_id for each in done if each.card_id is not None])
    holders = [each.user_id for each in done if each.certificate_id is not None]
    certificates = await ledger.certificates.of_users(holders)
    gone = {CertificateStatus.REVOKED, CertificateStatus.REMOVED}
    return {card.id for card in cards if card.status is CardStatus.REPORTED} | {
        certificate.id for certificate in certificates if certificate.status in gone
    }


def signed_in(challenges: Sequence[Challenge]) -> dict[UserId, Seat]:
    """Return the seats in which people have signed already."""
    return {each.user_id: each.seat for each in challenges if each.status is ChallengeStatus.SATISFIED}


async def usable_means(
    ledger: Ledger, policy: Policy, people: Collection[UserId], terms: Terms, now: datetime
) -> dict[UserId, Card | None]:
    """Return who has a means this policy takes, and with which card: always the same one; none for another means."""
    usable: dict[UserId, Card | None] = {}
    if Means.TOTP in policy.means:
        advisers = await ledger.advisers.of_users(sorted(people))
        usable |= {adviser.user_id: None for adviser in advisers.values() if adviser.seed_version}
    if Means.CERTIFICATE in policy.means:
        certificates = filter(terms.takes, await ledger.certificates.of_users(sorted(people)))
        usable |= {each.user_id: None for each in certificates if may_approve(each, policy.certificate_level, now)}
    if Means.CAP in policy.means:
        cards = await ledger.cards.of_users(sorted(people))
        usable |= {card.user_id: card for card in cards if card.status is CardStatus.ACTIVE}
    return usable
