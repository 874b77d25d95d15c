"""A device's signature as it comes over HTTP, read into the desk's claim."""

from approvals.desk.devices import DeviceClaim
from approvals.model.ids import DeviceId
from server.http.binary import decoded
from server.http.forms import DeviceProof


def claim_of(proof: DeviceProof) -> DeviceClaim:
    return DeviceClaim(device_id=DeviceId(proof.device), nonce=proof.nonce, signature=decoded(proof.signature))
