"""`backup` and `restore` as an operator types them, with the bank's core at the other end of a real socket."""

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from approvals.model.action import ActionStatus
from approvals.model.ids import ActionId
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from tests.builders import add_company, add_pending, make_action
from tests.postgresql import PostgresqlServer
from tests.server.outside.receiver import answer, receiving

ROOT = Path(__file__).parents[2]
ACTION = ActionId("act_1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Types commands against the database named."""

    folder: Path
    url: str

    async def types(self, *words: str, **settings: str) -> tuple[int, str]:
        """Return the exit code and everything printed."""
        process = await create_subprocess_exec(
            Path(sys.executable).with_name("contreseing"),
            *words,
            stdout=PIPE,
            stderr=PIPE,
            cwd=ROOT,
            env={**os.environ, **self._environment, **settings},
        )
        out, errors = await process.communicate()
        return process.returncode or 0, (out + errors).decode()

    @property
    def _environment(self) -> Mapping[str, str]:
        return {
            "CONTRESEING_DATABASE__URL": self.url,
            "CONTRESEING_KEYRING__FILE": str(self.folder / "keyring.txt"),
        }

    async def status(self) -> ActionStatus:
        """What the database says of the one action."""
        database = await open_database(self.url)
        try:
            action = await SqlBook(database).reading(lambda ledger: ledger.actions.load(ACTION))
        finally:
            await database.close()
        assert action is not None
        return action.status


@pytest.fixture
async def restored(
    book: SqlBook, database_url: str, server_if_any: PostgresqlServer | None, tmp_path: Path
) -> AsyncIterator[Operator]:
    """A house with one pending action was backed up, and the backup brought into an empty database."""

    async def work(ledger: Ledger) -> None:
        await add_company(ledger, ["usr_1"])
        await add_pending(ledger, make_action(ACTION), ["usr_1"])

    before = Operator(folder=tmp_path, url=database_url)
    assert (await before.types("keys", "init"))[0] == 0
    await book.transaction(work)
    backup = str(tmp_path / "backup")
    assert (await before.types("backup", backup))[0] == 0
    empty = f"sqlite:///{tmp_path / 'restored.db'}"
    if server_if_any is not None:
        empty = await server_if_any.make_empty_database()
    after = Operator(folder=tmp_path, url=empty)
    code, told = await after.types("restore", "begin", backup)
    assert (code, "restore finish" in told) == (0, True), told
    yield after
    if server_if_any is not None:
        await server_if_any.drop(empty)


async def test_what_the_core_carried_out_is_asked_of_the_core(restored: Operator) -> None:
    async with receiving(answer(200, b'{"action": "act_1"}', "application/json")) as core:
        code, told = await restored.types("restore", "finish", CONTRESEING_CORE__WEBHOOK=core.url)
    assert (code, "1 actions" in told) == (0, True), told
    assert await restored.status() is ActionStatus.RELEASED
    assert "webhook-signature" in core.received[0][0]


async def test_what_the_core_never_saw_stays_pending(restored: Operator) -> None:
    unknown = answer(404, b'{"code": "action_unknown"}', "application/problem+json")
    async with receiving(unknown) as core:
        code, told = await restored.types("restore", "finish", CONTRESEING_CORE__WEBHOOK=core.url)
    assert (code, "0 actions" in told) == (0, True), told
    assert await restored.status() is ActionStatus.PENDING


async def test_a_core_that_does_not_say_leaves_it_to_a_person(restored: Operator) -> None:
    async with receiving(answer(404, b"<html>no such page</html>", "text/html")) as core:
        code, told = await restored.types("restore", "finish", CONTRESEING_CORE__WEBHOOK=core.url)
    assert code == 1
    assert "act_1: the core does not say" in told
    assert "restore_unfinished" in told
    code, told = await restored.types("restore", "finish", "--released", ACTION)
    assert code == 0, told
    assert await restored.status() is ActionStatus.RELEASED
    code, told = await restored.types("restore", "finish")
    assert (code, "no restore is under way" in told) == (1, True)


async def test_an_action_cannot_be_both_and_must_be_one_of_them(restored: Operator) -> None:
    for words in (("--released", ACTION, "--not-released", ACTION), ("--released", "act_other")):
        code, told = await restored.types("restore", "finish", *words)
        assert (code, "invalid_request" in told) == (1, True)
    assert await restored.status() is ActionStatus.PENDING


async def test_a_database_brought_back_by_other_means_is_begun_without_a_file(restored: Operator) -> None:
    assert (await restored.types("restore", "finish", "--not-released", ACTION))[0] == 0
    assert (await restored.types("restore", "begin"))[0] == 0
    code, told = await restored.types("restore", "finish")
    assert (code, "act_1" in told) == (1, True)
