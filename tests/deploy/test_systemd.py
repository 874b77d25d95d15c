"""The units, read by systemd's own tools; neither needs systemd to run this machine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
BRIDGE = "contreseing-bridge.service"  # a unit of the person's own, on their PC
SERVICES = sorted(path.name for path in FOLDER.glob("*.service") if path.name != BRIDGE)
UNITS = sorted(path.name for path in FOLDER.iterdir() if path.name != BRIDGE)
MOST_EXPOSED = 1.5  # of 10: systemd itself calls up to 2 safe
_MISSING = "systemd-analyze was not found, and the tests need it. Debian and Ubuntu: apt-get install systemd"


def analyze(*arguments: str, runtime: Path | None = None) -> subprocess.CompletedProcess[str]:
    """`runtime` is where a user's own manager would be."""
    program = shutil.which("systemd-analyze")
    assert program is not None, _MISSING
    environment = {**os.environ, **({"XDG_RUNTIME_DIR": str(runtime)} if runtime else {})}
    return subprocess.run(  # noqa: S603  # found above
        [program, *arguments], capture_output=True, text=True, check=False, timeout=60, env=environment
    )


def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    command = str(Path(sys.executable).with_name("contreseing"))
    for unit in UNITS:
        text = (FOLDER / unit).read_text("utf-8")
        (tmp_path / unit).write_text(text.replace("/opt/contreseing/bin/contreseing", command), "utf-8")
    found = analyze("verify", "--man=no", *(str(tmp_path / unit) for unit in UNITS))
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_is_exposed_as_little_as_it_can_be(unit: str) -> None:
    found = analyze("security", "--offline=true", "--no-pager", str(FOLDER / unit))
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", found.stdout)
    assert level is not None, found.stderr
    assert float(level[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_is_nobody_in_particular_and_keeps_its_files_to_itself(unit: str) -> None:
    lines = (FOLDER / unit).read_text("utf-8").splitlines()
    for line in ("User=contreseing", "UMask=0077", "ProtectSystem=strict", "NoNewPrivileges=yes"):
        assert line in lines


def test_serving_waits_for_the_schema_and_has_time_to_end() -> None:
    lines = (FOLDER / "contreseing.service").read_text("utf-8").splitlines()
    assert "Requires=contreseing-migrate.service" in lines
    assert "TimeoutStopSec=90" in lines


def test_systemd_has_nothing_to_say_against_the_bridges_unit(tmp_path: Path) -> None:
    text = (FOLDER / BRIDGE).read_text("utf-8")
    assert "/opt/contreseing/bin/contreseing-bridge run " in text
    (tmp_path / BRIDGE).write_text(text.replace("/opt/contreseing/bin/contreseing-bridge", sys.executable), "utf-8")
    found = analyze("verify", "--man=no", "--user", str(tmp_path / BRIDGE), runtime=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")


def test_the_bridge_can_bind_no_port_and_stays_away_once_it_is_not_wanted() -> None:
    lines = (FOLDER / BRIDGE).read_text("utf-8").splitlines()
    for line in ("SocketBindDeny=any", "UMask=0077", "NoNewPrivileges=yes", "RestartPreventExitStatus=4"):
        assert line in lines
