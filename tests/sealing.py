"""A sealer around a Book, with a key of its own and places outside that remember; and rows for it to seal."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from approvals.desk.sealing import Places, SealingDesk
from approvals.evidence.signatures import PublicKeys, read_key_set
from approvals.keys.audit_signer import AuditSigner, make_audit_key
from approvals.keys.keyring import Keyring
from approvals.model.audit import AuditEntry, Retention
from approvals.model.json import Facts
from approvals.model.seal import KeptHead, SignedHead
from approvals.ports.book import Book
from approvals.ports.sealing import TimestampAuthority
from tests.fakes import START, SteppedClock

KEYRING = Keyring({1: bytes(range(32))})
ENVIRONMENT = "test"


@dataclass
class Shelf:
    """The HeadFile port: what was brought to it, in order."""

    heads: list[SignedHead] = field(default_factory=list)

    async def append(self, signed: SignedHead) -> None:
        self.heads.append(signed)


@dataclass(kw_only=True)
class Sealer:
    """A sealing desk and what it leaned on."""

    book: Book
    clock: SteppedClock = field(default_factory=SteppedClock)
    shelf: Shelf = field(default_factory=Shelf)
    signer: AuditSigner = field(default_factory=lambda: AuditSigner(KEYRING, [make_audit_key(KEYRING, START)]))
    authority: TimestampAuthority | None = None

    @property
    def desk(self) -> SealingDesk:
        return SealingDesk(
            book=self.book,
            clock=self.clock,
            signer=self.signer,
            places=Places(file=self.shelf, authority=self.authority),
            environment=ENVIRONMENT,
        )

    @property
    def keys(self) -> PublicKeys:
        return read_key_set(self.signer.published_keys())

    async def note(self, *codes: str, retention: Retention = Retention.AUDIT, value: Facts | None = None) -> None:
        """Write rows to the audit, each in a transaction of its own."""
        for code in codes:
            self.clock.advance(seconds=1)
            content = {"about": code} if value is None else value
            await self.write(
                AuditEntry(code=code, actor="operator", at=self.clock.now(), value=content, retention=retention)
            )

    async def write(self, entry: AuditEntry) -> None:
        """Write one row."""
        await self.book.transaction(lambda ledger: ledger.audit.append([entry]))

    async def write_many(self, count: int) -> None:
        """Write so many rows in one transaction."""
        entries = [AuditEntry(code=f"row_{n}", actor="system", at=self.clock.now()) for n in range(count)]
        await self.book.transaction(lambda ledger: ledger.audit.append(entries))

    async def sealed(self, rows: int, heads: int) -> None:
        """Write so many rows, under so many heads, each anchored."""
        for _ in range(heads):
            await self.note(*(f"noted_{n}" for n in range(rows // heads)))
            await self.desk.run()

    async def heads(self) -> Sequence[KeptHead]:
        return await self.book.reading(lambda ledger: ledger.audit_tree.heads(0, 1000))


async def at_once(*sealers: Sealer) -> None:
    """All of them, at the same time."""
    await asyncio.gather(*(sealer.desk.run() for sealer in sealers))
