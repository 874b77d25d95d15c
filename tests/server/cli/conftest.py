"""The command line against a house of its own, as an operator finds it: settings, database, key file."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from approvals.errors import ApprovalError
from server.cli.commands import command_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command wrote, and what it refused with."""

    text: str
    refusal: BaseException | None

    @property
    def code(self) -> str | None:
        """The stable code of the refusal."""
        return self.refusal.code if isinstance(self.refusal, ApprovalError) else None


class Operator:
    """Types commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = folder / "contreseing.toml"
        self.keyring = folder / "keyring.txt"
        self.database_url = f"sqlite:///{folder / 'contreseing.db'}"
        database, keyring = json.dumps(self.database_url), json.dumps(str(self.keyring))
        self.settings.write_text(f"[database]\nurl = {database}\n[keyring]\nfile = {keyring}\n", "utf-8")

    def types(self, *arguments: str, prompted: str | None = None) -> Said:
        """Run one command with these settings; `prompted` is what is typed when it asks."""
        runner = CliRunner()
        result = runner.invoke(
            command_line(arguments), list(arguments), input=prompted, env={"CONTRESEING_CONFIG": str(self.settings)}
        )
        refusal = None if isinstance(result.exception, SystemExit) else result.exception
        return Said(text=result.output, refusal=refusal)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Nothing is there but settings."""
    return Operator(tmp_path)


@pytest.fixture
def house(operator: Operator) -> Operator:
    """A house with schema and secrets."""
    assert operator.types("migrate").refusal is None
    assert operator.types("keys", "init").refusal is None
    return operator


@pytest.fixture
def demo(operator: Operator) -> Operator:
    """The same, stamped as demo."""
    assert operator.types("migrate", "--demo").refusal is None
    assert operator.types("keys", "init").refusal is None
    return operator
