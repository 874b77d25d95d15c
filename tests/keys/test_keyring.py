"""What the keyring opens, and all it does not."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import KeyringError
from approvals.keys.keyring import Keyring, new_version_line, parse_keys, read_key_file

FIRST, SECOND = bytes(range(32)), bytes(range(32, 64))
SECRET = b"sixteen bytes ok"


def line(version: int, key: bytes) -> str:
    return f"{version} {base64.urlsafe_b64encode(key).decode().rstrip('=')}\n"


@given(st.text(), st.text(), st.integers(0, 2**63), st.binary())
def test_a_secret_opens_under_its_name(kind: str, secret_id: str, version: int, secret: bytes) -> None:
    keyring = Keyring({1: FIRST})
    assert keyring.open(kind, secret_id, version, keyring.seal(kind, secret_id, version, secret)) == secret


@pytest.mark.parametrize("name", [("pin", "a", 1), ("pan", "b", 1), ("pan", "a", 2), ("pa", "na", 1), ("pana", "", 1)])
def test_a_secret_opens_under_no_other_name(name: tuple[str, str, int]) -> None:
    keyring = Keyring({1: FIRST})
    sealed = keyring.seal("pan", "a", 1, SECRET)
    with pytest.raises(KeyringError):
        keyring.open(*name, sealed)


def test_the_same_secret_is_never_sealed_the_same() -> None:
    keyring = Keyring({1: FIRST})
    assert keyring.seal("pan", "a", 1, SECRET) != keyring.seal("pan", "a", 1, SECRET)


def test_any_byte_changed_or_missing_is_refused() -> None:
    keyring = Keyring({1: FIRST, 2: SECOND})
    sealed = keyring.seal("pan", "a", 1, SECRET)
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(KeyringError):
            keyring.open("pan", "a", 1, bytes(altered))
        with pytest.raises(KeyringError):
            keyring.open("pan", "a", 1, sealed[:place])


def test_the_newest_key_seals_and_every_key_opens() -> None:
    old = Keyring({1: FIRST}).seal("pan", "a", 1, SECRET)
    both = Keyring({1: FIRST, 2: SECOND})
    assert both.open("pan", "a", 1, old) == SECRET
    new = both.seal("pan", "a", 1, SECRET)
    assert Keyring({2: SECOND}).open("pan", "a", 1, new) == SECRET
    with pytest.raises(KeyringError, match="version 2"):
        Keyring({1: FIRST}).open("pan", "a", 1, new)


def test_a_canary_tells_the_wrong_key_file() -> None:
    canaries = Keyring({1: FIRST, 2: SECOND}).canaries()
    right, swapped, shorter = Keyring({1: FIRST, 2: SECOND}), Keyring({1: SECOND, 2: FIRST}), Keyring({1: FIRST})
    for version, canary in canaries.items():
        right.check_canary(version, canary)
        with pytest.raises(KeyringError, match="wrong file"):
            swapped.check_canary(version, canary)
    with pytest.raises(KeyringError, match="no version 2"):
        shorter.check_canary(2, canaries[2])
    with pytest.raises(KeyringError):
        right.check_canary(2, canaries[1])


@pytest.mark.parametrize("keys", [{}, {0: FIRST}, {-1: FIRST}, {1: FIRST[:-1]}, {1: FIRST, 2: SECOND + b"x"}])
def test_a_keyring_of_no_whole_keys_is_refused(keys: dict[int, bytes]) -> None:
    with pytest.raises(KeyringError):
        Keyring(keys)


def test_a_keyring_does_not_show_its_keys() -> None:
    assert FIRST.hex() not in repr(Keyring({1: FIRST}))
    assert repr(FIRST) not in repr(vars(Keyring({1: FIRST})))


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_file_of_its_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys"
    path.write_text(f"# the bank's keys\n\n{line(1, FIRST)}{line(2, SECOND)}")
    path.chmod(mode)
    sealed = Keyring({2: SECOND}).seal("pan", "a", 1, SECRET)
    assert read_key_file(path).open("pan", "a", 1, sealed) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o700, 0o777])
def test_a_key_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys"
    path.write_text(line(1, FIRST))
    path.chmod(mode)
    with pytest.raises(KeyringError, match="0600"):
        read_key_file(path)


def test_a_key_file_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="cannot be read"):
        read_key_file(tmp_path / "nothing")


@pytest.mark.parametrize(
    "text", ["0123456789abcdef", "one AAAA", "1 AA BB", "1 !!!!", line(1, FIRST) + line(1, SECOND), "1 \ufffd\ufffd"]
)
def test_a_line_that_is_no_key_is_named_by_number_and_not_shown(text: str) -> None:
    with pytest.raises(KeyringError, match=r"line \d") as refusal:
        parse_keys(text)
    assert text.rsplit(maxsplit=1)[-1] not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_version_added_to_the_file_is_taken_in_when_it_is_first_met(tmp_path: Path) -> None:
    file = tmp_path / "keyring.txt"
    file.touch(mode=0o600)
    file.write_text(line(1, bytes(32)))
    keyring = read_key_file(file)
    file.write_text(file.read_text() + new_version_line(file.read_text()))
    sealed = read_key_file(file).seal("pan", "crd_1", 1, b"secret")
    assert int.from_bytes(sealed[:4]) == 2
    assert keyring.open("pan", "crd_1", 1, sealed) == b"secret"


def test_a_version_known_once_never_changes_under_a_running_node(tmp_path: Path) -> None:
    file = tmp_path / "keyring.txt"
    file.touch(mode=0o600)
    file.write_text(line(1, bytes(32)))
    keyring = read_key_file(file)
    sealed = keyring.seal("pan", "crd_1", 1, b"secret")
    file.write_text(line(1, b"x" * 32) + line(2, b"y" * 32))
    assert keyring.open("pan", "crd_1", 1, read_key_file(file).seal("pan", "crd_1", 1, b"other")) == b"other"
    assert keyring.open("pan", "crd_1", 1, sealed) == b"secret"


def test_what_is_under_the_newest_key_is_not_sealed_anew() -> None:
    old, new = Keyring({1: bytes(32)}), Keyring({1: bytes(32), 2: b"y" * 32})
    resealed = new.reseal("pan", "crd_1", 1, old.seal("pan", "crd_1", 1, b"secret"))
    assert resealed is not None
    assert Keyring({2: b"y" * 32}).open("pan", "crd_1", 1, resealed) == b"secret"
    assert new.reseal("pan", "crd_1", 1, resealed) is None


@pytest.mark.parametrize("text", ["", line(1, bytes(32)), line(1, bytes(32)).strip(), line(7, bytes(32))])
def test_a_new_version_is_newer_than_every_other(text: str) -> None:
    keys = parse_keys(text + new_version_line(text))
    assert set(parse_keys(text)) < set(keys)
    assert max(keys) == max(parse_keys(text), default=0) + 1
