"""Puts a demo card into a virtual reader.

python -m deploy.demo.virtual_card CARD.json --port 15963
"""

import socket
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Final

from deploy.demo.card import CardUnreadable, read_card
from deploy.demo.virtual_card.chip import Chip
from deploy.demo.virtual_card.transport import T0, T1
from deploy.demo.virtual_card.vpcd import insert, serve

USAGE: Final = """\
Une carte CAP de démonstration dans un lecteur virtuel (pcscd avec le pilote vpcd) ; Ctrl-C la retire.
A demo CAP card in a virtual reader (pcscd with the driver vpcd); Ctrl-C takes it out.
"""
EXAMPLES: Final = """\
exemples / examples:
  python -m deploy.demo.virtual_card var/demo/card.json --port 15963
  python -m deploy.demo.virtual_card var/demo/card.json --port 15963 --transport t1
"""


def main() -> int:
    """Serve the card until it is taken out."""
    typed = _read_line()
    try:
        chip = Chip(read_card(typed.card))
        slot = insert(typed.port)
    except (CardUnreadable, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    try:
        serve(T1(chip) if typed.transport == "t1" else T0(chip), slot)
    except KeyboardInterrupt:
        slot.shutdown(socket.SHUT_RDWR)
    return 0


def _read_line() -> Namespace:
    parser = ArgumentParser(
        prog="python -m deploy.demo.virtual_card",
        description=USAGE,
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("card", type=Path, help="le fichier de la carte / the card's file")
    parser.add_argument("--port", type=int, required=True, help="le port du lecteur (CHANNELID) / the reader's port")
    parser.add_argument(
        "--transport", choices=("t0", "t1"), default="t0", help="comment les octets passent / T=0 or T=1"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
