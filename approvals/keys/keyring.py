"""The one keyring: every reversible secret is sealed under it, bound to its name (RULES 28).

It seals and opens; where the sealed bytes are kept, and whose they are, it does not know.
"""

import base64
import os
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from stat import S_IMODE
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from approvals.errors import KeyringError

_KEY_LENGTH: Final = 32
_NONCE_LENGTH: Final = 12
_VERSION_LENGTH: Final = 4
_CANARY: Final = b"contreseing keyring canary"
_CANARY_KIND: Final = "canary"
_OTHERS_OR_EXECUTE: Final = 0o177


class Keyring:
    """AES-256-GCM under one of several keys; the highest version seals, every version opens.

    Sealed bytes: key version (4 bytes, big-endian) ‖ nonce (12) ‖ ciphertext ‖ tag (16). The nonce is random: one
    key seals at most 2³² secrets (NIST SP 800-38D, 8.3), far above what a bank keeps under one.
    """

    def __init__(self, keys: Mapping[int, bytes], reread: Callable[[], Mapping[int, bytes]] | None = None) -> None:
        """`keys` are 32 bytes each, by version from 1 up. Raises KeyringError for others, or none.

        `reread` brings what the key file holds now: asked when something is sealed under a version not known yet, so
        that a rotation needs no restart.
        """
        self._ciphers = _ciphers(keys)
        self._reread = reread

    def seal(self, kind: str, secret_id: str, version: int, secret: bytes) -> bytes:
        """Seal under the newest key; `version` is the secret's own, from 0 up."""
        return self._seal(max(self._ciphers), _bound(kind, secret_id, version), secret)

    def open(self, kind: str, secret_id: str, version: int, sealed: bytes) -> bytes:
        """The secret sealed under this very name.

        Raises KeyringError when it was sealed under another name or key, was altered, or its key is not here.
        """
        header, nonce, ciphertext = _split(sealed)
        try:
            return self._cipher(int.from_bytes(header)).decrypt(
                nonce, ciphertext, header + _bound(kind, secret_id, version)
            )
        except (InvalidTag, ValueError) as refusal:  # ValueError: cut short
            raise KeyringError(f"a sealed {kind} does not open: another key, another name or altered") from refusal

    def reseal(self, kind: str, secret_id: str, version: int, sealed: bytes) -> bytes | None:
        """Seal under the newest key what another key sealed; None where it is under the newest. Raises KeyringError."""
        if int.from_bytes(_split(sealed)[0]) == max(self._ciphers):
            return None
        return self.seal(kind, secret_id, version, self.open(kind, secret_id, version, sealed))

    def canaries(self) -> dict[int, bytes]:
        """For each key version, a sealed constant to keep beside the secrets it seals."""
        return {version: self._seal(version, _bound(_CANARY_KIND, "", version), _CANARY) for version in self._ciphers}

    def check_canary(self, key_version: int, sealed: bytes) -> None:
        """Raise KeyringError when the key of this version is not the one the secrets were sealed under."""
        is_known = key_version in self._ciphers and sealed[:_VERSION_LENGTH] == key_version.to_bytes(_VERSION_LENGTH)
        if not is_known:
            raise KeyringError(f"the key file holds no version {key_version}, and secrets are sealed under it")
        try:
            self.open(_CANARY_KIND, "", key_version, sealed)
        except KeyringError as refusal:
            raise KeyringError(f"version {key_version} of the key file is another key: wrong file?") from refusal

    def _cipher(self, key_version: int) -> AESGCM:
        if key_version not in self._ciphers and self._reread is not None:
            self._ciphers = _ciphers(self._reread()) | self._ciphers  # a version once known never changes
        if key_version not in self._ciphers:
            raise KeyringError(f"the key file holds no version {key_version}")
        return self._ciphers[key_version]

    def _seal(self, key_version: int, bound: bytes, secret: bytes) -> bytes:
        header, nonce = key_version.to_bytes(_VERSION_LENGTH), os.urandom(_NONCE_LENGTH)
        return header + nonce + self._ciphers[key_version].encrypt(nonce, secret, header + bound)


def read_key_file(path: Path) -> Keyring:
    """The keyring of a key file that its owner alone may read; it follows the file as versions are added.

    Raises KeyringError when it cannot be read, when others may read it, or when it is no key file; the message
    never holds a key.
    """
    return Keyring(_read_keys(path), partial(_read_keys, path))


def new_version_line(text: str) -> str:
    """Return what to append to a key file for one further version, newer than all in it. Raises KeyringError."""
    version = max(parse_keys(text), default=0) + 1
    begin = "\n" if text and not text.endswith("\n") else ""
    return f"{begin}{version} {base64.urlsafe_b64encode(os.urandom(_KEY_LENGTH)).decode()}\n"


def _read_keys(path: Path) -> dict[int, bytes]:
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            # Asked of the open file, not of the path: it cannot be exchanged in between.
            mode = S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read()
    except OSError as refusal:
        raise KeyringError(f"the key file {path.name} cannot be read: {refusal.strerror}") from refusal
    if mode & _OTHERS_OR_EXECUTE:
        raise KeyringError(f"the key file {path.name} must be of mode 0600, or 0400")
    return parse_keys(text)


def parse_keys(text: str) -> dict[int, bytes]:
    """Keys by version, from lines `VERSION BASE64URL`; blank lines and lines from `#` on are skipped.

    Raises KeyringError for any other line, naming its number and nothing of its content.
    """
    keys: dict[int, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        version, key = _parse_line(number, line)
        if version in keys:
            raise KeyringError(f"line {number} of the key file repeats version {version}")
        keys[version] = key
    return keys


def _ciphers(keys: Mapping[int, bytes]) -> dict[int, AESGCM]:
    if not keys or not all(1 <= version < 1 << 32 and len(key) == _KEY_LENGTH for version, key in keys.items()):
        raise KeyringError(f"a keyring holds keys of {_KEY_LENGTH} bytes, in versions from 1 up")
    return {version: AESGCM(key) for version, key in keys.items()}


def _parse_line(number: int, line: str) -> tuple[int, bytes]:
    try:
        version, encoded = line.split()
        padded = encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4)
        return int(version), base64.b64decode(padded, altchars=b"-_", validate=True)
    except (ValueError, Base64Error):
        # The cause would show the line, key included.
        raise KeyringError(f"line {number} of the key file is not `VERSION BASE64URL`") from None


def _bound(kind: str, secret_id: str, version: int) -> bytes:
    """The name as authenticated data: each text behind its length, so that no two names read the same."""
    texts = (kind.encode(), secret_id.encode())
    return b"".join(len(text).to_bytes(4) + text for text in texts) + version.to_bytes(8)


def _split(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    start = _VERSION_LENGTH + _NONCE_LENGTH
    return sealed[:_VERSION_LENGTH], sealed[_VERSION_LENGTH:start], sealed[start:]
