"""Each row of the RTS table names a test that fails once the code is weakened: shown on copies of the product."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.rts.page import PAGE, page
from tests.rts.row import Row
from tests.rts.table import TABLE

ROOT = Path(__file__).parents[2]
PRODUCT = ("approvals", "channels", "server")
BESIDE = ("tests", "deploy", "pyproject.toml")
NOT_OURS = shutil.ignore_patterns("node_modules")
"""Fifty megabytes that no test of the table looks at."""
AT_ONCE = 2
ROWS = pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.article}-{row.code}")
Done: TypeAlias = "subprocess.CompletedProcess[str]"
BY_ASSERTION = r"(assert |AssertionError|Failed: DID NOT RAISE)"


@pytest.fixture(scope="module")
def mutants() -> Iterator[Mapping[Row, "Future[Done]"]]:
    """What pytest says of each row's test on the product weakened as the row says; begun at once, a few at a time."""
    threads = ThreadPoolExecutor(AT_ONCE)
    yield {row: threads.submit(outcome_weakened, row) for row in TABLE}
    threads.shutdown(cancel_futures=True)


@ROWS
def test_the_weakened_code_turns_the_rows_test_red(row: Row, mutants: Mapping[Row, "Future[Done]"]) -> None:
    done = mutants[row].result()
    failure = rf"^FAILED {re.escape(row.test)}(\[.*?\])? - {BY_ASSERTION}"
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert re.search(failure, done.stdout, re.MULTILINE), done.stdout


@ROWS
def test_what_is_weakened_stands_once_in_the_code_the_row_names(row: Row) -> None:
    source = (ROOT / row.mutation.file).read_text("utf-8")
    assert source.count(row.mutation.old) == 1
    assert row.code in set(named(ast.parse(source)))


def test_every_test_the_table_names_is_there() -> None:
    done = run_pytest(ROOT, "--collect-only", *sorted({row.test for row in TABLE}))
    found = {line.partition("[")[0] for line in done.stdout.splitlines()}
    assert [row.test for row in TABLE if row.test not in found] == []


def test_the_page_in_the_docs_is_the_table() -> None:
    assert PAGE.read_text("utf-8") == page()


def outcome_weakened(row: Row) -> Done:
    """Run the row's test on a copy whose one change is the mutation; return what pytest says."""
    with tempfile.TemporaryDirectory(prefix="contreseing-rts-") as folder:
        copy = Path(folder)
        weakened_room = Path(row.mutation.file).parts[0]
        shutil.copytree(ROOT / weakened_room, copy / weakened_room, ignore=NOT_OURS)
        for name in {*PRODUCT, *BESIDE} - {weakened_room}:
            (copy / name).symlink_to(ROOT / name)
        weakened = copy / row.mutation.file
        weakened.write_text(weakened.read_text("utf-8").replace(row.mutation.old, row.mutation.new), "utf-8")
        return run_pytest(copy, "-k", "not postgresql", row.test)


def run_pytest(folder: Path, *arguments: str) -> Done:
    """Run pytest on the product of this folder."""
    return subprocess.run(  # noqa: S603  # our own interpreter on our own table
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )


def named(tree: ast.Module) -> Iterator[str]:
    """The names of classes and functions; a method's behind its class's."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
            yield from (f"{node.name}.{method.name}" for method in methods)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
