"""The command `contreseing-bridge`: what a person types at their PC. Each file beside this one holds one command.

Commands ask and show; the talk with the card is `card_bridge.readers`'.
"""

from card_bridge.cli.commands import main

__all__ = ["main"]
