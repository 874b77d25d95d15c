"""The Merkle tree of RFC 6962 section 2.1: hashes, roots, proofs, and the checks of both (RFC 9162 section 2.1).

A proof needs the hash of some ranges of leaves; where they come from, `tiles` or a list, is the caller's.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Final

HASH_SIZE: Final = 32

Subtree = Callable[[int, int], bytes]
"""MTH(D[start:end]): the hash of the leaves from `start` up to `end`, `end` left out."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(count: int) -> int:
    """Return the largest power of two below the count, which is at least 2: how many leaves stand on the left."""
    return 1 << (count - 1).bit_length() - 1


class Frontier:
    """A tree that only grows: the roots of its perfect subtrees, the largest first, are all it keeps.

    Appending costs O(log n) at worst and two hashes on average.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Take in the hash of one further leaf."""
        carried, count = leaf, self.size
        while count & 1:
            carried = node_hash(self._peaks.pop(), carried)
            count >>= 1
        self._peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        return reduce(lambda right, left: node_hash(left, right), reversed(self._peaks))


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return PATH(index, D[size]): what leads from that leaf to the root. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError("the tree holds no such leaf")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Return PROOF(old, D[new]): that the first `old` leaves are still those of the tree then.

    Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError("a tree grows from one leaf on")
    start, end, path = 0, new, []
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    if start:
        path.append(subtree(start, end))
    return path[::-1]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether the path leads from the leaf's hash to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            node, last = _climb(node, last)
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hmac.compare_digest(found, root)


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Say whether the tree of `new` leaves begins with the tree of `old` ones (RFC 9162 section 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and hmac.compare_digest(old_root, new_root)
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            node, last = _climb(node, last)
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and hmac.compare_digest(first, old_root) and hmac.compare_digest(second, new_root)


def _climb(node: int, last: int) -> tuple[int, int]:
    """Skip the levels at which a left node stands alone at the right edge."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last
