"""Two nodes whose hints go over TLS and by password; and what they say when they are refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.certificates import make_certificate
from tests.flows.devices import connected, event, linked, until_linked
from tests.flows.nodes import Bank, Node
from tests.log_watch import never_log
from tests.redis_server import GuardedRedis, running_guarded_redis


@pytest.fixture
def guarded() -> Iterator[GuardedRedis]:
    with running_guarded_redis() as server:
        never_log(server.password)
        yield server


async def test_two_nodes_tell_each_other_over_tls_and_by_password(bank: Bank, guarded: GuardedRedis) -> None:
    async with bank.two_nodes(**linked(guarded)) as (first, second):
        await until_linked(first, second)
        async with connected(bank, second) as far:
            action_id = await bank.hold(first)
            assert (await event(far, "challenge_opened"))["id"] == action_id


async def test_a_redis_no_trusted_authority_vouches_for_is_refused_and_approvals_go_on(
    bank: Bank, guarded: GuardedRedis, tmp_path: Path
) -> None:
    url = guarded.url_of(guarded.password, make_certificate(tmp_path))
    async with bank.node(FANOUT__REDIS_URL=url) as node, connected(bank, node) as near:
        await bank.hold(node)
        await event(near, "challenge_opened")
        assert "ssl_ca_certs" in to_mend(node)


async def test_a_wrong_password_is_told_once_and_approvals_go_on(bank: Bank, guarded: GuardedRedis) -> None:
    url = guarded.url_of("another", guarded.certificate)
    async with bank.node(FANOUT__REDIS_URL=url) as node, connected(bank, node) as near:
        await bank.hold(node)
        await event(near, "challenge_opened")
        assert "password" in to_mend(node)


def to_mend(node: Node) -> str:
    """What the node's one complaint says is to be mended."""
    (complaint,) = [line for line in node.lines() if line["message"] == "fan-out refused until it is mended"]
    assert complaint["level"] == "error"
    return str(complaint["mend"])
