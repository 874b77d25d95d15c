"""The command `contreseing`: what operators type. Each file beside this one holds the commands of one noun.

Commands read settings and files, call a desk, and show what came of it; the rules are the core's.
"""

from server.cli.commands import main

__all__ = ["main"]
