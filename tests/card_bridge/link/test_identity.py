"""What a bridge keeps of itself."""

from pathlib import Path

import msgspec
import pytest

from approvals.credentials.device import STREAM, require_signature, signed_bytes
from card_bridge.link.identity import Paired, keep, load, new_identity, public_point, sign
from card_bridge.link.pinning import Pin
from card_bridge.link.refusals import FileTooOpen, NotPaired
from server.http.binary import decoded

ADDRESS = "https://bank.test"


def paired() -> Paired:
    return msgspec.structs.replace(new_identity(ADDRESS, Pin(key="ab")), device="dev_1", token="ctd_1")  # noqa: S106  # a test's


def test_what_is_kept_is_read_again_by_its_person_alone(tmp_path: Path) -> None:
    file, kept = tmp_path / "new" / "paired.json", paired()
    keep(file, kept)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert load(file) == kept
    keep(file, kept)
    assert [each.name for each in file.parent.iterdir()] == ["paired.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_others_could_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "paired.json"
    keep(file, paired())
    file.chmod(mode)
    with pytest.raises(FileTooOpen):
        load(file)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\xfe", b'{"address": 1}'])
def test_what_is_no_pairing_says_so(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "paired.json"
    if content is not None:
        file.touch(mode=0o600)
        file.write_bytes(content)
    with pytest.raises(NotPaired):
        load(file)


def test_it_signs_for_the_address_it_was_paired_with() -> None:
    kept = paired()
    signature, point = decoded(sign(kept, STREAM, "n1")), decoded(public_point(kept))
    require_signature(point, signature, signed_bytes(STREAM, ADDRESS, "n1", "dev_1"))


def test_neither_key_nor_token_shows() -> None:
    kept = paired()
    assert kept.private_key not in repr(kept)
    assert kept.token not in repr(kept)
