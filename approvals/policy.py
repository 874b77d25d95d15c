"""Who may sign, whether they are enough, and whose turn it is: pure rules over `model.policy`.

A person signs in exactly one group per action (the one their signing power names), so one person counts once.
Which policy applies to an action is the desk's to find; this module only reads it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from approvals.errors import InitiatorUnknown, NobodyCanSign
from approvals.model.ids import UNKNOWN_INITIATOR, UserId
from approvals.model.policy import Policy, Signatures

Groups = Mapping[UserId, str]
"""Persons and the group each signs in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody asked to sign: their group, and whether their turn is at once."""

    user_id: UserId
    group: str
    is_first: bool


def choose_signers(policy: Policy, powers: Groups, initiator: UserId) -> tuple[Signer, ...]:
    """Return everybody who is asked to sign, by id.

    Raises InitiatorUnknown where the policy excludes an initiator nobody named (RULES 5), NobodyCanSign where the
    people left cannot satisfy the policy: such an action must not be opened.
    """
    if not policy.initiator_may_sign and initiator == UNKNOWN_INITIATOR:
        raise InitiatorUnknown("this policy excludes the initiator: name who started the action")
    able = {
        user: group
        for user, group in powers.items()
        if _is_wanted(policy, group) and (policy.initiator_may_sign or user != initiator)
    }
    if not is_satisfied(policy, able):
        raise NobodyCanSign("too few people may sign this and have a strong means")
    first = turn(policy, signed={})
    return tuple(
        Signer(user_id=user, group=able[user], is_first=_counts_for(first, able[user])) for user in sorted(able)
    )


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


def _is_wanted(policy: Policy, group: str) -> bool:
    return _counts_for(policy.clauses, group)


def _counts_for(clauses: Iterable[Signatures], group: str) -> bool:
    return any(clause.group in {None, group} for clause in clauses)


def _holds(clause: Signatures, groups: Iterable[str]) -> bool:
    return sum(clause.group in {None, group} for group in groups) >= max(clause.count, 1)
