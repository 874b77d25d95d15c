"""How the walk is told on the terminal: each step with its time, each screen in its place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.markup import escape

_COLOURS: Final = {
    "phone": "cyan",
    "reader": "yellow",
    "core": "green",
    "server": "magenta",
    "payees": "blue",
    "page": "yellow",
    "bank": "green",
}


class Telling:
    """Numbers the steps and shows the screens under them."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._step = 0

    def title(self, text: str) -> None:
        self._console.print(f"\n[bold]{text}[/bold]")

    def note(self, text: str) -> None:
        """One line of explanation; markup is taken."""
        self._console.print(text)

    def screen(self, name: str, line: str) -> None:
        """One line of a process's screen."""
        colour = _COLOURS[name]
        self._console.print(f"   [{colour}]{name:>6} │[/{colour}] {escape(line)}")

    def typed(self, name: str, line: str) -> None:
        """What the person types into a process."""
        self._console.print(f"   [{_COLOURS[name]}]{name:>6} │[/] [dim]types[/dim] [bold]{escape(line)}[/bold]")

    def failure(self, text: str) -> None:
        self._console.print(f"\n[bold red]The demo failed:[/bold red] {escape(text)}")

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Tell a step before, and its time after."""
        self._step += 1
        self._console.print(f"\n[bold blue]{self._step}.[/bold blue] [bold]{text}[/bold]")
        began = time.perf_counter()
        yield
        self._console.print(f"   [dim]{time.perf_counter() - began:.2f} s[/dim]")
