"""Who may sign, whether they are enough, and whose turn it is: pure rules over `model.policy`.

A person signs in exactly one group per action (the one their signing power names), so one person counts once.
Which policy applies to an action is the desk's to find, who may sign at all is `approvals.rights`'.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from approvals.errors import InitiatorUnknown, NobodyCanSign, PolicyMissing
from approvals.model.ids import UNKNOWN_INITIATOR, UserId
from approvals.model.money import Money
from approvals.model.policy import Policy, Seat, Signatures

Groups = Mapping[UserId, str]
"""Persons and the group each signs in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody asked to sign: how, and whether their turn is at once."""

    user_id: UserId
    seat: Seat
    is_first: bool


def for_money(policy: Policy, money: Money | None) -> Policy:
    """Return the policy with the clauses of the highest band the amount reaches, and no bands any more.

    Raises PolicyMissing for money in a currency the bands do not name: no amount of it is known to be small.
    """
    if money is None or not policy.bands:
        return replace(policy, bands=())
    bands = [band for band in policy.bands if band.currency == money.currency]
    if not bands:
        raise PolicyMissing("the policy has amount bands, and none in this currency: nothing is opened")
    reached = [band for band in bands if band.from_amount <= money.amount]
    if not reached:
        return replace(policy, bands=())
    return replace(policy, clauses=max(reached, key=lambda band: band.from_amount).clauses, bands=())


def choose_signers(policy: Policy, seats: Mapping[UserId, Seat], initiator: UserId) -> tuple[Signer, ...]:
    """Return everybody who is asked to sign, by id.

    Raises InitiatorUnknown where the policy excludes an initiator nobody named (RULES 5), NobodyCanSign where the
    people left cannot satisfy the policy: such an action must not be opened.
    """
    if not policy.initiator_may_sign and initiator == UNKNOWN_INITIATOR:
        raise InitiatorUnknown("this policy excludes the initiator: name who started the action")
    asked = wanted(policy, seats, initiator)
    if not is_satisfied(policy, {user: seat.group for user, seat in asked.items()}):
        raise NobodyCanSign("too few people may sign this and have a strong means")
    first = turn(policy, signed={})
    return tuple(
        Signer(user_id=user, seat=asked[user], is_first=_counts_for(first, asked[user].group)) for user in sorted(asked)
    )


def wanted(policy: Policy, seats: Mapping[UserId, Seat], initiator: UserId) -> dict[UserId, Seat]:
    """Return those of them whose signature could count."""
    return {
        user: seat
        for user, seat in seats.items()
        if _counts_for(policy.clauses, seat.group)
        and (policy.initiator_may_sign or initiator not in {user, seat.in_place_of})
    }


def is_satisfied(policy: Policy, signed: Groups) -> bool:
    """Every clause holds once these people have signed; a policy without clauses never does."""
    return bool(policy.clauses) and all(_holds(clause, signed.values()) for clause in policy.clauses)


def turn(policy: Policy, signed: Groups) -> tuple[Signatures, ...]:
    """Return the clauses whose signers may sign now: all of them, or the first unmet one of an ordered policy."""
    if not policy.ordered:
        return policy.clauses
    return next(((clause,) for clause in policy.clauses if not _holds(clause, signed.values())), ())


def is_turn_of(group: str, policy: Policy, signed: Groups) -> bool:
    """Somebody of this group may sign now."""
    return _counts_for(turn(policy, signed), group)


def _counts_for(clauses: Iterable[Signatures], group: str) -> bool:
    return any(clause.group in {None, group} for clause in clauses)


def _holds(clause: Signatures, groups: Iterable[str]) -> bool:
    return sum(clause.group in {None, group} for group in groups) >= max(clause.count, 1)
