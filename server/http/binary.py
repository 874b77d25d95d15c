"""Bytes as the wire writes them: base64url without padding (RFC 4648 section 5)."""

import base64


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return the bytes of a text whose alphabet and length its form has checked."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
