"""Push as the settings want it: which channels are served, each with its sender. Their libraries are an extra.

They are imported when a channel is opened: together they weigh more than the rest of the server.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from approvals.desk.push import PushOffer
from approvals.errors import KeyringError
from approvals.model.push import PushChannel
from channels.push.outcomes import PushSender
from server.foundation import Foundation
from server.jobs.pusher import Lane
from server.observing import Observing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """What is offered to devices, and the lanes their messages go by; none where push is off."""

    offer: PushOffer
    lanes: Sequence[Lane]


@asynccontextmanager
async def open_pushing(foundation: Foundation, observing: Observing) -> AsyncIterator[Pushing]:
    """Reach the push services the settings name meanwhile. Raises InvalidRequest for a key file that is none."""
    senders: dict[PushChannel, PushSender] = {}
    vapid, push = foundation.vault.vapid, foundation.settings.push
    async with AsyncExitStack() as stack:
        if vapid is not None and push.contact is not None:
            senders[PushChannel.WEB_PUSH] = await _open_web_push(stack, foundation, vapid, push.contact)
        if push.fcm_key_file is not None:
            senders[PushChannel.FCM] = await _open_fcm(stack, foundation, Path(push.fcm_key_file))
        lanes = [Lane(channel, observing.push(channel, sender)) for channel, sender in senders.items()]
        point = None if vapid is None else public_point(vapid)
        yield Pushing(offer=PushOffer(channels=set(senders), hosts=push.hosts, vapid_key=point), lanes=lanes)


async def _open_web_push(stack: AsyncExitStack, foundation: Foundation, vapid: bytes, contact: str) -> PushSender:
    from channels.push.web_push import VapidTokens, WebPushSender, open_push_session  # noqa: PLC0415  # an extra

    return WebPushSender(
        session=await stack.enter_async_context(open_push_session()),
        tokens=VapidTokens(vapid, contact, foundation.clock),
        origin=foundation.settings.server.public_origin,
        clock=foundation.clock,
    )


async def _open_fcm(stack: AsyncExitStack, foundation: Foundation, key_file: Path) -> PushSender:
    from channels.push.fcm import open_fcm  # noqa: PLC0415  # an extra

    return await stack.enter_async_context(open_fcm(key_file, foundation.clock))


def public_point(pem: bytes) -> bytes:
    """Return the public half of a VAPID key as browsers take it: the uncompressed point (65 bytes)."""
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyringError("the VAPID key is no P-256 key: it was not made by `contreseing keys init`")
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
