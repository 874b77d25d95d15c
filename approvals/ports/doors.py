"""How people and systems come in: devices, logins, letters, API keys, nonces, failure buckets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from approvals.model.activation import Activation, LetterStatus
from approvals.model.api_key import ApiKey
from approvals.model.confirmation import Confirmation
from approvals.model.device import Device, Login
from approvals.model.enrolment import Enrolment
from approvals.model.handover import Handover
from approvals.model.ids import (
    ApiKeyId,
    ConfirmationId,
    DeviceId,
    EnrolmentId,
    HandoverId,
    LoginId,
    UserId,
)
from approvals.model.person import User
from approvals.model.throttle import FailureBucket


class Devices(Protocol):
    """Enrolled devices and how far each has read."""

    async def put(self, device: Device) -> None:
        """Add it, or give a known one its new token and name."""
        ...

    async def load(self, device_id: DeviceId) -> Device | None: ...

    async def with_token(self, token_digest: bytes) -> Device | None: ...

    async def of_user(self, user_id: UserId) -> Sequence[Device]:
        """Revoked ones included, oldest first."""
        ...

    async def revoke(self, device_id: DeviceId, at: datetime) -> None: ...

    async def acknowledge(self, cursors: Mapping[DeviceId, int]) -> None:
        """Move each device's cursor forward; never back, never beyond the inbox's head."""
        ...


class Logins(Protocol):
    """Signed-in stays."""

    async def add(self, login: Login) -> None: ...

    async def load(self, login_id: LoginId) -> Login | None: ...

    async def presence(self, login_id: LoginId) -> tuple[Login, User, Device | None] | None:
        """The login, whose it is, and the device it is bound to."""
        ...

    async def with_token(self, token_digest: bytes) -> Login | None: ...

    async def touch(self, login_id: LoginId, at: datetime) -> None:
        """A human act: the five minutes begin again."""
        ...

    async def bind(self, login_id: LoginId, device_id: DeviceId) -> None:
        """The login belongs to this device from now on, and ends with it."""
        ...

    async def of_user(self, user_id: UserId) -> Sequence[Login]:
        """Those not ended, newest first."""
        ...

    async def end(self, login_id: LoginId, at: datetime) -> None: ...

    async def end_all(self, user_id: UserId, at: datetime) -> None: ...

    async def end_others(self, user_id: UserId, kept: LoginId, at: datetime) -> None: ...

    async def end_on_device(self, device_id: DeviceId, at: datetime) -> None: ...


class Activations(Protocol):
    """Letters of activation, one a person."""

    async def order(self, user_id: UserId, at: datetime) -> None:
        """A letter is due; whatever an earlier one held is void."""
        ...

    async def load(self, user_id: UserId) -> Activation | None: ...

    async def save(self, activation: Activation) -> None:
        """Write everything but the order, version raised. Raises StaleVersion."""
        ...

    async def browse(self, status: LetterStatus, after: str, limit: int) -> Sequence[Activation]:
        """Letters of one status after this person's, by person."""
        ...


class Enrolments(Protocol):
    """Further devices on their way in."""

    async def add(self, enrolment: Enrolment) -> None:
        """Write one that nothing has scanned yet."""
        ...

    async def load(self, enrolment_id: EnrolmentId) -> Enrolment | None: ...

    async def with_ticket(self, ticket_digest: bytes) -> Enrolment | None: ...

    async def save(self, enrolment: Enrolment) -> None:
        """Write status, end, digits and device, version raised. Raises StaleVersion."""
        ...

    async def sweep(self, before: datetime) -> None: ...


class Confirmations(Protocol):
    """Sign-ins that wait for a phone."""

    async def add(self, confirmation: Confirmation) -> None: ...

    async def load(self, confirmation_id: ConfirmationId) -> Confirmation | None: ...

    async def with_secret(self, secret_digest: bytes) -> Confirmation | None: ...

    async def waiting(self, user_id: UserId, now: datetime) -> Sequence[Confirmation]:
        """Those this person may still answer, oldest first."""
        ...

    async def save(self, confirmation: Confirmation) -> None:
        """Write status and phone, version raised. Raises StaleVersion."""
        ...

    async def sweep(self, before: datetime) -> None: ...


class Handovers(Protocol):
    """Challenges handed over to card bridges; one at a time for each challenge."""

    async def put(self, handover: Handover) -> None:
        """Write it in place of the challenge's former one."""
        ...

    async def load(self, handover_id: HandoverId) -> Handover | None: ...

    async def waiting(self, user_id: UserId, now: datetime) -> Sequence[Handover]:
        """Those a bridge of this person may still take, oldest first."""
        ...

    async def save(self, handover: Handover) -> None:
        """Write status, end, bridge and answer, version raised. Raises StaleVersion."""
        ...

    async def sweep(self, before: datetime) -> None: ...


class ApiKeys(Protocol):
    """Keys of the bank's own systems."""

    async def add(self, key: ApiKey) -> None: ...

    async def with_token(self, token_digest: bytes) -> ApiKey | None: ...

    async def all(self) -> Sequence[ApiKey]: ...

    async def revoke(self, key_id: ApiKeyId, at: datetime) -> bool: ...


class Nonces(Protocol):
    """Numbers used once, for device signatures over HTTP."""

    async def add(self, nonce: str, expires_at: datetime) -> None: ...

    async def take(self, nonce: str, now: datetime) -> bool:
        """Use it up; False when it is unknown, used or too old."""
        ...

    async def sweep(self, now: datetime) -> None: ...


class FailureBuckets(Protocol):
    """Recent failures by caller and in all; what they mean is `credentials.throttle`'s."""

    async def load(self, keys: Sequence[str]) -> Sequence[FailureBucket]: ...

    async def save(self, bucket: FailureBucket) -> None: ...

    async def sweep(self, before: datetime) -> None:
        """Forget the buckets not filled since then; doors do not leak, and stay."""
        ...
