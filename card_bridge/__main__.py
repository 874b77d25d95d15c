"""`python -m card_bridge` is the command `contreseing-bridge`."""

from card_bridge.cli import main

main()
