"""What took place in a run, counted and timed: for people to read, and to see that it was a run at all."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.flows.chaos.book import Book
from tests.flows.chaos.journal import Delivered, DeviceJournal, Journal
from tests.flows.chaos.keeping import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts, and seconds.

    `sent_again` are deliveries of what the core had said yes to. `apart` is the longest that one device of a person
    knew an event and the other did not, `settled` how long after the last fault was mended everything had ended and
    every device knew.
    """

    actions: Mapping[str, int]
    deliveries: int
    applied: int
    sent_again: int
    answers: Mapping[str, int]
    kills: int
    kills_at_commits: Mapping[str, int]
    lives: int
    false_starts: int
    faults: Mapping[str, int]
    events: int
    connections: int
    cards_locked: int
    logged_errors: Mapping[str, int]
    apart: float
    settled: float

    def lines(self) -> Iterator[str]:
        """Yield them as text."""
        yield f"actions: {sum(self.actions.values())} ({_listed(self.actions)})"
        yield f"releases: {self.deliveries} deliveries, {self.applied} applied, {self.sent_again} again after a yes"
        yield f"requests of signers, as told: {_listed(self.answers)}; cards locked: {self.cards_locked}"
        yield f"node processes: {self.lives} lives, {self.kills} kills, {self.false_starts} false starts"
        yield f"killed right after a commit: {_listed(self.kills_at_commits)}"
        yield f"faults: {_listed(self.faults)}"
        yield f"devices: {self.events} events over {self.connections} connections"
        yield f"slowest convergence: {self.apart:.1f} s between two devices of one person"
        yield f"everything ended and known {self.settled:.1f} s after the last fault was mended"
        yield f"errors the nodes logged: {_listed(self.logged_errors) or 'none'}"


def figures_of(
    journal: Journal, book: Book, kept: Sequence[Kept], faults: Mapping[str, int], settled: float
) -> Figures:
    return Figures(
        actions=Counter(action.status for action in book.actions),
        deliveries=len(journal.delivered),
        applied=sum(each.is_applied for each in journal.delivered),
        sent_again=_sent_again(journal.delivered),
        answers=Counter(told.answer or told.error or "no reply" for told in journal.told),
        kills=sum(each.kills for each in kept),
        kills_at_commits=Counter(commit.value for each in kept for commit in each.killed_at.elements()),
        lives=sum(len(each.past) for each in kept),
        false_starts=sum(each.false_starts for each in kept),
        faults=faults,
        events=sum(len(device.heard) for device in journal.devices),
        connections=sum(len(device.connections) for device in journal.devices),
        cards_locked=sum(card.status == "locked" for card in book.cards),
        logged_errors=_logged_errors(kept),
        apart=_apart(journal.devices),
        settled=settled,
    )


def _sent_again(delivered: Sequence[Delivered]) -> int:
    taken: set[str] = set()
    again = 0
    for each in delivered:
        again += each.action in taken
        if each.reply == 204:
            taken.add(each.action)
    return again


def _apart(devices: Sequence[DeviceJournal]) -> float:
    first: defaultdict[tuple[str, int], dict[str, float]] = defaultdict(dict)
    for device in devices:
        for heard in device.heard:
            first[device.user, heard.s].setdefault(device.device, heard.at)
    return max((max(times.values()) - min(times.values()) for times in first.values()), default=0.0)


def _logged_errors(kept: Sequence[Kept]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for each in kept:
        for node in each.past:
            found.update(str(line["message"]) for line in node.lines() if line["level"] in {"error", "critical"})
    return found


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
