from datetime import timedelta

import pytest

from channels.push.outcomes import Gone, Later, Outcome, Refused, Sent, Shut, again_at, read_retry_after, worst
from tests.builders import NOW


@pytest.mark.parametrize(
    ("outcomes", "decides"),
    [
        ([Sent(), Sent()], Sent()),
        ([Refused("a"), Sent()], Refused("a")),
        ([Refused("a"), Later("b")], Later("b")),
        ([Later("b"), Shut("c")], Shut("c")),
        ([Shut("c"), Gone("d")], Gone("d")),
    ],
)
def test_the_worst_of_several_messages_decides(outcomes: list[Outcome], decides: Outcome) -> None:
    assert worst(outcomes) == decides


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 15), (1, 30), (4, 240), (16, 3600), (1_000, 3600)])
def test_pauses_grow_to_an_hour(attempts: int, seconds: int) -> None:
    assert again_at(NOW, attempts, Later("x"), 0.0) == NOW + timedelta(seconds=seconds / 2)
    assert again_at(NOW, attempts, Later("x"), 0.999) <= NOW + timedelta(seconds=seconds)


def test_what_the_service_asks_for_is_waited_for_and_six_hours_at_most() -> None:
    assert again_at(NOW, 0, Later("x", timedelta(minutes=7)), 0.0) == NOW + timedelta(minutes=7)
    assert again_at(NOW, 0, Later("x", timedelta(days=9)), 0.0) == NOW + timedelta(hours=6)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 02 Mar 2026 09:00:30 GMT", timedelta(seconds=30)),
        ("Mon, 02 Mar 2020 09:00:30 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("999999999999", None),
        (None, None),
    ],
)
def test_a_wait_is_read_in_seconds_or_as_a_date(written: str | None, read: timedelta | None) -> None:
    assert read_retry_after(written, NOW) == read
