"""An auditor's own anchors: a folder with the house's public keys, copies of its heads, and authorities.

`evidence anchors` writes one inside the bank; the auditor takes it away, and believes nothing else afterwards.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from cryptography import x509

from approvals.evidence.file_check import Trust
from approvals.evidence.refusals import AnchorsUnreadable
from approvals.evidence.signature_check import SignatureAnchors, StampCheck
from approvals.evidence.signatures import read_key_set
from approvals.evidence.timestamps import check_token
from approvals.model.seal import SignedHead
from server.outside.heads import read_heads
from server.settings import Settings

AUDIT_KEYS: Final = "audit-keys.json"
RELEASE_KEYS: Final = "release-keys.json"
HEADS: Final = "heads.jsonl"
AUTHORITIES: Final = "certificate-authorities.pem"
"""Issuing authorities of people's certificates; the auditor compares them, as everything here."""
_AUTHORITY: Final = "timestamp-authority.pem"


def read_trust(folder: Path) -> Trust:
    """Read a folder of anchors. Raises AnchorsUnreadable."""
    return Trust(
        audit_keys=read_key_set(_content(folder / AUDIT_KEYS)),
        release_keys=read_key_set(_content(folder / RELEASE_KEYS)),
        heads=list(heads_in(sorted(folder.glob("*.jsonl")))),
        anchors=SignatureAnchors(authorities=_certificates(folder / AUTHORITIES), stamps=_stamps(folder / _AUTHORITY)),
    )


def kept_heads(settings: Settings, named: Sequence[Path] | None) -> Sequence[Path]:
    """Return the files of heads that were named, or the one of the settings, where it is there."""
    if named:
        return named
    file = Path(settings.audit.heads_file or "")
    return [file] if file.is_file() else []


def heads_in(files: Sequence[Path]) -> Iterator[SignedHead]:
    """Yield the heads of all files: a house of several nodes has one a node. Raises AnchorsUnreadable."""
    for file in files:
        yield from read_heads(file)


def _stamps(file: Path) -> StampCheck | None:
    """Return what checks timestamps with the certificates of a file; None where nobody pinned any."""
    pinned = _certificates(file)
    return (lambda token, digest: check_token(token, digest, pinned)) if pinned else None


def _certificates(file: Path) -> Sequence[x509.Certificate]:
    """Return those of a file, none where it is not there. Raises AnchorsUnreadable."""
    if not file.exists():
        return []
    try:
        return x509.load_pem_x509_certificates(_content(file))
    except ValueError as error:
        raise AnchorsUnreadable(f"{file.name} holds no certificate") from error


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise AnchorsUnreadable(f"{file.name} cannot be read: {error.strerror}") from error
