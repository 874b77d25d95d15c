"""What push needs kept secret: the house's VAPID key pair, and each device's target (RULES 28).

The key pair tells push services who asks (RFC 8292). A browser subscribes to its public half and takes messages signed
by it alone, so it is never rotated: a new one would silence every subscription.
"""

from datetime import datetime
from typing import Final

from approvals.keys.keyring import Keyring
from approvals.keys.signing_keys import make_signing_key
from approvals.model.ids import PushSubscriptionId
from approvals.model.push import PUSH_TARGET, PUSH_TARGET_VERSION
from approvals.ports.vault import SealedSecret

VAPID: Final = "vapid"


def make_vapid_key(keyring: Keyring, now: datetime) -> SealedSecret:
    """Return a new VAPID key pair, sealed."""
    return make_signing_key(keyring, VAPID, now)


def reseal_target(keyring: Keyring, subscription_id: PushSubscriptionId, sealed: bytes) -> bytes | None:
    """A target under the newest key; None where it is."""
    return keyring.reseal(PUSH_TARGET, subscription_id, PUSH_TARGET_VERSION, sealed)
