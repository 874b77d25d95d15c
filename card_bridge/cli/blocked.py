"""A chip that a local command found blocked: the bank is told, where this PC is a paired bridge of the person's.

A card that tells no number cannot be named to the bank: its holder calls, as the refusal says.
"""

import asyncio
from pathlib import Path

from approvals.model.person import Language
from card_bridge.cli.screen import tell
from card_bridge.link.bank import Bank
from card_bridge.link.identity import load
from card_bridge.link.refusals import LinkRefusal, NotPaired
from card_bridge.refusals import CardBlocked


def report(blocked: CardBlocked, file: Path) -> None:
    """Tell the bank, and the person what the bank says they are to do, or that it was not told."""
    if blocked.last4 is None:
        return
    try:
        told = asyncio.run(Bank(load(file)).report_blocked(blocked.last4))
    except NotPaired:
        return
    except LinkRefusal as refusal:
        tell(refusal.sentence(Language.FR), refusal.sentence(Language.EN))
    else:
        tell(told, told)
