"""Signs heads of the audit and files of evidence, with the newest of the house's audit keys.

A signature stands beside what it signs (RFC 7515 appendix F), so that both stay readable; auditors pin the public keys.
"""

from datetime import datetime
from typing import Final

from approvals.keys.keyring import Keyring
from approvals.keys.signing_keys import SigningKeys, make_signing_key
from approvals.ports.vault import SealedSecret

KIND: Final = "audit"
"""The kind audit keys are kept under in `Secrets`."""


class AuditSigner(SigningKeys):
    """Implements the AuditSigner port."""

    def sign_detached(self, media_type: str, content: bytes) -> str:
        """Return a compact JWS without its content."""
        header, _, signature = self.sign_content(media_type, content).split(".")
        return f"{header}..{signature}"


def make_audit_key(keyring: Keyring, now: datetime) -> SealedSecret:
    """Return a new audit key pair, sealed."""
    return make_signing_key(keyring, KIND, now)
