"""How long to wait before trying again: exponential, with full jitter, a bounded number of times."""

from collections.abc import Iterator
from random import SystemRandom

_random = SystemRandom()


def pauses(tries: int, *, first: float, longest: float) -> Iterator[float]:
    """Yield `tries` pauses in seconds, each drawn from 0 to a ceiling that doubles from `first` to `longest`.

    Full jitter, since writers who lost together would otherwise come back together.
    """
    ceiling = first
    for _ in range(tries):
        yield _random.uniform(0, ceiling)
        ceiling = min(ceiling * 2, longest)
