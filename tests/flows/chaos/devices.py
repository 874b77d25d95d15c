"""Whether every device came to know what the book holds: each event once, in order, and how each action ended. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from tests.flows.chaos.book import Book
from tests.flows.chaos.journal import Connection, DeviceJournal


def breaches(journals: Sequence[DeviceJournal], book: Book) -> Iterator[str]:
    """Yield everything a device missed, read out of order, or took for something else (CHANNELS, "Resume")."""
    heads = {inbox.user_id: inbox.head for inbox in book.inboxes}
    events = {(event.user_id, event.s): (event.kind, event.action_id) for event in book.events}
    statuses = {action.id: action.status for action in book.actions}
    for journal in journals:
        if journal.resets:
            yield f"device {journal.device} was reset {journal.resets} times by a bank that lost nothing"
        for connection in journal.connections:
            yield from _order(journal, connection)
        yield from _contents(journal, heads.get(journal.user, 0), events)
        yield from _views(journal, statuses)


def _order(journal: DeviceJournal, connection: Connection) -> Iterator[str]:
    """On one connection the numbers go on by one from what the device said it had."""
    for n, heard in enumerate(connection.heard, start=1):
        if heard.s != connection.after + n:
            yield f"device {journal.device}, which had {connection.after}, was sent {heard.s} as number {n}"
            return


def _contents(
    journal: DeviceJournal, head: int, events: Mapping[tuple[str, int], tuple[str, str | None]]
) -> Iterator[str]:
    """Duplicates dropped, the device has 1 to the head, and each is the book's own event."""
    numbers = {heard.s for heard in journal.heard}
    if numbers != set(range(1, head + 1)):
        missing = sorted(set(range(1, head + 1)) ^ numbers)
        yield f"device {journal.device} lacks or invented {len(missing)} of {head} events, from {missing[0]}"
    for heard in journal.heard:
        kind, action = events.get((journal.user, heard.s), (None, None))
        if heard.kind != kind or (action is not None and heard.subject != action):
            yield f"device {journal.device} read event {heard.s} as {heard.kind} and the book holds {kind}"


def _views(journal: DeviceJournal, statuses: Mapping[str, str]) -> Iterator[str]:
    """The last a signed-in device was shown of an action is how it ended; final is final meanwhile."""
    shown: dict[str, str] = {}
    for heard in journal.heard:
        if heard.subject is None or heard.status is None:
            continue
        before = shown.get(heard.subject)
        if before in {"released", "rejected", "withdrawn", "expired", "failed"} and before != heard.status:
            yield f"device {journal.device} was shown {heard.subject} {before}, then {heard.status}"
        shown[heard.subject] = heard.status
    for subject, status in shown.items():
        if statuses.get(subject) != status:
            yield f"device {journal.device} shows {subject} as {status} and it is {statuses.get(subject)}"
