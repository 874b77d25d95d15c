"""Who may call a route: API keys with a scope, signed-in people, either, or anyone. The desk judges the token."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from typing_extensions import override

from approvals.credentials.adviser import Right, require_right
from approvals.credentials.adviser_refusals import AdvisersOnly, RoleInsufficient
from approvals.credentials.refusals import WidgetMayNot
from approvals.desk.access import AccessDesk
from approvals.desk.actions import require_scope
from approvals.desk.presence import Presence, require_outside_widget
from approvals.desk.tokens import API_KEY, DEVICE, LOGIN
from approvals.errors import ApprovalError, Forbidden, LoginEnded, NotAuthenticated, PersonLocked
from approvals.model.adviser import Adviser
from approvals.model.api_key import ApiKey, Scope
from approvals.model.device import Device

Caller = TypeVar("Caller")

API_KEY_SCHEME: Final = "apiKey"
LOGIN_SCHEME: Final = "login"
DEVICE_SCHEME: Final = "device"


class Gate(Protocol[Caller]):
    """Turns a token into a caller. `schemes` name the security schemes of the published document that open it."""

    @property
    def schemes(self) -> Sequence[str]: ...
    @property
    def errors(self) -> Sequence[type[ApprovalError]]: ...

    async def admit(self, access: AccessDesk, token: str | None) -> Caller:
        """Raises one of `errors`."""
        ...

    def name(self, caller: Caller) -> str:
        """Return whose idempotency keys the caller's are (RULES 6)."""
        ...


class Anyone:
    """Open to all; a token is not looked at."""

    schemes = ()
    errors = ()

    async def admit(self, access: AccessDesk, token: str | None) -> None:
        del access, token

    def name(self, caller: None) -> str:
        del caller
        return "anyone"


class Core:
    """An API key of the bank's own systems, with the scope (RULES 5)."""

    schemes = (API_KEY_SCHEME,)
    errors = (NotAuthenticated, Forbidden)

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def admit(self, access: AccessDesk, token: str | None) -> ApiKey:
        if token is None or not token.startswith(API_KEY):
            raise NotAuthenticated("an API key is needed")
        caller = await access.api_key(token)
        require_scope(caller, self._scope)
        return caller

    def name(self, caller: ApiKey) -> str:
        return f"api_key:{caller.id}"


class GuestWatching:
    """Whoever is signed in, in the widget too; the screen asks by itself, which keeps nobody signed in (RULES 23).

    For what shows and starts, and nothing else: the widget comes no further (RULES 25).
    """

    schemes: Sequence[str] = (LOGIN_SCHEME,)
    errors: Sequence[type[ApprovalError]] = (NotAuthenticated, LoginEnded, PersonLocked)

    async def admit(self, access: AccessDesk, token: str | None) -> Presence:
        if token is None or not token.startswith(LOGIN):
            raise NotAuthenticated("sign in first")
        return await access.presence(token)

    def name(self, caller: Presence) -> str:
        return f"user:{caller.user.id}"


class Guest(GuestWatching):
    """The same; the call is a human act, and the five minutes begin again (RULES 23)."""

    @override
    async def admit(self, access: AccessDesk, token: str | None) -> Presence:
        return await _touched(access, await super().admit(access, token))


class PersonWatching(GuestWatching):
    """A signed-in person outside the widget, whose device asks by itself."""

    errors = (*GuestWatching.errors, WidgetMayNot)

    @override
    async def admit(self, access: AccessDesk, token: str | None) -> Presence:
        presence = await super().admit(access, token)
        require_outside_widget(presence)
        return presence


class Person(PersonWatching):
    """A signed-in person; the call is a human act, and the five minutes begin again (RULES 23)."""

    @override
    async def admit(self, access: AccessDesk, token: str | None) -> Presence:
        return await _touched(access, await super().admit(access, token))


_PERSON: Final = Person()


async def _touched(access: AccessDesk, presence: Presence) -> Presence:
    await access.touch(presence)
    return presence


class KnownDevice:
    """An enrolled device by its token, nobody being signed in on it; what it does it signs besides (RULES 22)."""

    schemes = (DEVICE_SCHEME,)
    errors = (NotAuthenticated,)

    async def admit(self, access: AccessDesk, token: str | None) -> Device:
        if token is None or not token.startswith(DEVICE):
            raise NotAuthenticated("a device's token is needed")
        return await access.device(token)

    def name(self, caller: Device) -> str:
        return f"user:{caller.user_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advising:
    """A signed-in adviser."""

    presence: Presence
    adviser: Adviser


class Banker:
    """One of the bank's own people, whose role allows it: the one place where routes ask for roles."""

    schemes = (LOGIN_SCHEME,)
    errors = (*PersonWatching.errors, AdvisersOnly, RoleInsufficient)

    def __init__(self, right: Right | None = None) -> None:
        """`right` is what the role must allow; None for every adviser."""
        self._person = Person()
        self._right = right

    async def admit(self, access: AccessDesk, token: str | None) -> Advising:
        presence = await self._person.admit(access, token)
        adviser = await access.adviser(presence)
        if self._right is not None:
            require_right(adviser, self._right)
        return Advising(presence=presence, adviser=adviser)

    def name(self, caller: Advising) -> str:
        return self._person.name(caller.presence)


class BankerOrCore:
    """One of the bank's own people whose role allows it, or its systems; which companies is the handler's to ask."""

    schemes = (LOGIN_SCHEME, API_KEY_SCHEME)
    errors = (*Banker.errors, Forbidden)

    def __init__(self, scope: Scope, right: Right) -> None:
        self._core = Core(scope)
        self._banker = Banker(right)

    async def admit(self, access: AccessDesk, token: str | None) -> Advising | ApiKey:
        if token is not None and token.startswith(API_KEY):
            return await self._core.admit(access, token)
        return await self._banker.admit(access, token)

    def name(self, caller: Advising | ApiKey) -> str:
        return self._core.name(caller) if isinstance(caller, ApiKey) else self._banker.name(caller)


class PersonOrCore:
    """Either of them; what each may see is the handler's to ask."""

    schemes = (LOGIN_SCHEME, API_KEY_SCHEME)

    def __init__(self, scope: Scope, person: GuestWatching = _PERSON) -> None:
        """`scope` is what an API key needs; `person` who else may call."""
        self._person = person
        self._core = Core(scope)
        self.errors = (*person.errors, Forbidden)

    async def admit(self, access: AccessDesk, token: str | None) -> Presence | ApiKey:
        if token is not None and token.startswith(API_KEY):
            return await self._core.admit(access, token)
        return await self._person.admit(access, token)

    def name(self, caller: Presence | ApiKey) -> str:
        return self._core.name(caller) if isinstance(caller, ApiKey) else self._person.name(caller)


def bearer_token(authorization: str | None) -> str | None:
    """Return the token of an `Authorization: Bearer` header (RFC 6750); None for another scheme."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.isascii() else None
