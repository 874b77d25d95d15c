"""The targets of `make fuzz`, which itself runs apart: its packages are not those of the suite."""

import pytest

from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_every_target_takes_nothing_zeros_and_noise(name: str) -> None:
    for fed in (b"", bytes(300), bytes(range(256)), b"\xff" * 300):
        TARGETS[name](fed)
