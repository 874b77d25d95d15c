"""What Prometheus reads: counted from committed transactions, read from the house, documented and on the board."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from prometheus_client.parser import text_string_to_metric_families

from approvals.delivery import Delivered, Outcome, Refused, Undecided
from approvals.desk.inbox import InboxDesk
from approvals.errors import StoreUnavailable
from approvals.model.audit import AuditEntry
from approvals.model.ids import ActionId, SubscriptionId
from approvals.model.push import FcmTarget, PushChannel
from approvals.model.reader import CODE_KEY
from approvals.model.release import Release
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import Database
from channels.fanout.local import LocalFanout
from channels.hub.hub import Hub
from channels.push import outcomes as push
from server.clock import ClockGuard, FollowedClock
from server.ids import RandomIds, made_at
from server.metrics.edges import CountingChecker, CountingPush, CountingSender
from server.metrics.figures import Figures
from server.metrics.loop import watch_loop
from server.metrics.standing import Exposition, Watched
from tests.fakes import SteppedClock
from tests.house import House, mine, release_of
from tests.joined_desks import Parts

ROOT = Path(__file__).parents[2]
OUTCOMES = ("sent", "gone", "later", "refused", "shut")
Result = TypeVar("Result")
Samples = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A house that is looked at, and who looks."""

    house: House
    figures: Figures
    exposition: Exposition

    async def samples(self) -> Samples:
        return samples_of((await self.exposition.text()).decode())


def samples_of(text: str) -> Samples:
    """Every sample by name and labels (`name{a=x,b=y}`)."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


@pytest.fixture
def seen(database: Database, tmp_path: Path) -> Seen:
    figures = Figures()
    house = House(Parts(book=SqlBook(database, [figures.watch]), folder=tmp_path))
    return Seen(house=house, figures=figures, exposition=Exposition(figures, watched_of(house, database)))


def watched_of(house: House, database: Database) -> Watched:
    fanout = LocalFanout()
    return Watched(
        book=house.book,
        database=database,
        clock=house.clock,
        guard=ClockGuard(house.clock, FollowedClock(house.clock)),
        hub=Hub(fanout=fanout, inboxes=InboxDesk(house.book), spread=max),
        fanout=fanout,
    )


async def test_an_approval_is_counted_from_its_opening_to_its_release_row(seen: Seen) -> None:
    house = seen.house
    anne, _, _ = await house.found()
    sheet = await house.hold()
    before = await seen.samples()
    assert before["contreseing_actions_waiting{status=pending}"] == 1
    signed_in = await house.sign_in(anne)
    house.clock.advance(seconds=40)
    await house.answers.answer(signed_in.login.id, mine(sheet, anne).id, anne.answer(mine(sheet, anne).reader_input))
    house.clock.advance(seconds=20)
    after = await seen.samples()
    assert after["contreseing_actions_total{status=opened}"] == 1
    assert after["contreseing_actions_total{status=approved}"] == 1
    assert after["contreseing_challenges_total{status=satisfied}"] == 1
    assert after["contreseing_challenges_total{status=closed}"] == 1
    assert after["contreseing_sign_ins_total{outcome=accepted}"] == 1
    assert after["contreseing_time_to_sign_seconds_sum"] == 40
    assert after["contreseing_actions_waiting{status=pending}"] == 0
    assert after["contreseing_actions_waiting{status=approved}"] == 1
    assert (after["contreseing_outbox_due"], after["contreseing_outbox_oldest_seconds"]) == (1, 20)


async def test_what_was_rolled_back_is_not_counted(seen: Seen) -> None:
    entry = AuditEntry(code="card_locked", actor="system", at=seen.house.clock.now())

    async def note(ledger: Ledger) -> None:
        await ledger.audit.append([entry])

    async def note_and_fail(ledger: Ledger) -> None:
        await note(ledger)
        raise ValueError("the reason")

    with pytest.raises(ValueError, match="the reason"):
        await seen.house.book.transaction(note_and_fail)
    assert "contreseing_locks_total{what=card}" not in await seen.samples()
    await seen.house.book.transaction(note)
    assert (await seen.samples())["contreseing_locks_total{what=card}"] == 1


class Away:
    """The Book port: a database that cannot be reached."""

    async def transaction(
        self, work: Callable[[Ledger], Awaitable[Result]], *, of: SubscriptionId | None = None
    ) -> Result:
        del of
        return await self.reading(work)

    async def lookup(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        return await self.reading(work)

    async def statement(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        return await self.reading(work)

    async def reading(self, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
        del work
        raise StoreUnavailable("the database cannot be reached")


async def test_a_database_that_is_away_leaves_the_other_figures(seen: Seen, database: Database) -> None:
    assert "contreseing_outbox_due" in await seen.samples()
    figures, watched = Figures(), watched_of(seen.house, database)
    left = samples_of((await Exposition(figures, replace(watched, book=Away())).text()).decode())
    assert "contreseing_outbox_due" not in left
    assert left["contreseing_sockets"] == 0


async def test_an_audit_line_about_an_id_of_another_making_is_counted_all_the_same(seen: Seen) -> None:
    now = seen.house.clock.now()
    strange = AuditEntry(code="challenge_satisfied", actor="system", at=now, action_id=ActionId("act_1"))
    seen.figures.watch([strange])
    samples = await seen.samples()
    assert samples["contreseing_challenges_total{status=satisfied}"] == 1
    assert samples["contreseing_time_to_sign_seconds_count"] == 0


# --- the edges ----------------------------------------------------------------------------------------------


async def test_right_and_wrong_proofs_are_counted_apart(seen: Seen) -> None:
    anne, _, _ = await seen.house.found()
    checker = CountingChecker(seen.house.checker, seen.figures)
    for proof in (anne.code_key(), anne.wrong(), anne.wrong()):
        await checker.check_cap(anne.card, CODE_KEY, proof)
    await checker.check_resync(anne.card, anne.code_key(), anne.code_key())
    samples = await seen.samples()
    assert samples["contreseing_proofs_total{means=cap,verdict=right}"] == 2
    assert samples["contreseing_proofs_total{means=cap,verdict=wrong}"] == 2


class Core:
    """The Sender port: the core's next answers."""

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = iter(outcomes)

    async def send(self, release: Release) -> Outcome:
        del release
        return next(self._outcomes)


async def test_attempts_to_deliver_are_counted_by_what_came_of_them(seen: Seen) -> None:
    house = seen.house
    anne, _, _ = await house.found()
    sheet = await house.hold()
    signed_in = await house.sign_in(anne)
    await house.answers.answer(signed_in.login.id, mine(sheet, anne).id, anne.answer(mine(sheet, anne).reader_input))
    release = await release_of(house, sheet)
    assert release is not None
    sender = CountingSender(Core(Undecided("timeout"), Undecided("http_500"), Refused("no"), Delivered()), seen.figures)
    for _ in range(4):
        await sender.send(release)
    samples = await seen.samples()
    assert samples["contreseing_delivery_attempts_total{outcome=undecided}"] == 2
    assert samples["contreseing_delivery_attempts_total{outcome=refused}"] == 1
    assert samples["contreseing_delivery_attempts_total{outcome=delivered}"] == 1


class Service:
    """A push service whose answers are given."""

    at_once = 9

    def __init__(self, *outcomes: push.Outcome) -> None:
        self._outcomes = outcomes

    async def send(self, parcels: Sequence[push.Parcel]) -> Sequence[push.Outcome]:
        del parcels
        return self._outcomes


async def test_wake_ups_are_counted_by_channel_and_by_what_came_of_them(seen: Seen) -> None:
    service = Service(push.Sent(), push.Sent(), push.Gone("x"), push.Later("x"), push.Refused("x"), push.Shut("x"))
    counting = CountingPush(PushChannel.FCM, service, seen.figures)
    assert counting.at_once == 9
    await counting.send([])
    samples = await seen.samples()
    counted = {outcome: samples[f"contreseing_push_total{{channel=fcm,outcome={outcome}}}"] for outcome in OUTCOMES}
    assert counted == {"sent": 2, "gone": 1, "later": 1, "refused": 1, "shut": 1}


async def test_devices_that_are_to_be_woken_show_with_the_age_of_what_they_wait_for(seen: Seen) -> None:
    house = seen.house
    anne, _, _ = await house.found()
    signed_in, _ = await house.enrol(anne)
    await house.push.subscribe(signed_in.login.id, FcmTarget(registration="of-a-phone"))
    assert (await seen.samples())["contreseing_push_behind"] == 0
    await house.hold()
    house.clock.advance(seconds=42)
    samples = await seen.samples()
    assert (samples["contreseing_push_behind"], samples["contreseing_push_lag_seconds"]) == (1, 42)


async def test_a_loop_that_is_held_up_shows(seen: Seen) -> None:
    watching = asyncio.create_task(watch_loop(seen.figures.loop_lag))
    await asyncio.sleep(0.05)
    time.sleep(0.6)  # noqa: ASYNC251  # holding the loop up is the point
    await asyncio.sleep(0.05)
    watching.cancel()
    assert (await seen.samples())["contreseing_loop_lag_seconds_sum"] > 0.3


# --- the page and the board ---------------------------------------------------------------------------------


def names(text: str) -> set[str]:
    """The metrics the server has, by their types."""
    return {name for name in re.findall(r"^# TYPE (contreseing_\w+) ", text, re.MULTILINE) if "_created" not in name}


async def test_the_page_documents_every_metric_and_no_other(seen: Seen) -> None:
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    rows = re.findall(r"^\| `(contreseing_\w+)` \| (\w+) \|", page, re.MULTILINE)
    text = (await seen.exposition.text()).decode()
    types = re.findall(r"^# TYPE (contreseing_\w+) (\w+)$", text, re.MULTILINE)
    assert sorted(rows) == sorted((name, kind) for name, kind in types if name in names(text))


async def test_every_metric_the_board_asks_for_exists_and_all_are_asked_for(seen: Seen) -> None:
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    asked_for = {name.removesuffix("_bucket") for name in re.findall(r"contreseing_\w+", asked)}
    assert asked_for == names((await seen.exposition.text()).decode())


def test_the_board_s_panels_stand_apart() -> None:
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in board["panels"]}) == len(places)


# --- ids that tell their time -------------------------------------------------------------------------------


def test_an_id_tells_when_it_was_made_and_no_other_text_does() -> None:
    clock = SteppedClock()
    clock.advance(milliseconds=123)
    assert made_at(RandomIds(clock).make("act")) == clock.now()
    for other in ("", "act_1", "act_" + "u" * 26, "act_" + "z" * 26, "act_" + "0" * 27):
        assert made_at(other) is None
