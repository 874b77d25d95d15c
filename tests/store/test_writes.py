"""Which writes go as one statement: never two that one of them could see or undo."""

from collections.abc import Sequence

import pytest

from approvals.errors import StaleVersion
from approvals.store.database import Connection, Database
from approvals.store.database.writes import JoinedWrites, Write, join_writes

ADD_A = "INSERT INTO a (id) VALUES ($1)"
ADD_B = "INSERT INTO b (id, a) VALUES ($1, $2)"
ADD_B_COUNTING = "INSERT INTO b (id, a) VALUES ($1, (SELECT n FROM a WHERE id = $2))"
PUT_A = "INSERT INTO a (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = a.n + excluded.n RETURNING n"
PUT_B = "INSERT INTO b (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n"
CHANGE_A = "UPDATE a SET n = $2 WHERE id = $1 AND n < $2 RETURNING n"
CHANGE_B = "UPDATE b SET n = $2 WHERE id = $1 AND n < $2 RETURNING n"
REMOVE_B = "DELETE FROM b WHERE id = $1"


def kept(*texts: str, stale: str | None = None) -> list[Write]:
    return [Write(sql=text, values=(f"v{number}", number), stale=stale) for number, text in enumerate(texts)]


def statements(*texts: str) -> int:
    return len(list(join_writes(kept(*texts))))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param((ADD_A, CHANGE_B), id="two tables"),
        pytest.param((ADD_B, ADD_B, ADD_B), id="rows added to one"),
        pytest.param((PUT_A, PUT_B), id="SET is no table"),
    ],
)
def test_writes_that_share_no_table_are_one_statement(texts: Sequence[str]) -> None:
    assert statements(*texts) == 1


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param((CHANGE_A, CHANGE_A), id="one row may be changed twice"),
        pytest.param((ADD_A, CHANGE_A), id="added and changed"),
        pytest.param((CHANGE_A, ADD_B_COUNTING), id="one reads what the other writes"),
        pytest.param((PUT_A, PUT_A), id="put twice"),
        pytest.param((REMOVE_B, ADD_B), id="removed and added again"),
    ],
)
def test_writes_that_share_a_table_are_two(texts: Sequence[str]) -> None:
    assert statements(*texts) == 2


def test_placeholders_go_on_where_the_text_before_ended() -> None:
    (joined,) = join_writes([Write(ADD_A, ("x",), None), Write(CHANGE_B, ("y", 2), "b moved")])
    assert "VALUES ($1)" in joined.sql
    assert "SET n = $3 WHERE id = $2 AND n < $3" in joined.sql
    assert joined.values == ["x", "y", 2]
    assert joined.stales == [None, "b moved"]


def test_the_texts_stay_few_however_many_rows_are_added() -> None:
    joined = list(join_writes(kept(*(ADD_A,) * 100)))
    assert len({each.sql for each in joined}) == 2
    assert sum(len(each.stales) for each in joined) == 100


def test_the_first_write_that_found_no_row_is_named() -> None:
    joined = JoinedWrites(sql="", values=(), stales=["first", None, "third"])
    joined.require_found({"found_0": 1, "found_2": 1})
    with pytest.raises(StaleVersion, match="third"):
        joined.require_found({"found_0": 1, "found_2": 0})


ADD_NONCE = "INSERT INTO nonces (nonce, expires_at) VALUES ($1, $2)"
RAISE_NONCE = "UPDATE nonces SET expires_at = expires_at + $2 WHERE nonce = $1 RETURNING nonce"
PRUNE_NONCES = "DELETE FROM nonces WHERE expires_at < $1"


async def sums(connection: Connection) -> list[object]:
    return [row["expires_at"] for row in await connection.fetch("SELECT expires_at FROM nonces ORDER BY nonce")]


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
async def test_what_is_joined_comes_to_what_was_written_one_by_one(database: Database) -> None:
    async with database.transaction("sub_1") as connection:
        await connection.execute_many(ADD_NONCE, [(f"n{number:02}", number) for number in range(40)])
        await connection.change(RAISE_NONCE, "n01", 100, stale="gone")
        await connection.change(RAISE_NONCE, "n01", 100, stale="gone")
        await connection.execute(PRUNE_NONCES, 38)
        await connection.execute(ADD_NONCE, "n50", 50)
    async with database.reading() as connection:
        assert await sums(connection) == [201, 38, 39, 50]


@pytest.mark.parametrize("server_if_any", ["postgresql"], indirect=True)
async def test_a_joined_write_that_finds_nothing_undoes_all_of_them(database: Database) -> None:
    async def add_and_lose() -> None:
        async with database.transaction("sub_1") as connection:
            await connection.execute(ADD_NONCE, "n1", 1)
            await connection.change("UPDATE house SET value = $1 WHERE name = 'none' RETURNING name", "x", stale="gone")

    with pytest.raises(StaleVersion):
        await add_and_lose()
    async with database.reading() as connection:
        assert await sums(connection) == []
