from datetime import timedelta

from channels.hub.door import Door, DoorRates, TurnedAway
from channels.session.bucket import Bucket, Rate
from tests.builders import NOW

ROOMY = Rate(burst=1000, per_second=1000)
NARROW = Rate(burst=2, per_second=0.1)


def test_an_address_that_comes_too_often_is_told_when_to_come_back() -> None:
    door = Door(DoorRates(node=ROOMY, address=NARROW), NOW)
    assert [door.enter("192.0.2.1", NOW) for _ in range(3)] == [None, None, TurnedAway(status=429, retry_after=10)]


def test_another_address_is_not_kept_out_by_it() -> None:
    door = Door(DoorRates(node=ROOMY, address=NARROW), NOW)
    for _ in range(3):
        door.enter("192.0.2.1", NOW)
    assert door.enter("192.0.2.2", NOW) is None


def test_a_busy_node_says_so_to_everybody() -> None:
    door = Door(DoorRates(node=NARROW, address=ROOMY), NOW)
    turned_away = [door.enter(f"192.0.2.{n}", NOW) for n in range(3)]
    assert turned_away == [None, None, TurnedAway(status=503, retry_after=10)]


def test_who_waited_as_told_comes_in() -> None:
    door = Door(DoorRates(node=ROOMY, address=NARROW), NOW)
    for _ in range(3):
        door.enter("192.0.2.1", NOW)
    assert door.enter("192.0.2.1", NOW + timedelta(seconds=9)) is not None
    assert door.enter("192.0.2.1", NOW + timedelta(seconds=10)) is None


def test_an_address_turned_away_takes_no_place_from_the_house() -> None:
    door = Door(DoorRates(node=Rate(burst=3, per_second=0.1), address=NARROW), NOW)
    for _ in range(50):
        door.enter("192.0.2.1", NOW)
    assert door.enter("192.0.2.2", NOW) is None


def test_a_million_addresses_are_not_all_remembered() -> None:
    door = Door(DoorRates(node=Rate(burst=30_000, per_second=1), address=NARROW), NOW)
    for n in range(12_000):
        door.enter(str(n), NOW)
    assert door.remembered <= 10_001


def test_time_that_goes_backwards_gives_nothing() -> None:
    empty = Bucket(rate=NARROW, level=0, at=NOW)
    assert empty.refilled(NOW - timedelta(hours=1)).level == 0
