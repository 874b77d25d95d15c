"""The tree as it is kept: tiles of 256 hashes, so that a proof of millions of leaves reads a handful of rows.

Level 0 holds the leaves' hashes; each full tile's root is one hash of the level above. A tile grows in place and what
it holds never changes, so it serves every earlier size of the tree too.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from approvals.evidence.tree import HASH_SIZE, node_hash, split
from approvals.model.seal import TileKey

_BITS: Final = 8
WIDTH: Final = 1 << _BITS


def edge_keys(size: int) -> set[TileKey]:
    """Return the last tile of each level of a tree of this size: all that growing it, or its root, needs."""
    return {TileKey(level, (count - 1) // WIDTH) for level, count in _levels(size)}


def proof_keys(index: int, size: int) -> set[TileKey]:
    """Return the tiles a proof about this leaf reads."""
    own = {TileKey(level, min(index >> _BITS * level, count - 1) // WIDTH) for level, count in _levels(size)}
    return own | edge_keys(size)


class Tiles:
    """Some tiles of one tree, as they are read; `changed` holds what growing it changed."""

    def __init__(self, size: int, tiles: Mapping[TileKey, bytes]) -> None:
        """`tiles` are hashes one behind the other; there must be those that `edge_keys` or `proof_keys` name."""
        self.size = size
        self._tiles = dict(tiles)
        self._touched: set[TileKey] = set()

    @property
    def changed(self) -> Mapping[TileKey, bytes]:
        return {key: self._tiles[key] for key in sorted(self._touched)}

    def grow(self, leaves: Iterable[bytes]) -> None:
        """Append the hashes of further leaves."""
        for leaf in leaves:
            self._put(0, self.size, leaf)
            self.size += 1

    def _put(self, level: int, position: int, value: bytes) -> None:
        key = TileKey(level, position // WIDTH)
        content = self._tiles.get(key, b"") if position % WIDTH else b""
        if len(content) != position % WIDTH * HASH_SIZE:
            raise ValueError("a tile is not as long as the tree says")
        self._tiles[key] = content + value
        self._touched.add(key)
        if (position + 1) % WIDTH == 0:
            self._put(level + 1, position // WIDTH, _combined(list(_hashes(self._tiles[key]))))

    def root(self) -> bytes:
        """Return the root; the tree has at least one leaf."""
        return self.subtree(0, self.size)

    def subtree(self, start: int, end: int) -> bytes:
        """Satisfies `tree.Subtree`, for ranges as its proofs ask for them. Raises ValueError where a tile is short."""
        count = end - start
        if count & (count - 1):
            middle = start + split(count)
            return node_hash(self.subtree(start, middle), self.subtree(middle, end))
        level, rest = divmod(count.bit_length() - 1, _BITS)
        return _combined([self._hash(level, (start >> _BITS * level) + n) for n in range(1 << rest)])

    def _hash(self, level: int, position: int) -> bytes:
        content = self._tiles.get(TileKey(level, position // WIDTH), b"")
        found = content[position % WIDTH * HASH_SIZE :][:HASH_SIZE]
        if len(found) != HASH_SIZE:
            raise ValueError("a tile is missing or too short")
        return found


def hash_in(tiles: Mapping[TileKey, bytes], leaf: int) -> bytes | None:
    """Return the hash of one leaf, as the tiles hold it."""
    content = tiles.get(TileKey(0, leaf // WIDTH), b"")
    return content[leaf % WIDTH * HASH_SIZE :][:HASH_SIZE] or None


def _levels(size: int) -> Iterator[tuple[int, int]]:
    """Yield each level with how many hashes it holds."""
    level, count = 0, size
    while count:
        yield level, count
        level, count = level + 1, count >> _BITS


def _hashes(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), HASH_SIZE):
        yield content[start : start + HASH_SIZE]


def _combined(hashes: list[bytes]) -> bytes:
    """Return the root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
