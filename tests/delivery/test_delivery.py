from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.delivery import (
    PROBLEM_TYPE,
    Delivered,
    Outcome,
    Patience,
    Recollection,
    Refused,
    Reply,
    Undecided,
    read_recollection,
    read_reply,
    record,
    revive,
)
from approvals.model.ids import ActionId
from approvals.model.release import DeliveryStatus, Release
from tests.builders import NOW, make_release

PATIENCE = Patience(first_pause=timedelta(seconds=1), longest_pause=timedelta(minutes=5), most_attempts=20)
DOWN = Undecided("unreachable")
PROBLEM = "application/problem+json"


def reply(status: int, content_type: str = PROBLEM, body: bytes = b"") -> Reply:
    return Reply(status=status, content_type=content_type, body=body)


def after(outcome: Outcome, *, times: int, jitter: float = 0.5) -> Release:
    release = make_release("act_1")
    for _ in range(times):
        release = record(release, outcome, PATIENCE, jitter, NOW)
    return release


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_every_2xx_is_done(status: int) -> None:
    assert read_reply(reply(status)) == Delivered()


@pytest.mark.parametrize("content_type", [PROBLEM, "Application/Problem+JSON; charset=utf-8"])
def test_422_with_a_problem_and_its_code_is_the_cores_no(content_type: str) -> None:
    told = reply(422, content_type, b'{"status": 422, "code": "account_closed"}')
    assert read_reply(told) == Refused("account_closed")


@pytest.mark.parametrize(
    "told",
    [
        reply(422, PROBLEM, b'{"title": "no code"}'),
        reply(422, PROBLEM, b'{"code": 7}'),
        reply(422, PROBLEM, b'{"code": ""}'),
        reply(422, PROBLEM, b'{"code": "two words"}'),
        reply(422, PROBLEM, b'{"code": "line\\n"}'),
        reply(422, PROBLEM, b'{"code": "cut'),
        reply(422, PROBLEM, b"\xff\xfe"),
        reply(422, PROBLEM, b'[{"code": "x"}]'),
        reply(422, "application/json", b'{"code": "account_closed"}'),
        reply(422, "", b'{"code": "account_closed"}'),
    ],
)
def test_any_other_422_is_undecided(told: Reply) -> None:
    assert read_reply(told) == Undecided("http_422")


@pytest.mark.parametrize("status", [100, 301, 302, 307, 400, 401, 404, 409, 410, 429, 500, 503])
def test_every_other_status_is_undecided_even_with_a_code(status: int) -> None:
    told = reply(status, PROBLEM, b'{"code": "account_closed"}')
    assert read_reply(told) == Undecided(f"http_{status}")


def test_a_failure_is_tried_again_later_each_time() -> None:
    pauses = [(after(DOWN, times=times).next_at - NOW).total_seconds() for times in range(1, 12)]
    assert pauses == [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 150, 150]


@given(st.integers(min_value=1, max_value=19), st.floats(min_value=0, max_value=1, exclude_max=True))
def test_no_pause_is_longer_than_the_longest(times: int, jitter: float) -> None:
    release = after(DOWN, times=times, jitter=jitter)
    assert release.status is DeliveryStatus.DUE
    assert timedelta(0) <= release.next_at - NOW <= PATIENCE.longest_pause


def test_a_delivery_is_given_up_after_its_last_attempt() -> None:
    assert after(DOWN, times=19).status is DeliveryStatus.DUE
    given_up = after(DOWN, times=20)
    assert (given_up.status, given_up.last_error, given_up.settled_at) == (DeliveryStatus.GIVEN_UP, "unreachable", NOW)


def test_the_default_patience_lasts_about_a_day() -> None:
    patience, release, hours = Patience(), make_release("act_1"), 0.0
    while release.status is DeliveryStatus.DUE:
        release = record(release, DOWN, patience, 0.5, NOW)
        hours += (release.next_at - NOW) / timedelta(hours=1)
    assert 20 < hours < 28


def test_the_bytes_and_the_id_never_change() -> None:
    first, later = make_release("act_1"), after(DOWN, times=7)
    assert (later.id, later.body, later.action_id) == (first.id, first.body, first.action_id)


def test_a_delivery_given_up_comes_back_with_all_its_attempts() -> None:
    revived = revive(after(DOWN, times=20), NOW)
    assert (revived.status, revived.attempts, revived.next_at) == (DeliveryStatus.DUE, 0, NOW)
    assert revived.settled_at is None


@pytest.mark.parametrize("status", [DeliveryStatus.DUE, DeliveryStatus.DELIVERED, DeliveryStatus.REFUSED])
def test_no_other_delivery_comes_back(status: DeliveryStatus) -> None:
    release = replace(make_release("act_1"), status=status)
    assert revive(release, NOW) is release


# --- after a restore ---------------------------------------------------------------------------------------


def recollection(status: int, body: bytes, content_type: str = "application/json") -> Recollection:
    return read_recollection(Reply(status=status, content_type=content_type, body=body), ActionId("act_1"))


def test_the_core_remembers_an_action_by_naming_it() -> None:
    assert recollection(200, b'{"action": "act_1", "at": 1}') is Recollection.CARRIED_OUT
    assert recollection(404, b'{"code": "action_unknown"}', PROBLEM_TYPE) is Recollection.NEVER_SEEN


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (200, b'{"action": "act_2"}', "application/json"),
        (200, b"<html>Bonjour</html>", "text/html"),
        (200, b"", "application/json"),
        (204, b'{"action": "act_1"}', "application/json"),
        (404, b"not found", "text/plain"),
        (404, b'{"code": "action_unknown"}', "application/json"),
        (404, b'{"code": "no_such_route"}', PROBLEM_TYPE),
        (401, b'{"code": "action_unknown"}', PROBLEM_TYPE),
        (503, b"", "text/plain"),
    ],
)
def test_what_a_proxy_might_say_as_well_is_no_answer(status: int, body: bytes, content_type: str) -> None:
    assert recollection(status, body, content_type) is Recollection.NO_ANSWER
