"""What `make` does where Node is missing or too old: a copy of the Makefile, and programs of Node's name."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("make", "sh", "find", "sed", "dirname", "touch", "mkdir")
OF_THE_SCREENS = ("Makefile", "deploy/node-there", "channels/web/package.json", "channels/web/package-lock.json")
WITHOUT = [
    pytest.param({}, "no Node", id="no-node"),
    pytest.param({"node": "echo v12.22.9", "npm": "exit 9"}, "Node v12.22.9", id="old"),
    pytest.param({"node": "echo v20.0.0"}, "no npm", id="no-npm"),
]
GOOD = {"node": "echo v20.0.0", "npm": 'mkdir -p node_modules dist; echo "npm $1" >&2; touch dist/manifest.json'}
SAYS = (
    "The screens are built with Node 20 or later and its npm, and here is {}. On Debian 13 or later: apt install npm\n"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as these targets look at; its Python is set up, and only says what it was to run."""
    folder = tmp_path / "checkout"
    for name in OF_THE_SCREENS:
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    script(folder / "deploy/test-packages", "exit 0")
    script(folder / ".venv/bin/python", 'echo "python $*"')
    for name in ("requirements/demo.txt", "requirements/test.txt", "pyproject.toml"):
        folder.joinpath(name).parent.mkdir(exist_ok=True)
        folder.joinpath(name).touch()
    for stamp in (".venv/demo.stamp", ".venv/test.stamp"):
        folder.joinpath(stamp).touch()
    return folder


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)


def make(checkout: Path, *words: str, programs: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Type `make`, where these programs are all there is besides the few tools any machine has."""
    path = checkout.with_name("path")
    path.mkdir()
    for tool in TOOLS:
        path.joinpath(tool).symlink_to(shutil.which(tool) or "")
    for name, text in programs.items():
        script(path / name, text)
    line = ("make", "--no-print-directory", *words)
    return subprocess.run(  # noqa: S603  # the tests' own
        line, cwd=checkout, env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("programs", "found"), WITHOUT)
def test_the_demo_goes_on_without_node_and_says_in_one_line_what_to_install(
    checkout: Path, programs: Mapping[str, str], found: str
) -> None:
    ran = make(checkout, "demo", "DEMO_ARGS=--once", programs=programs)
    assert (ran.returncode, ran.stdout) == (0, "python -m deploy.demo --once\n")
    assert ran.stderr == f"The demo goes on without building its screens. {SAYS.format(found)}"


def test_the_demo_builds_the_screens_where_node_is(checkout: Path) -> None:
    ran = make(checkout, "demo", programs=GOOD)
    assert (ran.returncode, ran.stdout) == (0, "python -m deploy.demo\n")
    assert ran.stderr == "npm ci\nnpm run\n"


@pytest.mark.parametrize("target", ["web", "test"])
@pytest.mark.parametrize(("programs", "found"), WITHOUT)
def test_the_screens_and_the_tests_end_without_node_and_say_what_to_install(
    checkout: Path, target: str, programs: Mapping[str, str], found: str
) -> None:
    ran = make(checkout, target, programs=programs)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines(keepends=True)[0] == SAYS.format(found)


@pytest.mark.parametrize(("programs", "found"), WITHOUT)
def test_a_node_that_went_after_the_packages_came_is_missed_too(
    checkout: Path, programs: Mapping[str, str], found: str
) -> None:
    packages = checkout / "channels/web/node_modules/.package-lock.json"
    packages.parent.mkdir()
    packages.touch()
    ran = make(checkout, "web", programs=programs)
    assert (ran.returncode, ran.stderr.startswith(SAYS.format(found))) == (2, True)
