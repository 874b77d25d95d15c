"""The audit read from end to end: checked against its heads, or written out, a page at a time."""

from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Final

from approvals.errors import AuditBroken
from approvals.evidence.audit_check import AuditCheck, AuditReport
from approvals.evidence.export import EXPORT_TYPE, Piece, extent_facts, write_begin, write_piece
from approvals.evidence.signatures import PublicKeys
from approvals.evidence.tiles import WIDTH, Tiles, edge_keys, hash_in
from approvals.model.audit import SealedLine
from approvals.model.seal import KeptHead, SignedHead, Tail, TileKey
from approvals.ports.book import Book
from approvals.ports.sealing import AuditSigner
from approvals.statement import canonical

_LEAVES_A_PAGE: Final = 4 * WIDTH
_HEADS_A_PAGE: Final = 500


class AuditDesk:
    """Reads the sealed audit. Nothing is locked: what is sealed meanwhile is left for the next time."""

    def __init__(self, *, book: Book) -> None:
        self._book = book

    async def verify(
        self, keys: PublicKeys, outside: Iterable[SignedHead], progress: Callable[[int], None]
    ) -> AuditReport:
        """Check all that is sealed; `progress` is told how many rows went through."""
        check = AuditCheck(keys, outside)
        async for piece in self.pieces():
            if isinstance(piece, SealedLine):
                check.row(piece)
            else:
                check.head(piece)
                progress(check.size)
        if check.size:
            check.tiles(await self._root(check.size))
        return check.end()

    async def pieces(self) -> AsyncIterator[Piece]:
        """Yield every sealed row by its leaf, and each head right behind the rows it covers."""
        lines, size = self._lines(), 0
        async for head in self._heads():
            while size < head.signed.head.size:
                line = await anext(lines, None)
                if line is None:
                    break
                yield line
                size += 1
            yield head.signed

    async def export(self, signer: AuditSigner, at: datetime) -> AsyncIterator[bytes]:
        """Yield the lines of an export up to the last head there is now, the first one signed."""
        kept = await self._book.reading(lambda ledger: ledger.audit_tree.last_head())
        last = kept.signed.head if kept else None
        extent = extent_facts(last, at)
        yield write_begin(extent, signer.sign_detached(EXPORT_TYPE, canonical(extent)))
        async for piece in self.pieces():
            if last is None or _is_beyond(piece, last.size):
                return
            yield write_piece(piece)

    async def tail(self) -> Tail:
        return await self._book.reading(lambda ledger: ledger.audit_tree.tail())

    async def _root(self, size: int) -> bytes:
        tiles = await self._book.reading(lambda ledger: ledger.audit_tree.tiles(edge_keys(size)))
        try:
            return Tiles(size, tiles).root()
        except ValueError as error:
            raise AuditBroken("the tree's kept hashes are not whole") from error

    async def _heads(self) -> AsyncIterator[KeptHead]:
        after = 0
        while page := await self._heads_after(after):
            for head in page:
                yield head
            after = page[-1].signed.head.size

    async def _heads_after(self, size: int) -> list[KeptHead]:
        return list(await self._book.reading(lambda ledger: ledger.audit_tree.heads(size, _HEADS_A_PAGE)))

    async def _lines(self) -> AsyncIterator[SealedLine]:
        start = 0
        while page := await self._page(start):
            for line in page:
                yield line
            start = (page[-1].line.leaf or 0) + 1

    async def _page(self, start: int) -> list[SealedLine]:
        lines = await self._book.reading(lambda ledger: ledger.audit_tree.lines(start, _LEAVES_A_PAGE))
        keys = {TileKey(0, (line.leaf or 0) // WIDTH) for line in lines}
        tiles = await self._book.reading(lambda ledger: ledger.audit_tree.tiles(keys))
        return [SealedLine(line=line, hash=hash_in(tiles, line.leaf or 0)) for line in lines]


def _is_beyond(piece: Piece, size: int) -> bool:
    """Whether it was sealed after the head of this size."""
    if isinstance(piece, SealedLine):
        return (piece.line.leaf or 0) >= size
    return piece.head.size > size
