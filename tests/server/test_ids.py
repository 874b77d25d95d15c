import re

from server.ids import RandomIds
from tests.fakes import SteppedClock


def test_an_id_says_what_it_is_of_and_fits_an_address() -> None:
    made = RandomIds(SteppedClock()).make("act")
    assert re.fullmatch(r"act_[0-9a-hjkmnp-tv-z]{26}", made)


def test_ids_made_together_do_not_stand_together_in_an_index() -> None:
    ids = RandomIds(SteppedClock())
    assert len({ids.make("act")[:6] for _ in range(200)}) > 100


def test_ids_of_one_millisecond_differ() -> None:
    ids = RandomIds(SteppedClock())
    assert len({ids.make("act") for _ in range(1000)}) == 1000


def test_a_secret_holds_32_random_bytes() -> None:
    ids = RandomIds(SteppedClock())
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", ids.secret())
    assert ids.secret() != ids.secret()
