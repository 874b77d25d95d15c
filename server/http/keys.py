"""Idempotency keys: one request may be sent twice and is carried out once (RULES 6)."""

import hmac
import re
from typing import Final

import msgspec

from approvals.model.idempotency import RequestKey
from server.http.refusals import RequestMalformed

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"

PATTERN: Final = r"^[\x21-\x7e]{1,255}(?![\s\S])"
_KEY: Final = re.compile(PATTERN)


class RequestKeys:
    """Makes request keys. Their digest is an HMAC: eight digits are guessed from a bare hash at once."""

    def __init__(self, secret: bytes) -> None:
        """`secret` is the same on every node and after every restart, and no other use knows it."""
        self._secret = secret

    def make(self, caller: str, header: str | None, *, route: str, content: object) -> RequestKey | None:
        """Return the key of a request, None without the header; `content` is every struct read from the request.

        Raises RequestMalformed.
        """
        if header is None:
            return None
        if _KEY.match(header) is None:
            raise RequestMalformed(f"{HEADER}: 1 to 255 visible ASCII characters are needed")
        told = msgspec.json.encode([route, content], order="deterministic")
        return RequestKey(caller=caller, key=header, request_digest=hmac.digest(self._secret, told, "sha256").hex())
