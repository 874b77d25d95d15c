"""Coming into the chat on a page of the bank's own: the page's back end vouches, one frame takes its word (RULES 25).

The frame draws a verifier and tells the page its SHA-256 alone, in the manner of RFC 7636: a token stolen on its way
serves no other frame, and none on another host. Who comes in so may see and start; `require_presence` shuts the rest.
"""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from approvals.credentials.counters import require_usable_person
from approvals.credentials.login import LONGEST
from approvals.desk.sign_in import SignedIn
from approvals.desk.tokens import LOGIN, WIDGET, digest_of, new_token
from approvals.errors import InvalidRequest, NotAuthenticated, NotFound
from approvals.model.adviser import HOUSE_CLIENT
from approvals.model.api_key import ApiKey
from approvals.model.audit import AuditEntry
from approvals.model.device import Factor, Login
from approvals.model.ids import LoginId, UserId
from approvals.model.person import User, UserStatus
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Clock, Ids

_LIFE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Who is signed in on the host's page, and the frame there that asked.

    `host` is the page's origin, `challenge` the SHA-256 of the frame's verifier, base64url.
    """

    client_identifier: str
    user_number: str
    host: str
    challenge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostToken:
    """What the page hands its frame, and until when it is good: once."""

    text: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the frame shows: the page's token, the page's origin, its own verifier."""

    token: str = field(repr=False)
    host: str
    verifier: str = field(repr=False)


class WidgetDesk:
    """Gives tokens to the back ends of hosts, and takes them from frames."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids, hosts: Collection[str]) -> None:
        """`hosts` are the origins whose pages may hold the chat."""
        self._book = book
        self._clock = clock
        self._ids = ids
        self._hosts = frozenset(hosts)

    async def vouch(self, key: ApiKey, vouched: Vouched) -> HostToken:
        """Raises InvalidRequest for a host off the list, NotFound for nobody who has come in before, PersonLocked."""
        if vouched.host not in self._hosts:
            raise InvalidRequest("host: no host of the widget; the setting widget.hosts names them", field="host")
        return await self._book.transaction(lambda ledger: self._vouch(ledger, key, vouched))

    async def enter(self, entry: Entry) -> SignedIn:
        """Use the token up and open a stay. Raises NotAuthenticated, PersonLocked."""
        token = new_token(LOGIN, self._ids)
        return await self._book.transaction(lambda ledger: self._enter(ledger, entry, token))

    async def _vouch(self, ledger: Ledger, key: ApiKey, vouched: Vouched) -> HostToken:
        now = self._clock.now()
        user = await ledger.people.user_named(vouched.client_identifier, vouched.user_number)
        if user is None or user.status in _NOT_HERE or vouched.client_identifier == HOUSE_CLIENT:
            raise NotFound("no such user who has come in before")
        require_usable_person(user)
        text = f"{WIDGET}{user.id}.{self._ids.secret()}"
        await ledger.nonces.add(_kept(text, vouched.host, vouched.challenge), now + _LIFE)
        value = {"user": user.id, "host": vouched.host}
        entry = AuditEntry(code="widget_vouched", actor=f"api_key:{key.id}", at=now, value=value)
        await ledger.audit.append([entry])
        return HostToken(text=text, expires_at=now + _LIFE)

    async def _enter(self, ledger: Ledger, entry: Entry, token: str) -> SignedIn:
        now = self._clock.now()
        kept = _kept(entry.token, entry.host, challenge_of(entry.verifier))
        if not await ledger.nonces.take(kept, now) or entry.host not in self._hosts:
            raise NotAuthenticated("no such token of this frame and host, or it was used or is too old")
        user = await self._user(ledger, entry.token)
        login = self._login(user.id, token, now)
        await ledger.logins.add(login)
        value = {"login": login.id, "factors": sorted(login.factors), "host": entry.host}
        await ledger.audit.append([AuditEntry(code="signed_in", actor=f"user:{user.id}", at=now, value=value)])
        return SignedIn(login=login, token=token, user=user)

    async def _user(self, ledger: Ledger, token: str) -> User:
        """Read whom a token of ours names; they may have left since."""
        user_id, _, _ = token.removeprefix(WIDGET).partition(".")
        user = await ledger.people.user(UserId(user_id))
        if user is None or user.status in _NOT_HERE:
            raise NotAuthenticated("the person has left")
        require_usable_person(user)
        return user

    def _login(self, user_id: UserId, token: str, now: datetime) -> Login:
        return Login(
            id=LoginId(self._ids.make("log")),
            user_id=user_id,
            device_id=None,
            factors=frozenset({Factor.HOST}),
            token_digest=digest_of(token),
            created_at=now,
            last_act_at=now,
            expires_at=now + LONGEST,
        )


_NOT_HERE: Final = frozenset({UserStatus.INVITED, UserStatus.LEFT})


def challenge_of(verifier: str) -> str:
    """Return what the frame tells of its verifier: SHA-256, base64url without padding (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _kept(token: str, host: str, challenge: str) -> str:
    """Return what is kept, among the numbers used once: it is found for this host and this frame alone."""
    return f"widget {digest_of(f'{token} {host} {challenge}').hex()}"
