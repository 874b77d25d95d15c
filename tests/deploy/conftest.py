from pathlib import Path

import pytest

from deploy.demo.places import Places
from tests.ports import free_ports


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Where the demo's bank of a test lives."""
    server_port, core_port = free_ports(2)
    return Places(home=tmp_path / "bank", server_port=server_port, core_port=core_port)
