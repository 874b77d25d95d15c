from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.bench import report
from tests.bench.jobs import LoadResult, Spread
from tests.bench.parts import SizeLine, Sockets, SpeedLine
from tests.bench.report import Machine, Run

MACHINE = Machine(processor="A processor", cores=2, system="Linux 6", python="3.11.7")


def result(per_second: float, *, database: float = 1.5, p99: float = 20.0) -> LoadResult:
    spread = Spread(p50=5.0, p95=10.0, p99=p99)
    return LoadResult(
        approvals=1000,
        per_second=per_second,
        server=2.25,
        database=database,
        generator=4.0,
        asked_again=0.25,
        given_up=0,
        open_to_told=spread,
        answer_to_released=spread,
        answer_to_shown=spread,
    )


def run(minute: int, *lines: SpeedLine) -> Run:
    at = datetime(2026, 11, 23, 12, minute, tzinfo=UTC)
    return Run(at=at, product="0.1.0", scale="whole", machine=MACHINE, speed=lines)


FAST = SpeedLine(database="PostgreSQL", load="64 in flight", result=result(310.0))
HALF = SpeedLine(database="PostgreSQL", load="half load", result=result(155.0, p99=24.0))


def test_a_line_adds_server_and_database_up_and_leaves_the_generator_out() -> None:
    ((_, line),) = report.tables(run(0, FAST))
    assert list(line[:7]) == ["PostgreSQL", "64 in flight", "310", "**3.75**", "2.25", "1.50", "4.00"]


def test_a_database_within_the_server_is_said_to_be() -> None:
    ((_, line),) = report.tables(run(0, SpeedLine(database="SQLite", load="1", result=result(90, database=0))))
    assert list(line[3:6]) == ["**2.25**", "2.25", "within"]


def test_every_row_of_every_table_is_as_wide_as_its_head() -> None:
    sockets = Sockets(database="PostgreSQL", devices=10_000, bytes_each=18_432, gathering=60, back=55, refused=1200)
    size = SizeLine(database="PostgreSQL", actions=1_000_000, users=10, result=result(8))
    whole = msgspec.structs.replace(run(0, FAST, HALF), sockets=[sockets], size=[size])
    tables = list(report.tables(whole))
    assert len(tables) == 3
    for head, *lines in tables:
        assert {len(line) for line in lines} == {len(head)}


def test_a_socket_is_told_in_kibibytes() -> None:
    sockets = Sockets(database="PostgreSQL", devices=10_000, bytes_each=18_432, gathering=60, back=55, refused=0)
    ((_, line),) = report.tables(msgspec.structs.replace(run(0), sockets=[sockets]))
    assert line[1:3] == ("10,000", "**18.0**")


def test_the_history_tells_the_best_rate_and_the_wait_at_half_load() -> None:
    page = report.page([run(0, FAST, HALF)])
    assert "| 2026-11-23 12:00 | whole | PostgreSQL | 310 | 3.75 | 24 |" in page


def test_the_page_shows_the_newest_run_of_a_part_and_every_run_in_its_history() -> None:
    older, newer = run(0, SpeedLine(database="PostgreSQL", load="1", result=result(90))), run(5, FAST, HALF)
    page = report.page([older, newer, run(9)])
    speed, history = page.split("## Historique")
    assert ("12:05" in speed, "12:00" in speed, "12:00" in history, "12:05" in history) == (True, False, True, True)


def test_each_run_is_kept_whole_and_read_again(tmp_path: Path) -> None:
    wanted = [run(0, FAST), run(5, HALF)]
    for each in wanted:
        report.keep(each, tmp_path)
    kept = msgspec.json.decode((tmp_path / "benchmarks.json").read_bytes(), type=list[Run])
    assert [msgspec.json.encode(each) for each in kept] == [msgspec.json.encode(each) for each in wanted]
    assert (tmp_path / "benchmarks.md").read_text("utf-8") == report.page(kept)
