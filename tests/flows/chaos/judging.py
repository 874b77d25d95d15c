"""Compares what people and core saw with what the database holds: every breach of the rules, in one line each. Pure.

The rules are RULES.md's and CHANNELS.md's, read here anew: nothing of the product decides what is right.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from tests.flows.chaos import devices
from tests.flows.chaos.book import ActionRow, Book, ChallengeRow
from tests.flows.chaos.journal import Journal
from tests.flows.chaos.town import policy_of

FINAL: Final = frozenset({"released", "rejected", "withdrawn", "expired", "failed"})
_CHALLENGE_ATTEMPTS: Final = 3
_CARD_ATTEMPTS: Final = 3


class _Verdict(msgspec.Struct):
    right: bool
    atc: int | None = None


def breaches(journal: Journal, book: Book) -> list[str]:
    """Return everything that must not be."""
    actions = {action.id: action for action in book.actions}
    challenges = _by_action(book.challenges)
    found = [
        *_openings(journal, actions),
        *_ends(book, actions),
        *_releases(journal, book, actions),
        *_policies(journal, book, actions, challenges),
        *_unreleased(book, actions, challenges),
        *_withdrawals(journal, actions),
        *_answers(journal, book),
        *_counters(book),
        *_attempts(journal, book),
        *_audit(book),
        *devices.breaches(journal.devices, book),
    ]
    return [*found, *(f"the bank told of a fault of its own (500): {each}" for each in journal.faults_of_the_bank)]


def _by_action(challenges: Sequence[ChallengeRow]) -> Mapping[str, list[ChallengeRow]]:
    found: defaultdict[str, list[ChallengeRow]] = defaultdict(list)
    for challenge in challenges:
        found[challenge.action_id].append(challenge)
    return found


def _openings(journal: Journal, actions: Mapping[str, ActionRow]) -> Iterator[str]:
    """What was told 201 exists, and what was asked once is held once (RULES 6)."""
    for held in journal.held:
        action = actions.get(held.action)
        if action is None or action.reference != held.reference:
            yield f"{held.reference} was told to be held as {held.action} and is not"
    for reference, times in Counter(action.reference for action in actions.values()).items():
        if times > 1:
            yield f"{reference} is held {times} times"
        if reference not in journal.asked:
            yield f"{reference} is held and nobody asked for it"


def _ends(book: Book, actions: Mapping[str, ActionRow]) -> Iterator[str]:
    """Everything came to its end, and every part of it with it."""
    for action in actions.values():
        if action.status not in FINAL:
            yield f"{action.reference} is still {action.status}"
    for challenge in book.challenges:
        if challenge.status in {"waiting", "open"} or challenge.checking:
            yield f"a challenge of {actions[challenge.action_id].reference} is {challenge.status}, still checked"


def _releases(journal: Journal, book: Book, actions: Mapping[str, ActionRow]) -> Iterator[str]:
    """One release an approved action, delivered under its one id; the core applied what was released and no more."""
    released = {release.action_id: release for release in book.releases}
    applied = Counter(each.action for each in journal.delivered if each.is_applied)
    refused = {each.action for each in journal.delivered if each.reply == 422}
    for action in actions.values():
        reason = action.reason or ""
        was_refused = action.status == "failed" and reason.startswith("core:")
        if (action.id in released) != (action.status == "released" or was_refused):
            yield f"{action.reference} is {action.status} and its release does not fit that"
        if (action.id in refused) != was_refused:
            yield f"{action.reference}: the core's refusal and the bank's book differ"
        if applied[action.id] != (action.status == "released"):
            yield f"{action.reference} is {action.status} and was applied {applied[action.id]} times"
    for delivered in journal.delivered:
        row = released.get(delivered.action)
        if row is None or row.id != delivered.release:
            yield f"a release of {delivered.action} came that the book does not hold"
    if journal.untrusted:
        yield f"{journal.untrusted} releases came that the core could not trust"


def _policies(
    journal: Journal, book: Book, actions: Mapping[str, ActionRow], challenges: Mapping[str, list[ChallengeRow]]
) -> Iterator[str]:
    """Every release rests on signatures that satisfy its policy, given before it and before the deadline."""
    named = {each.action: set(each.signers) for each in journal.delivered}
    for release in book.releases:
        action, asked = actions[release.action_id], challenges[release.action_id]
        signed = [each for each in asked if each.status == "satisfied"]
        if not _satisfies(action, signed):
            yield f"{action.reference} was released against its policy"
        if any((each.ended_at or 0) >= action.expires_at for each in signed):
            yield f"{action.reference} was signed after its deadline"
        refusals = any(each.status == "refused" for each in asked)
        if refusals and policy_of(_company(action)).refusal == "action":
            yield f"{action.reference} was refused and released"
        if action.id in named and named[action.id] != {each.user_id for each in signed}:
            yield f"{action.reference}: the token names other signers than signed"


def _unreleased(
    book: Book, actions: Mapping[str, ActionRow], challenges: Mapping[str, list[ChallengeRow]]
) -> Iterator[str]:
    """Nothing that had all its signatures was let go by."""
    locked = {card.user_id for card in book.cards if card.status != "active"}
    for action in actions.values():
        signed = [each for each in challenges[action.id] if each.status == "satisfied" and each.user_id not in locked]
        if action.status in {"withdrawn", "expired"} and _satisfies(action, signed):
            yield f"{action.reference} is {action.status} and had every signature"


def _satisfies(action: ActionRow, signed: Sequence[ChallengeRow]) -> bool:
    policy = policy_of(_company(action))
    if policy.ordered:
        groups = [each.group_name for each in sorted(signed, key=lambda each: each.ended_at or 0)]
        return groups == [clause.group for clause in policy.clauses]
    return all(
        sum(clause.group in {None, each.group_name} for each in signed) >= clause.count for clause in policy.clauses
    )


def _company(action: ActionRow) -> int:
    return int(action.subscription_id.removeprefix("sub_"))


def _withdrawals(journal: Journal, actions: Mapping[str, ActionRow]) -> Iterator[str]:
    for withdrawn in journal.withdrawn:
        action = actions[withdrawn.action]
        if withdrawn.status != "withdrawn" or action.status != "withdrawn":
            yield f"{action.reference} was told to be {withdrawn.status} by a withdrawal and is {action.status}"


def _answers(journal: Journal, book: Book) -> Iterator[str]:
    """What a signer was told stands, says the same each time, and a code serves once."""
    challenges = {challenge.id: challenge for challenge in book.challenges}
    right = {offered.request: offered.is_right for offered in journal.offered}
    said: dict[str, str] = {}
    for told in journal.told:
        if told.answer is None:
            continue
        if said.setdefault(told.request, told.answer) != told.answer:
            yield f"request {told.request} was told {said[told.request]}, then {told.answer}"
        status = challenges[told.challenge].status
        if told.answer == "accepted" and (status != "satisfied" or not right.get(told.request)):
            yield f"request {told.request} was accepted; it was no right code, or its challenge is {status}"
        if told.answer in {"refused", "satisfied"} and status != told.answer:
            yield f"challenge {told.challenge} was told to be {told.answer} and is {status}"
    accepted = Counter(proof.challenge_id for proof in book.proofs if proof.answer == "accepted")
    for challenge in challenges.values():
        if accepted[challenge.id] != (challenge.status == "satisfied"):
            yield f"challenge {challenge.id} is {challenge.status} by {accepted[challenge.id]} accepted proofs"


def _counters(book: Book) -> Iterator[str]:
    """No counter of a card is consumed twice, and the card remembers the highest (RULES 4)."""
    consumed: defaultdict[str, list[int]] = defaultdict(list)
    for proof in book.proofs:
        verdict = msgspec.json.decode(proof.verdict, type=_Verdict) if proof.verdict else None
        if verdict is not None and verdict.right:
            consumed[proof.card_id].append(verdict.atc or 0)
    for card in book.cards:
        counters = consumed[card.id]
        if len(set(counters)) != len(counters):
            yield f"card {card.id}: one counter was accepted twice"
        if card.last_atc != max(counters, default=0):
            yield f"card {card.id} is at counter {card.last_atc}, and {max(counters, default=0)} was accepted"


def _attempts(journal: Journal, book: Book) -> Iterator[str]:
    """No more wrong codes were checked than there were attempts (RULES 7): per challenge, and per card in a row."""
    wrong = Counter(proof.challenge_id for proof in book.proofs if proof.status == "wrong")
    spent = Counter(proof.challenge_id for proof in book.proofs if proof.status in {"wrong", "right"})
    for challenge in book.challenges:
        if wrong[challenge.id] > _CHALLENGE_ATTEMPTS or spent[challenge.id] > _CHALLENGE_ATTEMPTS:
            yield f"challenge {challenge.id} had {spent[challenge.id]} codes checked"
    for proof in book.proofs:
        if proof.status == "checking":
            yield f"proof {proof.id} was never settled"
    in_a_row: Counter[str] = Counter()
    for told in journal.told:
        if told.answer == "proof_refused":
            in_a_row[told.card] += 1
        elif told.answer in {"accepted", "too_late"}:
            in_a_row[told.card] = 0
        if in_a_row[told.card] > 2 * _CARD_ATTEMPTS:  # each may have been told twice
            yield f"card {told.card} had {in_a_row[told.card]} wrong codes in a row checked"


def _audit(book: Book) -> Iterator[str]:
    """Every action's audit rows are numbered without a gap."""
    lines = {row.action_id: row for row in book.audit}
    for action in book.actions:
        row = lines.get(action.id)
        if row is None or not row.lines == row.last == action.audit_lines:
            yield f"{action.reference}: its audit rows have a gap"
