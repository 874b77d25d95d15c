"""Compares what people and core saw with what the database holds: every breach of the rules, in one line each. Pure.

The rules are RULES.md's and CHANNELS.md's, read here anew: nothing of the product decides what is right.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from approvals.model.policy import Policy, Refusal
from tests.flows.chaos import devices
from tests.flows.chaos.book import ActionRow, Book, ChallengeRow
from tests.flows.chaos.journal import Journal
from tests.flows.chaos.town import policy_of

FINAL: Final = frozenset({"released", "rejected", "withdrawn", "expired", "failed"})
_DROPPED_OUT: Final = frozenset({"refused", "exhausted"})
_CHALLENGE_ATTEMPTS: Final = 3
_CARD_ATTEMPTS: Final = 3
_TOLERANCE: Final = 2.0  # seconds: what devices show, seen by this machine's clock
_LATEST: Final = 1000  # milliseconds: as far as a node's clock may be from the database's


class _Verdict(msgspec.Struct):
    right: bool
    atc: int | None = None


def breaches(journal: Journal, book: Book) -> list[str]:
    """Return everything that must not be."""
    actions = {action.id: action for action in book.actions}
    trails = _trails(book)
    found = [
        *_openings(journal, actions),
        *_ends(book, actions),
        *_releases(journal, book, actions),
        *_policies(journal, book, trails),
        *_unreleased(book, trails),
        *_causes(journal, book, trails),
        *_withdrawals(journal, actions),
        *_answers(journal, book),
        *_counters(book),
        *_attempts(journal, book),
        *_audit(book),
        *_deadlines(journal, book),
        *devices.breaches(journal.devices, book),
    ]
    return [*found, *(f"the bank told of a fault of its own (500): {each}" for each in journal.faults_of_the_bank)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trail:
    """One action and who signed it, in the order of its audit: nodes' clocks may have differed."""

    action: ActionRow
    policy: Policy
    signed: Sequence[ChallengeRow]
    unsigned: Sequence[ChallengeRow]
    is_refused: bool

    def groups_without(self, locked: Collection[str]) -> Sequence[str]:
        """The groups of those who signed, and then of those who still could have, in the order of their turn."""
        able = [each for each in self.unsigned if each.user_id not in locked and each.status not in _DROPPED_OUT]
        return [*(each.group_name for each in self.signed), *sorted(each.group_name for each in able)]

    @property
    def signers(self) -> set[str]:
        return {each.user_id for each in self.signed}


def _trails(book: Book) -> Mapping[str, _Trail]:
    challenges: defaultdict[str, list[ChallengeRow]] = defaultdict(list)
    for challenge in book.challenges:
        challenges[challenge.action_id].append(challenge)
    turn = {(row.action_id, row.actor): row.n or 0 for row in book.audit if row.code == "challenge_satisfied"}
    return {
        action.id: _Trail(
            action=action,
            policy=policy_of(int(action.subscription_id.removeprefix("sub_"))),
            signed=sorted(
                (each for each in challenges[action.id] if each.status == "satisfied"),
                key=lambda each: turn.get((each.action_id, f"user:{each.user_id}"), 0),
            ),
            unsigned=[each for each in challenges[action.id] if each.status != "satisfied"],
            is_refused=any(each.status == "refused" for each in challenges[action.id]),
        )
        for action in book.actions
    }


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
    contents: dict[str, str] = {}
    for delivered in journal.delivered:
        row = released.get(delivered.action)
        if row is None or row.id != delivered.release:
            yield f"a release of {delivered.action} came that the book does not hold"
        if delivered.webhook != delivered.release:
            yield f"the release of {delivered.action} came under another id: {delivered.webhook}"
        if contents.setdefault(delivered.action, delivered.content) != delivered.content:
            yield f"the release of {delivered.action} came a second time and said something else"
    if journal.untrusted:
        yield f"{journal.untrusted} releases came that the core could not trust"


def _policies(journal: Journal, book: Book, trails: Mapping[str, _Trail]) -> Iterator[str]:
    """Every release rests on signatures that satisfy its policy, given before it and before the deadline."""
    named = {each.action: set(each.signers) for each in journal.delivered}
    for release in book.releases:
        trail = trails[release.action_id]
        name, signed = trail.action.reference, trail.signed
        if not _satisfies(trail.policy, [each.group_name for each in signed]):
            yield f"{name} was released against its policy"
        if any((each.ended_at or 0) >= trail.action.expires_at for each in signed):
            yield f"{name} was signed after its deadline"
        if trail.is_refused and trail.policy.refusal is Refusal.ACTION:
            yield f"{name} was refused and released"
        if named.get(release.action_id, trail.signers) != trail.signers:
            yield f"{name}: the token names other signers than signed"


def _unreleased(book: Book, trails: Mapping[str, _Trail]) -> Iterator[str]:
    """Nothing that had all its signatures was let go by."""
    locked = {card.user_id for card in book.cards if card.status != "active"}
    for trail in trails.values():
        groups = [each.group_name for each in trail.signed if each.user_id not in locked]
        if trail.action.status in {"withdrawn", "expired"} and _satisfies(trail.policy, groups):
            yield f"{trail.action.reference} is {trail.action.status} and had every signature"


def _causes(journal: Journal, book: Book, trails: Mapping[str, _Trail]) -> Iterator[str]:
    """What was not released ended for its reason, and a refusal that stands ended its action (RULES 2, 3)."""
    locked = {card.user_id for card in book.cards if card.status != "active"}
    for trail in trails.values():
        action, told = trail.action, f"{trail.action.reference} is {trail.action.status}"
        if (trail.is_refused and trail.policy.refusal is Refusal.ACTION) != (action.status == "rejected"):
            yield f"{told} and was {'' if trail.is_refused else 'not '}refused"
        if action.status == "withdrawn" and action.id not in journal.asked_back:
            yield f"{told} and nobody asked for it"
        if action.status == "expired" and (action.ended_at or 0) < action.expires_at:
            yield f"{told} and had time left"
        failed_by_itself = action.status == "failed" and not (action.reason or "").startswith("core:")
        if failed_by_itself and _satisfies(trail.policy, trail.groups_without(locked)):
            yield f"{told}, and those who are left could have signed"


def _satisfies(policy: Policy, groups: Sequence[str]) -> bool:
    """Whether these groups, in the order they signed, are enough."""
    begins = 0
    for clause in policy.clauses:
        places = [n for n, group in enumerate(groups) if clause.group in {None, group}]
        if len(places) < clause.count or (policy.ordered and places[0] < begins):
            return False
        begins = places[clause.count - 1]
    return True


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
    """Every action's audit is numbered without a gap and tells one end, the one it came to."""
    numbers: defaultdict[str | None, list[int]] = defaultdict(list)
    ends: defaultdict[str | None, list[str]] = defaultdict(list)
    for row in book.audit:
        numbers[row.action_id].append(row.n or 0)
        if row.code.removeprefix("action_") in FINAL:
            ends[row.action_id].append(row.code.removeprefix("action_"))
    for action in book.actions:
        if sorted(numbers[action.id]) != list(range(1, action.audit_lines + 1)):
            yield f"{action.reference}: its audit has a gap"
        if action.status in FINAL and ends[action.id] != [action.status]:
            yield f"{action.reference} is {action.status} and its audit tells {ends[action.id]}"


def _deadlines(journal: Journal, book: Book) -> Iterator[str]:
    """Nothing expired before the time it was shown with, or was signed after it by the database's clock (RULES 4)."""
    action_of = {challenge.id: challenge.action_id for challenge in book.challenges}
    expires: dict[str, float] = {}
    early: dict[str, float] = {}
    for heard in (each for device in journal.devices for each in device.heard):
        if heard.subject is not None and heard.expires is not None:
            expires[heard.subject] = heard.expires
            if heard.status == "expired" and heard.at < heard.expires - _TOLERANCE:
                early[heard.subject] = heard.expires - heard.at
    for action, seconds in early.items():
        yield f"{action} expired {seconds:.0f} s before its time"
    ends = {action.id: action.expires_at for action in book.actions}
    for proof in book.proofs:
        if proof.answer == "accepted" and proof.challenge_id is not None:
            late = proof.committed_at - ends[action_of[proof.challenge_id]]
            if late > _LATEST:
                yield f"proof {proof.id} was accepted {late} ms late"
