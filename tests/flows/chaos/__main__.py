"""The command: `make chaos`, or `python -m tests.flows.chaos`."""

import asyncio
import logging
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom
from typing import Final

from tests.flows.chaos.plan import Run
from tests.flows.chaos.running import Outcome, carry_out

_EXAMPLES: Final = """\
examples:
  make chaos                                                one minute, another seed each time
  make chaos CHAOS_ARGS="--seconds 1200 --seed 7"           the long run: 200 kills and all else
  make chaos CHAOS_ARGS="--seconds 300 --kills 0"           no kills at random instants
  make chaos CHAOS_ARGS="--seconds 60 --rate 20"            more load
"""
_LAST_SECONDS: Final = 30.0
"""Actions of a run's last seconds are never left to expire: the run would wait a minute for them."""


def main(words: Sequence[str] | None = None) -> int:
    """Run it and print what took place; 1 when a rule was broken."""
    chosen = _read(words)
    run = run_of(chosen.seed, chosen.seconds, rate=chosen.rate, companies=chosen.companies, kills=chosen.kills)
    _tell(f"seed {run.seed}, {run.seconds:.0f} s, {run.kills} kills at random instants, {run.rate:g} actions a second")
    folder = Path(tempfile.mkdtemp(prefix="contreseing-chaos-"))
    os.environ["CONTRESEING_TEST_LOGS"] = str(folder)
    logging.basicConfig(filename=folder / "checker.log")  # drivers complain of what is broken on purpose
    _tell(f"logs: {folder}")
    outcome = asyncio.run(carry_out(run, folder, _tell))
    return _report(run, outcome)


def run_of(seed: int, seconds: float, *, rate: float, companies: int, kills: int | None) -> Run:
    """Return the run; unless told, one kill in six seconds: 200 in twenty minutes."""
    return Run(
        seed=seed,
        seconds=seconds,
        rate=rate,
        companies=companies,
        kills=round(seconds / 6) if kills is None else kills,
        may_wait=max(seconds - _LAST_SECONDS, 0.0),
    )


def _report(run: Run, outcome: Outcome) -> int:
    for line in outcome.figures.lines():
        _tell(line)
    for breach in outcome.breaches[:50]:
        _tell(f"BROKEN: {breach}")
    _tell(f"seed {run.seed}: {len(outcome.breaches)} breaches of the rules")
    return 1 if outcome.breaches else 0


def _read(words: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="make chaos",
        description="Approvals while processes, links and clocks fail: is anything lost, or released wrongly?",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000), help="the same, the same run")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long things fail (default: %(default)g)")
    parser.add_argument("--rate", type=float, default=4.0, help="actions a second (default: %(default)g)")
    parser.add_argument("--companies", type=int, default=8, help="three signers each (default: %(default)d)")
    parser.add_argument("--kills", type=int, help="nodes killed at random instants (default: one in 6 s)")
    return parser.parse_args(words)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
