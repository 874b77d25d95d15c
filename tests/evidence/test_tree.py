"""The published vectors, and proofs of every small tree held against RFC 6962's own recursive definition."""

from collections.abc import Sequence

import pytest

from approvals.evidence.tree import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
)

# Leaves, roots and proofs as the Certificate Transparency reference implementation publishes them
# (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc; transparency-dev/merkle, testonly/constants.go).
LEAVES = [bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY: dict[tuple[int, int], list[str]] = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def defined(hashes: Sequence[bytes]) -> bytes:
    """MTH as section 2.1 writes it down, over leaf hashes."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(defined(hashes[:k]), defined(hashes[k:]))


def of_published(start: int, end: int) -> bytes:
    return defined([leaf_hash(leaf) for leaf in LEAVES[start:end]])


@pytest.mark.parametrize("size", range(9))
def test_a_tree_has_the_published_root(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf_hash(leaf))
    assert frontier.root().hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_an_inclusion_proof_is_the_published_one(index: int, size: int) -> None:
    path = inclusion_proof(index, size, of_published)
    assert [step.hex() for step in path] == INCLUSION[index, size]
    assert is_included(leaf_hash(LEAVES[index]), index, size, path, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_a_consistency_proof_is_the_published_one(old: int, new: int) -> None:
    path = consistency_proof(old, new, of_published)
    assert [step.hex() for step in path] == CONSISTENCY[old, new]
    assert is_consistent(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), path)


HASHES = [leaf_hash(bytes([n])) for n in range(33)]


def of_hashes(start: int, end: int) -> bytes:
    return defined(HASHES[start:end])


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_of_a_tree_is_proved_and_at_its_own_place_only(size: int) -> None:
    root = of_hashes(0, size)
    for index in range(size):
        path = inclusion_proof(index, size, of_hashes)
        assert is_included(HASHES[index], index, size, path, root)
        assert not is_included(HASHES[index], index + 1, size, path, root)
        assert not is_included(HASHES[index], index, size, [*path, root], root)
        assert not path or not is_included(HASHES[index], index, size, path[:-1], root)
        assert not is_included(HASHES[index - 1], index, size, path, root) or size == 1


@pytest.mark.parametrize("new", range(1, 34))
def test_a_tree_is_proved_to_begin_with_each_earlier_one_and_no_other(new: int) -> None:
    for old in range(1, new + 1):
        path = consistency_proof(old, new, of_hashes)
        roots = of_hashes(0, old), of_hashes(0, new)
        assert is_consistent(old, new, *roots, path)
        assert not is_consistent(old, new, bytes(32), roots[1], path)
        assert not is_consistent(old, new, roots[0], bytes(32), path)
        assert not is_consistent(old, new, *roots, [*path, bytes(32)])
        assert not path or not is_consistent(old, new, *roots, path[:-1])


def test_what_no_tree_has_is_refused() -> None:
    assert not is_included(HASHES[0], -1, 3, [], HASHES[0])
    assert not is_consistent(0, 3, HASHES[0], HASHES[0], [])
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(3, 3, of_hashes)
    with pytest.raises(ValueError, match="one leaf on"):
        consistency_proof(4, 3, of_hashes)
