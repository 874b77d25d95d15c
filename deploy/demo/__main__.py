"""The demo: `make demo`, or `python -m deploy.demo`. Sets up, walks the main job, then stays up to be tried by hand."""

import asyncio
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from deploy.demo.by_hand import by_hand
from deploy.demo.places import Places
from deploy.demo.processes import WalkFailed
from deploy.demo.running import free_ports, running
from deploy.demo.setting_up import SetUpFailed
from deploy.demo.telling import Telling
from deploy.demo.walk import walk

_HOME: Final = Path("var/demo")


async def demo(places: Places, telling: Telling, *, once: bool) -> int:
    """Return the exit code: 0, or 1 with the reason told."""
    telling.title("Contreseing: a remittance is held, countersigned with card and reader, and released")
    reasons: list[str] = []
    try:
        async with running(places, telling) as people:
            await walk(people)
            telling.title("Held, countersigned, released: the core had nothing to believe but what it checked.")
            if not once:
                await by_hand(people)
    except* (SetUpFailed, WalkFailed) as failures:
        reasons = _reasons(failures)
    for reason in reasons:
        telling.failure(reason)
    if reasons:
        telling.note(f"What the processes logged is in {places.home}, a .log file each.")
    return 1 if reasons else 0


def _reasons(failures: ExceptionGroup[Exception]) -> list[str]:
    """Return the texts of a group's failures, those of groups inside it included."""
    return [
        reason
        for failure in failures.exceptions
        for reason in (_reasons(failure) if isinstance(failure, ExceptionGroup) else [str(failure)])
    ]


def main() -> int:
    """Run the demo; Ctrl-C and SIGTERM end it with all its processes."""
    parser = ArgumentParser(prog="python -m deploy.demo", description="The demo of Contreseing.")
    parser.add_argument("--once", action="store_true", help="end after the walk instead of staying up")
    parser.add_argument("--home", type=Path, default=_HOME, help="where it keeps its things; emptied at each start")
    parser.add_argument("--port", type=int, help="of the server; a free one without it")
    chosen = parser.parse_args()
    server_port, core_port, payees_port, reader_port, bank_port = free_ports(5)
    places = Places(
        home=chosen.home.resolve(),
        server_port=chosen.port or server_port,
        core_port=core_port,
        payees_port=payees_port,
        reader_port=reader_port,
        bank_port=bank_port,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return asyncio.run(demo(places, Telling(), once=chosen.once))
    except KeyboardInterrupt:
        return 0 if not chosen.once else 130


if __name__ == "__main__":
    sys.exit(main())
