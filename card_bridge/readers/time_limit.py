"""A call into the reader service that may never come back: it is given so long, then left to itself."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NoReturn, TypeVar

from card_bridge.readers.refusals import CardSilent

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """What the call returns or raises. Raises CardSilent when it does neither in time.

    A thread of its own: no signal and no cancelling ends a call that waits for a dead card, and a daemon does not
    keep the program from ending.
    """
    outcome: SimpleQueue[Callable[[], T]] = SimpleQueue()

    def run() -> None:
        try:
            result = call()
        except Exception as failure:  # noqa: BLE001  # raised again in the thread that waits
            outcome.put(_raising(failure))
        else:
            outcome.put(lambda: result)

    Thread(target=run, daemon=True, name="card").start()
    try:
        finished = outcome.get(timeout=seconds)
    except Empty:
        raise CardSilent from None
    return finished()


def _raising(failure: Exception) -> Callable[[], NoReturn]:
    def fail() -> NoReturn:
        raise failure

    return fail
