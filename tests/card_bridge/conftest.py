"""A real reader, and cards of the demo's kind for it."""

from collections.abc import Iterator

import pytest

from tests.pcsc import Pcscd, running_pcscd


@pytest.fixture(scope="session")
def pcscd() -> Iterator[Pcscd]:
    with running_pcscd() as service:
        yield service
