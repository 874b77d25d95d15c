"""The secret of a letter: made at printing, good once, for thirty days."""

from datetime import timedelta

import pytest

from approvals.credentials.activation import LIFE, print_letter, read, use, written
from approvals.credentials.refusals import ActivationExpired
from approvals.errors import NotFound
from approvals.model.activation import Activation, LetterStatus
from approvals.model.ids import UserId
from tests.builders import NOW

DIGEST, OTHER = b"\x01" * 32, b"\x02" * 32
DUE = Activation(user_id=UserId("usr_anna"), status=LetterStatus.DUE, ordered_at=NOW)


def test_a_secret_is_read_as_a_person_may_type_it() -> None:
    assert written("7f0k2m9x4c1vw3ha") == "7F0K-2M9X-4C1V-W3HA"
    for typed in ("7F0K-2M9X-4C1V-W3HA", "7fok 2m9x 4civ w3ha", "7FOK2M9X4CLVW3HA"):
        assert read(typed) == "7f0k2m9x4c1vw3ha"


def test_the_right_secret_serves_once() -> None:
    used = use(print_letter(DUE, DIGEST, NOW), DIGEST, NOW)
    assert used is not None
    assert (used.status, used.used_at, used.secret_digest) == (LetterStatus.USED, NOW, None)
    assert use(used, DIGEST, NOW) is None


def test_another_secret_a_letter_not_printed_and_nobodys_are_all_refused_alike() -> None:
    assert use(print_letter(DUE, DIGEST, NOW), OTHER, NOW) is None
    assert use(DUE, bytes(32), NOW) is None
    assert use(None, bytes(32), NOW) is None


def test_printed_again_the_former_secret_is_void() -> None:
    again = print_letter(print_letter(DUE, DIGEST, NOW), OTHER, NOW)
    assert use(again, DIGEST, NOW) is None
    assert use(again, OTHER, NOW) is not None


def test_a_letter_that_was_used_is_not_printed_again() -> None:
    used = use(print_letter(DUE, DIGEST, NOW), DIGEST, NOW)
    for wanted in (used, None):
        with pytest.raises(NotFound):
            print_letter(wanted, OTHER, NOW)


def test_an_old_letter_is_told_apart_behind_its_secret_alone() -> None:
    printed = print_letter(DUE, DIGEST, NOW)
    assert use(printed, DIGEST, NOW + LIFE - timedelta(seconds=1)) is not None
    assert use(printed, OTHER, NOW + LIFE) is None
    with pytest.raises(ActivationExpired):
        use(printed, DIGEST, NOW + LIFE)
