"""The fan-out of a house with one node: there is nobody else to tell."""

from collections.abc import Coroutine, Sequence

from channels.fanout.hints import FanoutFigures, Hint, Listener


class LocalFanout:
    """Satisfies `hints.Fanout`."""

    def __init__(self) -> None:
        self.figures = FanoutFigures(is_connected=True)

    def publish(self, hint: Hint) -> None:
        del hint

    def listen(self, listener: Listener) -> None:
        del listener

    def jobs(self) -> Sequence[Coroutine[None, None, None]]:
        return ()
