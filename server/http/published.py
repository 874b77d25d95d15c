"""The documents about the interface, as the bytes that are served; made once, in the composition root."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """OpenAPI and AsyncAPI in JSON, the reference page and its style sheet."""

    openapi: bytes
    asyncapi: bytes
    page: bytes
    style: bytes
