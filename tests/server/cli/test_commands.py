"""The command as it is installed: exit codes, help, and what it says of wrong settings."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import pytest

from tests.server.cli.conftest import Operator


async def run(*arguments: str, folder: Path) -> tuple[int, str]:
    """Return the exit code of the installed command, and all it wrote."""
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("contreseing"),
        *arguments,
        cwd=folder,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    output, errors = await process.communicate()
    return await process.wait(), (output + errors).decode()


async def test_a_refusal_exits_1_with_its_code_and_what_to_do(operator: Operator) -> None:
    code, text = await run("releases", "list", folder=operator.folder)
    assert (code, "[schema_unknown]" in text, "contreseing migrate" in text) == (1, True, True)
    assert "Traceback" not in text


async def test_a_wrong_word_exits_2(operator: Operator) -> None:
    code, text = await run("relaese", folder=operator.folder)
    assert (code, "No such command" in text) == (2, True)


async def test_a_slip_is_answered_with_what_was_meant(operator: Operator) -> None:
    _, text = await run("migrat", folder=operator.folder)
    assert "Did you mean 'migrate'?" in " ".join(text.split())


async def test_a_command_loads_no_library_of_another(tmp_path: Path) -> None:
    loaded = "import sys; from server.cli.commands import command_line; command_line(['migrate']); print(*sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", loaded, cwd=tmp_path, stdout=PIPE)
    modules = {*(await process.communicate())[0].decode().split()}
    assert "approvals.store.migrate" in modules
    assert not modules & {"aiohttp", "cryptography", "joserfc", "lxml", "redis", "schwifty"}


async def test_wrong_settings_exit_3_with_the_path_of_the_key(operator: Operator) -> None:
    operator.settings.write_text("[server]\nprot = 1\n")
    code, text = await run("check-config", folder=operator.folder)
    assert (code, "prot" in text, "$.server" in text) == (3, True, True)
    assert "Traceback" not in text


async def test_an_open_address_without_tls_is_refused_by_check_and_serve_alike(operator: Operator) -> None:
    operator.settings.write_text('[server]\nhost = "0.0.0.0"\n')
    for command in ("check-config", "serve"):
        code, text = await run(command, folder=operator.folder)
        assert (code, "server.host" in text) == (3, True)


def test_a_seal_nobody_keeps_outside_is_warned_of(operator: Operator) -> None:
    assert "no place outside keeps the seal's heads" in " ".join(operator.types("check-config").text.split())


def test_sound_settings_are_said_to_be(operator: Operator) -> None:
    assert "sound" in operator.types("check-config").text


def test_the_example_settings_are_sound(operator: Operator) -> None:
    example = Path(__file__).parents[3] / "deploy" / "example.toml"
    assert "sound" in operator.types("check-config", "--config", str(example)).text


def test_migrating_twice_is_once(operator: Operator) -> None:
    assert operator.types("migrate").refusal is None
    assert operator.types("migrate").refusal is None


def test_a_real_database_is_never_stamped_as_demo(house: Operator) -> None:
    assert house.types("migrate", "--demo").code == "demo_stamp_mismatch"


@pytest.mark.parametrize(
    "command",
    [
        ["serve"],
        ["check-config"],
        ["migrate"],
        ["restamp"],
        ["backup"],
        ["restore", "begin"],
        ["restore", "finish"],
        ["keys", "add-keyring-version"],
        ["keys", "rotate-keyring"],
        ["import"],
        ["keys", "init"],
        ["keys", "list"],
        ["keys", "add-api-key"],
        ["keys", "revoke-api-key"],
        ["keys", "rotate-release"],
        ["keys", "import-issuer"],
        ["keys", "export-webhook"],
        ["releases", "list"],
        ["releases", "resend"],
    ],
)
def test_every_command_explains_itself_with_an_example(operator: Operator, command: list[str]) -> None:
    text = operator.types(*command, "--help").text
    assert f"contreseing {' '.join(command)}" in " ".join(text.split())
