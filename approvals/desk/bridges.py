"""Who a card bridge is: its token says which, its key signs one act over a nonce of ours (RULES 22 and 24)."""

from dataclasses import dataclass
from datetime import datetime

from approvals.credentials.refusals import BridgeNeeded
from approvals.desk.devices import DeviceClaim, find_claimed_device
from approvals.errors import DeviceSignatureRefused
from approvals.model.device import Device, DeviceKind
from approvals.model.ids import DeviceId
from approvals.ports.book import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeClaim:
    """`token_of` is the device whose token came with the request; `signed` what its key signed."""

    token_of: DeviceId
    signed: DeviceClaim


async def find_claimed_bridge(ledger: Ledger, claim: BridgeClaim, purpose: str, origin: str, now: datetime) -> Device:
    """Return the bridge that signed for this purpose. Raises DeviceSignatureRefused, BridgeNeeded."""
    if claim.signed.device_id != claim.token_of:
        raise DeviceSignatureRefused("signed by another device than the token's")
    device = await find_claimed_device(ledger, claim.signed, purpose, origin, now)
    if device.kind is not DeviceKind.BRIDGE:
        raise BridgeNeeded("only a card bridge may do this")
    return device
