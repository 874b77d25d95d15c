"""One server at one address, and what a person at their desk hands over to their bridge."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from approvals.model.ids import ActionId
from approvals.model.proof import Purpose
from approvals.store.columns import number
from tests.card_bridge.link.desk import Desk, until
from tests.flows.nodes import Bank, Node
from tests.house import IDENTITY, mine
from tests.ports import free_ports
from tests.server.http.site import OPENING


class Town:
    """One server at one address, stopped and started at will, and Anne at her desk."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        (self.port,) = free_ports(1)
        self.origin = f"http://127.0.0.1:{self.port}"

    async def found(self) -> None:
        """Keep the bank's database for this address: a bridge signs for the one it was paired with."""
        identity = replace(IDENTITY, origin=self.origin)
        await self.bank.house.book.transaction(lambda ledger: ledger.house.put_identity(identity))

    def node(self) -> AbstractAsyncContextManager[Node]:
        return self.bank.node(SERVER__PORT=str(self.port), SERVER__PUBLIC_ORIGIN=self.origin)

    async def hold_beneficiary(self, node: Node) -> ActionId:
        """Something to sign with the reader's SIGN key."""
        held = await self.bank.post(node, "/v1/actions", OPENING, token="ctk_core")  # noqa: S106  # the tests' own
        return ActionId(str(held["id"]))

    async def hand_over(self, node: Node, desk: Desk, action_id: ActionId) -> None:
        """Hand its challenge over, and type the digits shown at the bridge."""
        desk.type("digits", await self.ask(node, desk, action_id))

    async def ask(self, node: Node, desk: Desk, action_id: ActionId) -> str:
        """Hand its challenge over; return the digits the screen shows."""
        challenge = mine(await self.bank.house.sheet(action_id), desk.person)
        asked = await self.bank.post(node, f"/v1/challenges/{challenge.id}/handover", token=desk.login)
        return str(asked["digits"])

    async def approvals_tried(self) -> int:
        """How many codes were ever taken for checking, to approve something."""
        async with self.bank.database.reading() as connection:
            (row,) = await connection.fetch("SELECT COUNT(*) AS tried FROM proofs WHERE purpose = $1", Purpose.APPROVAL)
        return number(row, "tried")

    async def until_approved(self, node: Node, action_id: ActionId) -> None:
        async def is_approved() -> bool:
            return await self.bank.status_of(node, action_id) == "approved"

        await until(is_approved)
