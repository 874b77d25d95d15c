"""What everything else stands on: the database, its keyring and secrets, each refused unless it is the right one."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from approvals.cap.profile import CapProfile
from approvals.cap.tables import published_profiles, read_profiles
from approvals.desk.house import require_identity
from approvals.errors import CapProfileError, DemoStampMismatch, KeyringError
from approvals.keys.audit_signer import KIND as AUDIT
from approvals.keys.audit_signer import AuditSigner
from approvals.keys.canaries import CANARY, require_canaries
from approvals.keys.house_secrets import ISSUER_KEY, LINKING, MAKER_WEBHOOKS, WEBHOOK, open_newest
from approvals.keys.keyring import Keyring, read_key_file
from approvals.keys.push_secrets import VAPID
from approvals.keys.release_signer import KIND as RELEASE
from approvals.keys.release_signer import ReleaseSigner
from approvals.keys.software import IssuerKeys
from approvals.model.card_order import Maker
from approvals.model.identity import HouseIdentity
from approvals.model.ids import ProfileId
from approvals.ports.book import Book
from approvals.ports.vault import SealedSecret
from approvals.store.book import SqlBook, Watch
from approvals.store.database import Database, open_database
from approvals.store.migrate import require_schema
from server.clock import ClockGuard, FollowedClock, SystemClock
from server.ids import RandomIds
from server.settings import Settings

_PUBLISHED_KEYS: Final = frozenset(
    {
        # SHA-256 of issuer keys printed in specifications and libraries: no real card has them.
        "411d3f1d2390ff3f482ac8df4e730780bb081a192f283d2f373138fd101dc8fe",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """The house's secrets, opened; card and issuer keys stay sealed until a card's key is derived."""

    keyring: Keyring = field(repr=False)
    issuer_keys: IssuerKeys = field(repr=False)
    signer: ReleaseSigner
    audit_signer: AuditSigner
    linking: bytes = field(repr=False)
    webhook: str = field(repr=False)
    maker_webhooks: Mapping[Maker, str] = field(repr=False)
    vapid: bytes | None = field(repr=False)  # PEM; None where the settings name no contact for push services


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """The open house; nobody is served yet."""

    settings: Settings
    database: Database
    book: Book
    clock: FollowedClock
    guard: ClockGuard
    ids: RandomIds
    vault: Vault
    is_demo: bool
    profiles: Mapping[ProfileId, CapProfile]


@asynccontextmanager
async def open_foundation(
    settings: Settings, *, demo: bool, watches: Sequence[Watch] = ()
) -> AsyncIterator[Foundation]:
    """Open database and keyring; each of `watches` is told what committed transactions told the audit.

    Raises StoreUnavailable, SchemaUnknown, DemoStampMismatch (RULES 29), HouseMismatch, KeyringError for a wrong key
    file, a missing secret or, without `demo`, a published test key, CapProfileError.
    """
    profiles = read_all_profiles(settings)
    machine = SystemClock()
    clock = FollowedClock(machine)
    guard = ClockGuard(machine, clock)
    database = await open_database(settings.database.url, guard.hear)
    try:
        await require_schema(database)
        book = SqlBook(database, watches)
        await _require_stamp(book, demo=demo)
        vault = await _open_vault(book, settings, demo=demo)
        await require_identity(book, identity_of(settings))
        yield Foundation(
            settings=settings,
            database=database,
            book=book,
            clock=clock,
            guard=guard,
            ids=RandomIds(clock),
            vault=vault,
            is_demo=demo,
            profiles=profiles,
        )
    finally:
        await database.close()


def read_all_profiles(settings: Settings) -> Mapping[ProfileId, CapProfile]:
    """Return the built-in profiles and those of the settings' file, which may replace them. Raises CapProfileError."""
    own: Sequence[CapProfile] = ()
    if settings.profiles.file is not None:
        try:
            own = read_profiles(Path(settings.profiles.file).read_bytes())
        except OSError as error:
            raise CapProfileError(f"the profiles cannot be read: {error.strerror}") from error
    return {profile.id: profile for profile in (*published_profiles(), *own)}


def identity_of(settings: Settings) -> HouseIdentity:
    """Return what every node of the house must share."""
    approvals = settings.approvals
    return HouseIdentity(
        environment=approvals.environment,
        issuer=approvals.issuer,
        audience=approvals.audience,
        origin=settings.server.public_origin,
    )


async def require_house(foundation: Foundation) -> None:
    """Raise SchemaUnknown, HouseMismatch or StoreUnavailable unless this node may still serve its database."""
    await require_schema(foundation.database)
    await require_identity(foundation.book, identity_of(foundation.settings))
    await foundation.database.require_writable()


async def _require_stamp(book: Book, *, demo: bool) -> None:
    if await book.reading(lambda ledger: ledger.house.is_demo()) is not demo:
        told = "a demo's: serve it with --demo" if not demo else "not a demo's: serve it without --demo"
        raise DemoStampMismatch(f"this database is {told}")


async def _open_vault(book: Book, settings: Settings, *, demo: bool) -> Vault:
    async def found(kind: str) -> Sequence[SealedSecret]:
        return await book.reading(lambda ledger: ledger.secrets.of_kind(kind))

    keyring = read_key_file(Path(settings.keyring.file))
    require_canaries(keyring, await found(CANARY))
    return Vault(
        keyring=keyring,
        issuer_keys=accept_issuer_keys(keyring, await found(ISSUER_KEY), demo=demo),
        signer=ReleaseSigner(keyring, await found(RELEASE)),
        audit_signer=AuditSigner(keyring, await found(AUDIT)),
        linking=open_newest(keyring, LINKING, await found(LINKING)),
        webhook=open_newest(keyring, WEBHOOK, await found(WEBHOOK)).decode(),
        maker_webhooks={
            maker: open_newest(keyring, kind, await found(kind)).decode() for maker, kind in MAKER_WEBHOOKS.items()
        },
        vapid=open_newest(keyring, VAPID, await found(VAPID)) if settings.push.contact else None,
    )


def accept_issuer_keys(keyring: Keyring, secrets: Sequence[SealedSecret], *, demo: bool) -> IssuerKeys:
    """Return the issuer keys as card keys are derived from. Raises KeyringError for a published one (RULES 29)."""
    for secret in () if demo else secrets:
        key = keyring.open(secret.kind, secret.id, secret.version, secret.sealed)
        if hashlib.sha256(key).hexdigest() in _PUBLISHED_KEYS:
            raise KeyringError(f"issuer key {secret.id} version {secret.version} is a published test key")
    return {(secret.id, secret.version): secret.sealed for secret in secrets}
