"""The suite in two processes, seen from outside: what fails in a worker fails the run, and who is alone is alone."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLUGINS = 'pytest_plugins = ["tests.log_watch", "tests.workers"]\n'
NOBODY_ELSE = """
import time
from pathlib import Path

import pytest

running = Path(__file__).parent / "running"


@pytest.mark.parametrize("n", range(10))
def test_beside_others(n):
    running.joinpath({name!r}).touch()
    time.sleep(0.05)
    running.joinpath({name!r}).unlink()


@pytest.mark.alone
def test_alone():
    for _ in range(10):
        time.sleep(0.05)
        assert list(running.iterdir()) == []
"""


def ran(folder: Path, **files: str) -> "subprocess.CompletedProcess[str]":
    """What a run of two workers over these files says."""
    folder.joinpath("conftest.py").write_text(PLUGINS)
    for name, text in files.items():
        folder.joinpath(f"test_{name}.py").write_text(text)
    words = ("-m", "pytest", "-n", "2", "-c", ROOT / "pyproject.toml", "--rootdir", folder, folder)
    return subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("def test_wrong(): assert 1 == 2\n", "1 failed, 1 passed in"),
        ("import os\ndef test_wrong(): os._exit(0)\n", "failed, 1 passed in"),
        ("import nothing_of_this_name\n", "1 error in"),
    ],
    ids=["a failure", "a worker that dies", "a file that cannot be read"],
)
def test_what_goes_wrong_in_a_worker_fails_the_run_and_the_last_line_says_so(
    tmp_path: Path, wrong: str, told: str
) -> None:
    done = ran(tmp_path, right="def test_right(): pass\n", wrong=wrong)
    assert done.returncode != 0
    assert told in done.stdout.splitlines()[-1], done.stdout


def test_a_secret_in_a_workers_log_fails_the_run_and_is_named(tmp_path: Path) -> None:
    leaking = """
    import logging
    from tests.log_watch import never_log


    def test_leaking():
        never_log("73916455")
        logging.getLogger("x").info("the code is 73916455")
    """
    done = ran(tmp_path, leaking="\n".join(line[4:] for line in leaking.splitlines()), right="def test_right(): pass\n")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "suite.log:" in done.stdout
    assert "1 found" in done.stdout
    assert "2 passed in" in done.stdout.splitlines()[-1]


def test_what_measures_time_runs_while_no_other_test_does(tmp_path: Path) -> None:
    tmp_path.joinpath("running").mkdir()
    done = ran(tmp_path, **{name: NOBODY_ELSE.format(name=name) for name in ("one", "two")})
    assert done.returncode == 0, done.stdout
