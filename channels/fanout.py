"""Carries hints from where an inbox grew to where its person is connected: "inbox X, head n", and nothing else.

A hint may be lost: heads are read again every 30 to 60 s, so a lost one costs seconds, never an event.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from approvals.model.ids import UserId

Listener: TypeAlias = Callable[[Mapping[UserId, int]], None]


class Fanout(Protocol):
    """To every node of the house."""

    async def publish(self, heads: Mapping[UserId, int]) -> None: ...

    def listen(self, listener: Listener) -> None:
        """Call it with every hint from now on, this node's own included."""
        ...


class LocalFanout:
    """One node: a hint is a call."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    async def publish(self, heads: Mapping[UserId, int]) -> None:
        for listener in self._listeners:
            listener(heads)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)
