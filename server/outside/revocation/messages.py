"""What is asked of the worker process and what it says: MessagePack, each after its length in four bytes."""

from typing import Final

from msgspec import Struct

from approvals.certificates.refusals import Cause, Reason

LENGTH: Final = 4
READY: Final = b"ready"
"""The worker's first message: everything it needs is imported."""


class Question(Struct, frozen=True, kw_only=True):
    """Certificate, its pinned authority and the answer on its revocation, DER; exactly one of `ocsp` and `crl`.

    `at` in milliseconds since 1970. `freshness`: how old, in seconds, the answer may be; None: until its nextUpdate.
    """

    certificate: bytes
    issuer: bytes
    policies: tuple[str, ...]
    at: int
    ocsp: bytes | None = None
    crl: bytes | None = None
    freshness: int | None = None


class Verdict(Struct, frozen=True, kw_only=True):
    """Neither: the certificate holds."""

    reason: Reason | None = None
    cause: Cause | None = None


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(LENGTH) + message
