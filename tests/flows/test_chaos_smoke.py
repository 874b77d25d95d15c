import logging
from pathlib import Path

from tests.flows.chaos.choices import Fate, opening_of, signing_of
from tests.flows.chaos.commits import Commit
from tests.flows.chaos.plan import Place, Run, faults_of
from tests.flows.chaos.running import carry_out

log = logging.getLogger(__name__)

SMOKE = Run(seed=7, seconds=20.0, rate=4.0, companies=6, kills=4, may_wait=3.0)


async def test_nothing_acknowledged_is_lost_and_nothing_is_released_wrongly(tmp_path: Path) -> None:
    outcome = await carry_out(SMOKE, tmp_path, log.info)
    figures = outcome.figures
    assert not outcome.breaches, (SMOKE, outcome.breaches)
    assert figures.actions["released"] > 30, (SMOKE, figures)
    assert figures.kills >= 2, (SMOKE, figures)
    assert set(figures.kills_at_commits) == set(Commit), (SMOKE, figures)
    assert {"kill PostgreSQL", "kill Redis", "pause node", "jump clock", "core dead"} <= set(figures.faults)
    assert {name.split()[1] for name in figures.faults if name.endswith(" link")} == set(Place)
    assert figures.sent_again < figures.applied / 2, (SMOKE, figures)


def test_the_seed_alone_decides_what_fails_and_what_people_do() -> None:
    def drawn(seed: int) -> tuple[object, ...]:
        people = [opening_of(seed, n, companies=9, may_wait=True) for n in range(50)]
        return faults_of(seed, 600.0, 100), people, [signing_of(seed, n, Fate.REFUSE, "1") for n in range(50)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
