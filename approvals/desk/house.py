"""What operators do for the house itself: keep its sealed secrets, hand out and revoke the keys of the bank's systems.

Secrets come sealed: making and opening them is `approvals.keys`'. Every change is audited, and none shows a secret.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from approvals.desk.tokens import API_KEY, digest_of, new_token
from approvals.errors import HouseMismatch, InvalidRequest, NotFound
from approvals.model.api_key import ApiKey, Scope
from approvals.model.audit import AuditEntry
from approvals.model.identity import HouseIdentity
from approvals.model.ids import ApiKeyId
from approvals.model.json import Facts
from approvals.ports.book import Book, Ledger
from approvals.ports.vault import SealedSecret
from approvals.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A new API key and its token, told this once."""

    key: ApiKey
    token: str = field(repr=False)


class HouseDesk:
    """Keeps secrets and API keys."""

    def __init__(self, *, book: Book, clock: Clock, ids: Ids) -> None:
        self._book = book
        self._clock = clock
        self._ids = ids

    async def keep(self, secrets: Sequence[SealedSecret], *, code: str) -> None:
        """Write sealed secrets; `code` is what the audit calls it."""

        async def work(ledger: Ledger) -> None:
            for secret in secrets:
                await ledger.secrets.put(secret)
            await self._note(ledger, code, {"secrets": [f"{each.kind}/{each.id}/{each.version}" for each in secrets]})

        await self._book.transaction(work)

    async def secrets(self, kind: str) -> Sequence[SealedSecret]:
        """By id, then version."""
        return await self._book.reading(lambda ledger: ledger.secrets.of_kind(kind))

    async def add_api_key(self, name: str, scopes: frozenset[Scope]) -> IssuedKey:
        """Make a key for one of the bank's systems. Raises InvalidRequest without a name or a scope."""
        if not name.strip() or not scopes:
            raise InvalidRequest("an API key has a name and at least one scope", field="scopes")
        if Scope.LETTERS in scopes and len(scopes) > 1:
            raise InvalidRequest("who prints secrets reads nothing else: `letters` goes alone", field="scopes")
        token = new_token(API_KEY, self._ids)
        key = ApiKey(
            id=ApiKeyId(self._ids.make("key")),
            name=name,
            scopes=scopes,
            token_digest=digest_of(token),
            created_at=self._clock.now(),
        )

        async def work(ledger: Ledger) -> None:
            await ledger.api_keys.add(key)
            await self._note(ledger, "api_key_added", {"api_key": key.id, "scopes": sorted(scopes)})

        await self._book.transaction(work)
        return IssuedKey(key=key, token=token)

    async def api_keys(self) -> Sequence[ApiKey]:
        """Revoked ones included, oldest first."""
        return await self._book.reading(lambda ledger: ledger.api_keys.all())

    async def revoke_api_key(self, key_id: ApiKeyId) -> None:
        """Shut a key out; it stays listed. Raises NotFound for one that is unknown or revoked already."""

        async def work(ledger: Ledger) -> None:
            if not await ledger.api_keys.revoke(key_id, self._clock.now()):
                raise NotFound("no such API key, or it is revoked already")
            await self._note(ledger, "api_key_revoked", {"api_key": key_id})

        await self._book.transaction(work)

    async def restamp(self, identity: HouseIdentity) -> None:
        """Keep the database for these settings from now on."""

        async def work(ledger: Ledger) -> None:
            await ledger.house.put_identity(identity)
            await self._note(ledger, "house_restamped", asdict(identity))

        await self._book.transaction(work)

    async def _note(self, ledger: Ledger, code: str, value: Facts) -> None:
        await ledger.audit.append([AuditEntry(code=code, actor="operator", at=self._clock.now(), value=value)])


async def require_identity(book: Book, identity: HouseIdentity) -> None:
    """Refuse a node that differs from those before it; the first one says what the others are held to.

    Raises HouseMismatch naming what differs.
    """
    kept = await book.reading(lambda ledger: ledger.house.identity())
    if kept is None:
        kept = await book.transaction(lambda ledger: _found(ledger, identity))
    differences = identity.differences(kept)
    if differences:
        raise HouseMismatch(
            f"this database is kept for another {', '.join(differences)}: give every node the same settings, "
            "or type `contreseing restamp` once, with every node stopped"
        )


async def _found(ledger: Ledger, identity: HouseIdentity) -> HouseIdentity:
    """Write the identity unless another node was first; return the one that stands."""
    kept = await ledger.house.identity()
    if kept is None:
        await ledger.house.put_identity(identity)
    return kept or identity
