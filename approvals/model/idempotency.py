"""A request that may come twice, and what was answered the first time (RULES 6)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """The caller's own key for one request; `request_digest` (SHA-256 hex) tells another body under the same key."""

    caller: str
    key: str
    request_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptResult:
    """What the first request came to: the ids it made, or the proof that was judged."""

    request_digest: str
    result: str
