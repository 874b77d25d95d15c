"""What the people do, from the seed alone: each decision has its own draw, so that no delay elsewhere changes it."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Fate(StrEnum):
    """What the bank means to happen to one action; a race may end it otherwise."""

    SIGN = "sign"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    FORGET = "forget"
    LATE = "late"  # everybody answers about when its time is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How the core opens one action; `pause` is the seconds before a withdrawal."""

    company: int
    fate: Fate
    is_linked: bool
    asks_again: bool
    node: int
    pause: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How one signer deals with one challenge. `pause` in seconds; `node` is asked first.

    `wrong_first` offers a wrong code before the right one; `twice` sends one request over both nodes at once, `at_once`
    one code as two requests; `again` offers a code that was accepted once more, as a new request; `gives_up` never asks
    again after a lost reply.
    """

    refuses: bool
    pause: float
    node: int
    by_stream: bool
    wrong_first: bool
    twice: bool
    again: bool
    gives_up: bool
    at_once: bool


_FATES = {Fate.SIGN: 76, Fate.REFUSE: 8, Fate.WITHDRAW: 10, Fate.FORGET: 3, Fate.LATE: 3}

_TOGETHER = 0.3


def draw(seed: int, *subject: object) -> Random:
    """Return the generator of one decision."""
    return Random("/".join(map(str, (seed, *subject))))  # noqa: S311  # reproducible on purpose, and no secret


def opening_of(seed: int, number: int, *, companies: int, may_wait: bool) -> Opening:
    """Return what becomes of action `number`; unless it `may_wait`, none is left to its time limit."""
    chance = draw(seed, "opening", number)
    fate = chance.choices(list(_FATES), list(_FATES.values()))[0]
    if fate in {Fate.FORGET, Fate.LATE} and not may_wait:
        fate = Fate.SIGN
    return Opening(
        company=chance.randrange(companies),
        fate=fate,
        is_linked=chance.random() < 0.5,
        asks_again=chance.random() < 0.15,
        node=chance.randrange(2),
        pause=chance.uniform(0.0, 1.2),
    )


def signing_of(seed: int, number: int, fate: Fate, signer: str) -> Signing:
    """Return how this signer deals with action `number`."""
    together = draw(seed, "together", number)  # some actions are signed by all of their people at once
    chance = draw(seed, "signing", number, signer)
    pause = together.uniform(0.0, 1.0) if together.random() < _TOGETHER else chance.uniform(0.0, 1.0)
    return Signing(
        refuses=chance.random() < (0.5 if fate is Fate.REFUSE else 0.0),
        pause=pause,
        node=chance.randrange(2),
        by_stream=chance.random() < 0.5,
        wrong_first=chance.random() < 0.03,
        twice=chance.random() < 0.1,
        again=chance.random() < 0.1,
        gives_up=chance.random() < 0.03,
        at_once=chance.random() < 0.05,
    )


def reference_of(number: int, fate: Fate) -> str:
    """Return the core's own word for an action: devices read its fate there."""
    return f"{number}-{fate}"


def read_reference(reference: str) -> tuple[int, Fate]:
    number, _, fate = reference.partition("-")
    return int(number), Fate(fate)
