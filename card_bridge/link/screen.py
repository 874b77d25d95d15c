"""What the agent asks its person with; where that is (a terminal, the desktop) is the command's to say."""

from typing import Protocol

from approvals.model.person import Language
from card_bridge.readers.base import PinEntry


class Screen(PinEntry, Protocol):
    """Shows and asks. `language` is the person's; a question that is cancelled is taken back."""

    language: Language

    def show(self, text: str) -> None:
        """Say what became of it; never what is signed, which a service's log would keep."""
        ...

    async def ask(self, question: str) -> str:
        """Return what was typed; empty for a no."""
        ...

    async def confirm(self, statement: str, question: str) -> bool:
        """Show what is to be signed; say whether it shall be."""
        ...
