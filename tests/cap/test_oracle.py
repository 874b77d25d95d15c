"""The same figures by an independent program: PyPI `pyemv`."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.utils import CryptographyDeprecationWarning
from hypothesis import given
from hypothesis import strategies as st
from pyemv import ac, kd

from approvals.cap.des import Padding, retail_mac
from approvals.cap.keys import (
    CardKeyOption,
    KeyTree,
    SessionKey,
    common_session_key,
    derive_card_key,
    derive_session_key,
)

KEYS = st.binary(min_size=16, max_size=16)
PANS = st.text("0123456789", min_size=12, max_size=19)
PSNS = st.text("0123456789", min_size=2, max_size=2)
ATCS = st.integers(0, 0xFFFF)
NUMBERS = st.binary(min_size=4, max_size=4)


@contextmanager
def its_own_warnings() -> Iterator[None]:
    """It still hands `cryptography` DES keys of 8 and 16 bytes, by their old name: those warnings, and no others."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(Single|Two)-key TripleDES", CryptographyDeprecationWarning)
        warnings.filterwarnings("ignore", "TripleDES has been moved", CryptographyDeprecationWarning)
        yield


@given(KEYS, PANS, PSNS)
def test_the_oracle_derives_the_same_card_keys(issuer_key: bytes, pan: str, psn: str) -> None:
    with its_own_warnings():
        assert derive_card_key(CardKeyOption.A, issuer_key, pan, psn) == kd.derive_icc_mk_a(issuer_key, pan, psn)
        assert derive_card_key(CardKeyOption.B, issuer_key, pan, psn) == kd.derive_icc_mk_b(issuer_key, pan, psn)


@given(KEYS, ATCS, NUMBERS)
def test_the_oracle_derives_the_same_session_keys(key: bytes, atc: int, number: bytes) -> None:
    expected = {
        SessionKey.EMV_COMMON: atc.to_bytes(2) + bytes(6),
        SessionKey.MASTERCARD: atc.to_bytes(2) + bytes(2) + number,
    }
    with its_own_warnings():
        for derivation, diversifier in expected.items():
            derived = derive_session_key(derivation, key, atc=atc, unpredictable_number=number)
            assert derived == common_session_key(key, diversifier) == kd.derive_common_sk(key, diversifier)


@given(KEYS, ATCS, st.sampled_from([(2, 16), (4, 8), (16, 4), (7, 6)]))
def test_the_oracle_walks_the_same_tree(key: bytes, atc: int, shape: tuple[int, int]) -> None:
    branches, height = shape
    tree = KeyTree(branches=branches, height=height)
    with its_own_warnings():
        expected = kd.derive_emv2000_tree_sk(key, atc.to_bytes(2), height, branches)
    assert derive_session_key(tree, key, atc=atc, unpredictable_number=bytes(4)) == expected


@given(KEYS, st.binary(max_size=64), st.sampled_from(Padding))
def test_the_oracle_makes_the_same_cryptograms(key: bytes, message: bytes, padding: Padding) -> None:
    with its_own_warnings():
        expected = ac.generate_ac(key, message, ac.PaddingType(padding.value))
    assert retail_mac(key, message, padding) == expected
