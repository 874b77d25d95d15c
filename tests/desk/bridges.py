"""A card bridge as the desk sees it: a device with a key of its own, paired from a signed-in screen."""

from dataclasses import dataclass

from approvals.credentials import handover as rules
from approvals.credentials.device import ENROLMENT, signed_bytes
from approvals.desk.bridges import BridgeClaim
from approvals.desk.devices import DeviceClaim, EnrolmentRequest
from approvals.desk.enrolments import Scanned
from approvals.model.ids import DeviceId, HandoverId, LoginId
from tests.house import House, Person

BRIDGE_ADDRESS = "203.0.113.40"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """`key` is the person whose device key stands for the bridge's."""

    house: House
    key: Person
    device_id: DeviceId

    async def claim(self, act: rules.Act, handover_id: HandoverId) -> BridgeClaim:
        return await self.claim_for(rules.purpose(act, handover_id))

    async def claim_for(self, purpose: str) -> BridgeClaim:
        nonce, _ = await self.house.devices.nonce()
        signature = self.key.sign(signed_bytes(purpose, self.house.terms.origin, nonce, self.device_id))
        signed = DeviceClaim(device_id=self.device_id, nonce=nonce, signature=signature)
        return BridgeClaim(token_of=self.device_id, signed=signed)


async def type_code(house: House, key: Person, code: str, *, address: str = BRIDGE_ADDRESS) -> Scanned:
    """Type a pairing code at a bridge whose key is this person's."""
    nonce, _ = await house.devices.nonce()
    signature = key.sign(signed_bytes(ENROLMENT, house.terms.origin, nonce, ""))
    request = EnrolmentRequest(public_key=key.public_key(), name="Poste", nonce=nonce, signature=signature)
    return await house.ways_in.enrolments.pair(code, address, request)


async def pair(house: House, screen: LoginId, key: Person) -> Bridge:
    """Pair a bridge from a screen that signed in with code and card just now."""
    offered = await house.ways_in.enrolments.offer_pairing(screen)
    paired = await type_code(house, key, offered.ticket)
    device = await house.ways_in.enrolments.confirm(screen, offered.enrolment.id, paired.digits)
    return Bridge(house=house, key=key, device_id=device.id)


def other(digits: str) -> str:
    return f"{(int(digits) + 1) % 100:02}"
