"""`readers`: what is plugged in."""

from card_bridge.cli.screen import say
from card_bridge.readers import pcsc
from card_bridge.readers.refusals import NoReader


def readers() -> None:
    """Les lecteurs branchés, et s'il y a une carte / the readers plugged in, and whether a card is in.

    Exemple / example: `contreseing-bridge readers`
    """
    found = pcsc.readers()
    if not found:
        raise NoReader
    for reader in found:
        if reader.has_card:
            say(f"{reader.name} : une carte", f"{reader.name}: a card")
        else:
            say(f"{reader.name} : vide", f"{reader.name}: empty")
