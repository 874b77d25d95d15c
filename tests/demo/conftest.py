"""The demo around a test: its own folder, its own ports; what its processes log joins the suite's whole log."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.advisers import ADVISER_PASSWORD
from deploy.demo.make_remittance import DEBTOR_IBAN
from deploy.demo.places import CONFIDENTIAL_CODE, PAN, PIN, Places
from tests import log_watch
from tests.ports import free_ports


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    server_port, core_port = free_ports(2)
    log_watch.never_log(PIN, CONFIDENTIAL_CODE, ADVISER_PASSWORD, PAN, DEBTOR_IBAN, "Claire Fontaine", "Béton du Rhône")
    places = Places(home=tmp_path / "demo", server_port=server_port, core_port=core_port)
    yield places
    for log in places.home.glob("*.log"):
        shutil.copy(log, log_watch.folder() / f"{tmp_path.name}-{log.name}")
