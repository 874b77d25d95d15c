import hashlib

import pytest

from approvals.evidence.commitments import SALT_SIZE, commit, opens

SALT = bytes(range(SALT_SIZE))


def test_a_commitment_is_the_digest_of_the_salt_and_the_canonical_value() -> None:
    expected = hashlib.sha256(SALT + b'{"a":[1,null],"name":"Zo\xc3\xab"}').digest()
    assert commit(SALT, {"name": "Zoë", "a": [1, None]}) == expected


def test_it_opens_with_its_own_salt_and_value_only() -> None:
    commitment = commit(SALT, {"digits": "1234"})
    assert opens(commitment, SALT, {"digits": "1234"})
    assert not opens(commitment, SALT, {"digits": "1235"})
    assert not opens(commitment, bytes(SALT_SIZE), {"digits": "1234"})


@pytest.mark.parametrize("salt", [b"", bytes(SALT_SIZE - 1), bytes(SALT_SIZE + 1)])
def test_a_salt_of_another_size_is_refused(salt: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commit(salt, {})
