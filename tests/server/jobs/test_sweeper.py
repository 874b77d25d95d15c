import asyncio
from datetime import timedelta

import pytest

from server.jobs.sweeper import Sweeper


async def test_a_chore_that_fails_holds_up_neither_the_others_nor_its_next_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []

    async def failing() -> None:
        done.append("failing")
        raise ValueError("the reason")

    async def working() -> None:
        done.append("working")

    sweeper = Sweeper({"failing": failing, "working": working}, every=timedelta(milliseconds=5))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await sweeper.run()
    assert done[:4] == ["failing", "working", "failing", "working"]
    assert caplog.records[0].getMessage() == "chore failed"
