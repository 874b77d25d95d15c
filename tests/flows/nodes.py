"""A bank served by several processes on one database and one Redis, and a person whose devices talk to any of them."""

import asyncio
import base64
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import aiohttp
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from approvals.credentials.device import SIGN_IN, signed_bytes
from approvals.desk.house import HouseDesk
from approvals.desk.tokens import digest_of
from approvals.keys.house_secrets import make_house_secrets, make_issuer_key
from approvals.model.device import Device
from approvals.model.ids import ActionId, DeviceId
from approvals.model.json import Json
from approvals.store.book import SqlBook
from approvals.store.database import Database, open_database
from approvals.store.migrate import migrate
from tests.channels.stream import Enrolled, Frame, Phone
from tests.house import CLIENT, CODE, IDENTITY, House, Person, mine
from tests.joined_desks import ISSUER_KEY, Parts
from tests.log_watch import folder
from tests.postgresql import PostgresqlServer

ROOT = Path(__file__).parents[2]
_OPENING = {
    "client_identifier": CLIENT,
    "kind": "chequebook",
    "initiator": "003",
    "payload": {"account": "FR7630006000011234567890189", "book": "desk", "number": 1, "delivery": "branch"},
}
_LOGS = count(1)
_QUIET = logging.getLogger("tests.phone")
_QUIET.setLevel(logging.WARNING)  # at DEBUG the client writes down every frame, tokens included


@dataclass(kw_only=True)
class Node:
    """One server process."""

    process: Process
    log: Path
    port: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lines(self) -> list[dict[str, Json]]:
        """What it logged so far."""
        whole, _, _ = self.log.read_text("utf-8").rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    async def serving(self) -> None:
        """Wait until it says where it listens; fail after thirty seconds."""
        for _ in range(3000):
            said = [line for line in self.lines() if line["message"] == "serving"]
            if said:
                self.port = int(str(said[0]["port"]))
                return
            assert self.process.returncode is None, self.log.read_text("utf-8")
            await asyncio.sleep(0.01)
        raise AssertionError("the node did not come up")

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    async def stop(self) -> int:
        """Ask it to stop; return its exit code."""
        self.process.terminate()
        async with asyncio.timeout(15):
            return await self.process.wait()

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """The bank's book as the nodes share it, its people, and one HTTP client for everybody."""

    house: House
    database: Database
    anne: Person
    bruno: Person
    session: aiohttp.ClientSession
    environment: Mapping[str, str]
    devices: Iterator[int] = field(default_factory=lambda: count(1))

    async def run(self, *words: str, **settings: str) -> tuple[int, str]:
        """Type one command; return its exit code and all it printed."""
        process = await self._start(words, settings, asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        return process.returncode or 0, out.decode()

    @asynccontextmanager
    async def node(self, **settings: str) -> AsyncIterator[Node]:
        """A node with these settings besides the bank's (`FANOUT__REDIS_URL="…"`)."""
        log = folder() / f"node-{next(_LOGS)}.log"
        with log.open("wb") as file:
            node = Node(process=await self._start(("serve", "--demo"), settings, file.fileno()), log=log)
        try:
            await node.serving()
            yield node
        finally:
            await node.kill()

    @asynccontextmanager
    async def two_nodes(self, **settings: str) -> AsyncIterator[tuple[Node, Node]]:
        """Two with the same settings, started together."""
        async with AsyncExitStack() as stack:
            first, second = self.node(**settings), self.node(**settings)
            nodes = await asyncio.gather(stack.enter_async_context(first), stack.enter_async_context(second))
            yield nodes

    async def device(self, person: Person) -> Enrolled:
        """Put one more device of the person's, all with the one key; not signed in."""
        number = next(self.devices)
        token = f"ctd_{number:043d}"
        device = Device(
            id=DeviceId(f"dev_{number}"),
            user_id=person.user.id,
            name="Téléphone",
            public_key=person.public_key(),
            token_digest=digest_of(token),
            created_at=self.house.clock.now(),
        )
        await self.house.book.transaction(lambda ledger: ledger.devices.put(device))
        return Enrolled(person, device.id, token, "")

    async def sign_in(self, node: Node, device: Enrolled) -> Enrolled:
        """Sign in on the device over HTTP; return it with its login."""
        nonce = str((await self.post(node, "/v1/nonces"))["nonce"])
        signed = signed_bytes(SIGN_IN, self.house.terms.origin, nonce, device.device_id)
        signature = base64.urlsafe_b64encode(device.person.sign(signed)).rstrip(b"=").decode()
        claim = {"device": device.device_id, "nonce": nonce, "signature": signature}
        typed = {"client_identifier": CLIENT, "user_number": device.person.user.number, "code": CODE, "device": claim}
        said = await self.post(node, "/v1/sessions", typed)
        return Enrolled(device.person, device.device_id, device.token, str(said["token"]))

    async def sign_out(self, node: Node, device: Enrolled) -> None:
        """End every login of the device's person."""
        listed = (await self.call("GET", node, "/v1/sessions", token=device.login_token))["items"]
        assert isinstance(listed, list)
        for session in listed:
            assert isinstance(session, dict)
            login = session["login"]
            assert isinstance(login, dict)
            await self.call("DELETE", node, f"/v1/sessions/{login['id']}", token=device.login_token)

    async def hold(self, node: Node) -> ActionId:
        """The core opens an action through this node, in Chloé's name; Anne and Bruno may sign it."""
        status, said = await self.try_to_hold(node)
        assert status == 201, said
        return ActionId(str(said["id"]))

    async def try_to_hold(self, node: Node) -> tuple[int, Mapping[str, Json]]:
        """The same, whatever becomes of it."""
        return await self.reply("POST", node, "/v1/actions", _OPENING, token="ctk_core")  # noqa: S106  # the tests' own

    async def status_of(self, node: Node, action_id: ActionId) -> str:
        """What the core is told of its action."""
        path = f"/v1/actions/{action_id}"
        said = await self.call("GET", node, path, token="ctk_core")  # noqa: S106  # the tests' own core
        return str(said["status"])

    async def sign(
        self, node: Node, device: Enrolled, action_id: ActionId, proof: Mapping[str, Json]
    ) -> tuple[int, Mapping[str, Json]]:
        """Answer the person's challenge over HTTP."""
        challenge = mine(await self.house.sheet(action_id), device.person)
        path = f"/v1/challenges/{challenge.id}/answers"
        return await self.reply("POST", node, path, proof, token=device.login_token)

    async def answer_of(self, person: Person, action_id: ActionId) -> Frame:
        """What the person's device sends to sign the action: the code their reader shows for it."""
        challenge = mine(await self.house.sheet(action_id), person)
        code = person.answer(challenge.reader_input).code
        proof: dict[str, Json] = {"method": "cap", "code": code}
        return {"type": "answer", "req": f"r-{challenge.id}", "challenge": challenge.id, "proof": proof}

    async def post(
        self, node: Node, path: str, body: Mapping[str, object] | None = None, *, token: str | None = None
    ) -> Mapping[str, Json]:
        return await self.call("POST", node, path, body, token=token)

    async def call(
        self,
        method: str,
        node: Node,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        token: str | None = None,
    ) -> Mapping[str, Json]:
        """Return what the node said to a request it took; an empty reply is an empty mapping."""
        status, said = await self.reply(method, node, path, body, token=token)
        assert status < 300, said
        return said

    async def reply(
        self,
        method: str,
        node: Node,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        token: str | None = None,
    ) -> tuple[int, Mapping[str, Json]]:
        """Return status and content, whatever the node made of the request."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self.session.request(method, f"{node.origin}{path}", json=body, headers=headers) as response:
            said: Mapping[str, Json] = await response.json() if response.content_type.endswith("json") else {}
            return response.status, said

    async def readiness(self, node: Node) -> tuple[int, str]:
        """The status of the node's readiness, and its reason."""
        async with self.session.get(f"{node.origin}/health/ready") as response:
            return response.status, str((await response.json()).get("detail", ""))

    async def _start(self, words: tuple[str, ...], settings: Mapping[str, str], output: int) -> Process:
        named = {f"CONTRESEING_{name}": value for name, value in settings.items()}
        environment = {**self.environment, **named}
        return await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("contreseing"),
            *words,
            stdin=DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
        )


@asynccontextmanager
async def bank(server: PostgresqlServer, home: Path) -> AsyncIterator[Bank]:
    """A bank on a PostgreSQL of its own: schema, keys, company; nobody serves it yet."""
    url = await server.make_empty_database()
    database = await open_database(url)
    await migrate(database, demo=True)  # the tests' issuer key is a published one
    house = House(Parts(book=SqlBook(database), folder=home))
    await _keep_secrets(house)
    anne, bruno, _ = await house.found()
    async with aiohttp.ClientSession() as session:
        yield Bank(
            house=house,
            database=database,
            anne=anne,
            bruno=bruno,
            session=session,
            environment=_environment(house, url, home),
        )
    await database.close()
    await server.drop(url)


async def _keep_secrets(house: House) -> None:
    now = house.clock.now()
    issuer_key = make_issuer_key(house.keyring, "test", 1, ISSUER_KEY, now)
    desk = HouseDesk(book=house.book, clock=house.clock, ids=house.ids)
    await desk.keep([*make_house_secrets(house.keyring, now), issuer_key], code="house_made")


def _environment(house: House, url: str, home: Path) -> Mapping[str, str]:
    """Settings of a node: the house's own, on a free port."""
    keys = home / "keyring.txt"
    keys.touch(mode=0o600)
    keys.write_text(f"1 {base64.urlsafe_b64encode(bytes(range(32))).rstrip(b'=').decode()}\n")
    return {
        **os.environ,
        "CONTRESEING_DATABASE__URL": url,
        "CONTRESEING_KEYRING__FILE": str(keys),
        "CONTRESEING_SERVER__PORT": "0",
        "CONTRESEING_SERVER__PUBLIC_ORIGIN": house.terms.origin,
        "CONTRESEING_APPROVALS__ENVIRONMENT": IDENTITY.environment,
        "CONTRESEING_APPROVALS__ISSUER": IDENTITY.issuer,
        "CONTRESEING_APPROVALS__AUDIENCE": IDENTITY.audience,
    }


@asynccontextmanager
async def phone(node: Node, device: Enrolled, origin: str) -> AsyncIterator[Phone]:
    """A connection of this device to this node that has heard nothing yet."""
    address = f"ws://127.0.0.1:{node.port}/v1/stream"
    async with connect(
        address, subprotocols=[Subprotocol("contreseing.v1")], ping_interval=None, logger=_QUIET
    ) as socket:
        yield Phone(socket, device, origin)
