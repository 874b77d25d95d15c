"""The sealer: gives committed rows of the audit their leaves, signs heads over them, and has heads kept outside.

It runs beside approvals and takes part in none of their transactions: rows are found and numbered by single statements,
and only the sealer's own tables are written under SERIALIZABLE (RULES 32). Any number of nodes may run it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from approvals.errors import AuditBroken
from approvals.evidence.heads import HEAD_TYPE, head_digest, head_facts
from approvals.evidence.leaves import hash_of
from approvals.evidence.tiles import Tiles, edge_keys, proof_keys
from approvals.evidence.tree import consistency_proof
from approvals.model.audit import AuditLine
from approvals.model.seal import NO_HEAD, Head, KeptHead, SignedHead
from approvals.ports.book import Book, Ledger
from approvals.ports.sealing import AuditSigner, HeadFile, TimestampAuthority
from approvals.ports.world import Clock
from approvals.statement import canonical

_ROWS_A_HEAD: Final = 500
_ROWS_AT_ONCE: Final = 50  # some milliseconds: nobody who is served meanwhile waits longer
_HEADS_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where heads are kept outside the database; None where the house has no such place."""

    file: HeadFile | None = None
    authority: TimestampAuthority | None = None


class SealingDesk:
    """Seals and anchors, a bounded piece at a time."""

    def __init__(self, *, book: Book, clock: Clock, signer: AuditSigner, places: Places, environment: str) -> None:
        self._book = book
        self._clock = clock
        self._signer = signer
        self._places = places
        self._environment = environment

    async def run(self) -> None:
        """Seal all there is, then anchor. Raises AuditBroken, what the places raise, and StoreUnavailable."""
        while await self.seal() is not None:
            pass
        await self.anchor()

    async def seal(self) -> Head | None:
        """Put up to five hundred rows under one new head; None where none waits, or another sealer was faster.

        Nothing is sealed while a restore is unfinished: the newest head outside is then still to be compared.
        Raises AuditBroken when the rows numbered do not go on where the last head ends.
        """
        if await self._book.reading(lambda ledger: ledger.house.restoring()) is not None:
            return None
        last = await self._book.reading(lambda ledger: ledger.audit_tree.last_head())
        size = last.signed.head.size if last else 0
        lines = await self._numbered(size) or await self._number(size)
        if not lines:
            return None
        if [line.leaf for line in lines] != list(range(size, size + len(lines))):
            raise AuditBroken(f"rows behind leaf {size} are missing or numbered by somebody else")
        hashes = await _hashes(lines)
        return await self._book.transaction(lambda ledger: self._add_head(ledger, last, hashes))

    async def anchor(self) -> int:
        """Bring heads that are in the database alone to the places outside; return how many."""
        anchored = await self._book.reading(lambda ledger: ledger.audit_tree.last_anchored())
        after = anchored.signed.head.size if anchored else 0
        pending = await self._book.reading(lambda ledger: ledger.audit_tree.heads(after, _HEADS_AT_ONCE))
        if self._places.file is not None:
            for kept in pending:
                await self._places.file.append(kept.signed)
                await self._note(kept, None)
        if self._places.authority is not None and pending:
            newest = pending[-1]  # it includes all before
            await self._note(newest, await self._places.authority.stamp(head_digest(newest.signed.head)))
        return len(pending)

    async def _numbered(self, size: int) -> Sequence[AuditLine]:
        """Rows that have a leaf and no head yet: a sealer stopped halfway, or is at it."""
        return await self._book.reading(lambda ledger: ledger.audit_tree.lines(size, _ROWS_A_HEAD))

    async def _number(self, size: int) -> Sequence[AuditLine]:
        rows = await self._book.reading(lambda ledger: ledger.audit_tree.unsealed(_ROWS_A_HEAD))
        if not rows:
            return ()
        await self._book.statement(lambda ledger: ledger.audit_tree.number(rows, size))
        return await self._numbered(size)

    async def _add_head(self, ledger: Ledger, last: KeptHead | None, hashes: Sequence[bytes]) -> Head | None:
        """Add the head that follows `last`, unless one does already."""
        newest = await ledger.audit_tree.last_head()
        before, found = (each.signed.head if each else None for each in (last, newest))
        if before != found:
            return None
        size = before.size if before else 0
        tiles = Tiles(size, await ledger.audit_tree.tiles(edge_keys(size)))
        tiles.grow(hashes)
        head = Head(
            environment=self._environment,
            epoch=await ledger.house.epoch(),
            size=tiles.size,
            root=tiles.root(),
            previous=head_digest(before) if before else NO_HEAD,
            at=self._clock.now(),
        )
        await ledger.audit_tree.put_tiles(tiles.changed)
        await ledger.audit_tree.add_head(self._signed(head, await _growth(ledger, before, tiles)))
        return head

    def _signed(self, head: Head, growth: Sequence[bytes]) -> SignedHead:
        signature = self._signer.sign_detached(HEAD_TYPE, canonical(head_facts(head)))
        return SignedHead(head=head, signature=signature, growth=tuple(growth))

    async def _note(self, kept: KeptHead, timestamp: bytes | None) -> None:
        size, now = kept.signed.head.size, self._clock.now()
        await self._book.transaction(lambda ledger: ledger.audit_tree.anchor(size, now, timestamp))


async def _hashes(lines: Sequence[AuditLine]) -> Sequence[bytes]:
    """Hash the rows a few at a time."""
    hashes: list[bytes] = []
    for start in range(0, len(lines), _ROWS_AT_ONCE):
        hashes += [hash_of(line.row) for line in lines[start : start + _ROWS_AT_ONCE]]
        await asyncio.sleep(0)
    return hashes


async def _growth(ledger: Ledger, before: Head | None, grown: Tiles) -> Sequence[bytes]:
    """Prove that the grown tree begins with the one before."""
    if before is None:
        return ()
    found = await ledger.audit_tree.tiles(proof_keys(before.size - 1, grown.size))
    tiles = Tiles(grown.size, {**found, **grown.changed})
    return consistency_proof(before.size, grown.size, tiles.subtree)
