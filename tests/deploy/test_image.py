"""What deploy/Dockerfile does, step by step, but for the container: wheel, pinned packages, command."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
INSTRUCTIONS = [
    line.split(maxsplit=1)
    for line in re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
    if line.strip()
]


def said(instruction: str) -> list[str]:
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


def run(*command: str | Path) -> str:
    done = subprocess.run(  # noqa: S603  # the interpreter of the tests, and what it installed
        [str(word) for word in command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as the image builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ".")
    (built,) = folder.iterdir()
    return built


def test_the_wheel_holds_the_product_and_nothing_of_the_demo(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"approvals", "card_bridge", "channels", "server"}


def test_the_wheel_alone_gives_the_command(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", tmp_path, wheel)
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from server.cli import main; main()"
    shown = run(sys.executable, "-I", "-c", program, tmp_path, "--help")
    assert "restore" in shown
    assert "serve" in shown


@pytest.mark.parametrize("name", ["server", "build"])
def test_every_pinned_package_has_its_hashes_and_the_version_that_was_tested(name: str) -> None:
    pinned, tested = pins(f"{name}.txt"), pins("test.txt")
    assert pinned.items() <= tested.items()
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in text


def test_what_the_product_needs_is_pinned() -> None:
    declared = re.search(
        r"^dependencies = \[(.*?)^\]", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert declared is not None
    names = {name.partition("[")[0] for name in re.findall(r'"([^"]+)"', declared[1])}
    assert names <= pins("server.txt").keys()
    assert "pytest" not in pins("server.txt")


def pins(file: str) -> dict[str, str]:
    text = (ROOT / "requirements" / file).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_the_container_is_nobody_and_says_how_it_is() -> None:
    (user,) = said("USER")
    assert user == "10001:10001"
    names = [name for name, _ in INSTRUCTIONS]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert "/health/ready" in said("HEALTHCHECK")[0]
    assert said("STOPSIGNAL") == ["SIGTERM"]


def test_nothing_is_installed_that_was_not_pinned() -> None:
    installs = [words for rest in said("RUN") for words in rest.split("&&") if "pip" in words and " install" in words]
    assert installs
    for words in installs:
        assert "--require-hashes" in words or "--no-index" in words


def test_the_base_is_named_by_version_and_no_registry_is_named_at_all() -> None:
    (base,) = said("ARG")
    assert re.fullmatch(r"BASE=python:3\.\d+-slim-[a-z]+", base)
    assert "://" not in re.sub(r"http://127\.0\.0\.1\S*", "", DOCKERFILE)
    assert not said("ADD")


def test_the_builder_gets_nothing_but_what_it_copies() -> None:
    allowed = {
        line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"
    }
    copied = {word for rest in said("COPY") if not rest.startswith("--from") for word in rest.split()[:-1]}
    assert copied == allowed
    assert all((ROOT / path).exists() for path in copied)
