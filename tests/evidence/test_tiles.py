"""Tiles hold what proofs need: each reads only the tiles it names, at every size the tree ever had."""

import pytest

from approvals.evidence.tiles import Tiles, edge_keys, proof_keys
from approvals.evidence.tree import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
)
from approvals.model.seal import TileKey

SIZE = 70_000  # past 256 * 256: three levels
HASHES = [leaf_hash(n.to_bytes(4)) for n in range(SIZE)]
ROUND = {1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_792, SIZE}


@pytest.fixture(scope="module")
def kept() -> dict[TileKey, bytes]:
    """Every tile of the whole tree, grown in uneven bites with no tile but the edge at hand."""
    kept: dict[TileKey, bytes] = {}
    size = 0
    while size < SIZE:
        bite = min(1 + size * 7919 % 699, SIZE - size)
        tiles = Tiles(size, {key: kept[key] for key in edge_keys(size)})
        tiles.grow(HASHES[size : size + bite])
        kept.update(tiles.changed)
        size += bite
    return kept


@pytest.fixture(scope="module")
def roots() -> dict[int, bytes]:
    """The root at every size, by the other way there is."""
    frontier, roots = Frontier(), {}
    for leaf in HASHES:
        frontier.append(leaf)
        if frontier.size in ROUND or frontier.size % 997 == 0:
            roots[frontier.size] = frontier.root()
    return roots


def test_the_edge_alone_gives_the_root_of_every_size(kept: dict[TileKey, bytes], roots: dict[int, bytes]) -> None:
    for size, root in roots.items():
        assert Tiles(size, {key: kept[key] for key in edge_keys(size)}).root() == root


def test_a_leaf_is_proved_by_the_tiles_named_for_it(kept: dict[TileKey, bytes], roots: dict[int, bytes]) -> None:
    for size, root in roots.items():
        for index in {0, size - 1, size // 3, size * 6 // 7}:
            keys = proof_keys(index, size)
            assert len(keys) <= 6
            path = inclusion_proof(index, size, Tiles(size, {key: kept[key] for key in keys}).subtree)
            assert is_included(HASHES[index], index, size, path, root)


def test_growth_is_proved_by_the_tiles_named_for_the_last_leaf_before(
    kept: dict[TileKey, bytes], roots: dict[int, bytes]
) -> None:
    for new, root in roots.items():
        for old in [size for n, size in enumerate(sorted(roots)) if size <= new and (n + new) % 9 == 0] + [new]:
            tiles = Tiles(new, {key: kept[key] for key in proof_keys(old - 1, new)})
            assert is_consistent(old, new, roots[old], root, consistency_proof(old, new, tiles.subtree))


def test_tiles_that_are_not_the_trees_are_refused() -> None:
    tiles = Tiles(3, {TileKey(0, 0): HASHES[0]})
    with pytest.raises(ValueError, match="short"):
        tiles.root()
    with pytest.raises(ValueError, match="not as long"):
        tiles.grow([HASHES[3]])
