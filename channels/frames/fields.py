"""The bounded types the structs are made of: ids, times, digits, texts."""

from typing import Annotated, TypeAlias

from msgspec import Meta

Id: TypeAlias = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}(?![\s\S])", description="An id made by the server, opaque.")
]
Milliseconds: TypeAlias = Annotated[
    int, Meta(ge=0, lt=2**53, description="Whole milliseconds UTC since 1970-01-01T00:00:00Z.")
]
Sequence: TypeAlias = Annotated[
    int, Meta(ge=0, lt=2**53, description="The number of an event in its inbox; 0 comes before the first.")
]
RequestId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[\x21-\x7e]{1,64}(?![\s\S])", description="The device's own key for one request, never used twice."
    ),
]
CodeDigits: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{1,16}(?![\s\S])", description="The digits the CAP reader showed.")
]
CardName: TypeAlias = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z0-9_-]{1,64}(?![\s\S])", description="A card's id, or the last 4 digits printed on it."),
]
Day: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\s\S])", description="A day in Paris, ISO 8601.")
]
TotpDigits: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{6}(?![\s\S])", description="The digits the authenticator showed (RFC 6238).")
]
Jws: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{1,16384}\.\.[A-Za-z0-9_-]{1,1024}(?![\s\S])",
        description="A detached JWS (RFC 7515 appendix F) whose header holds alg, typ, x5t#S256 and x5c alone.",
    ),
]
ConfidentialCode: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=64, description="The confidential code, as typed.")
]
Sha256: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}(?![\s\S])", description="SHA-256, lower-case hex.")]
Token: TypeAlias = Annotated[
    str, Meta(pattern=r"^[\x21-\x7e]{1,256}(?![\s\S])", description="A secret the server gave, sent back as it is.")
]
DeviceSignature: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{86}(?![\s\S])",
        description="ECDSA P-256 SHA-256, r then s (64 bytes), base64url without padding (RFC 4648 section 5).",
    ),
]
Tab: TypeAlias = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_-]{1,32}(?![\s\S])", description="Names one tab or process of the device.")
]
Epoch: TypeAlias = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}(?![\s\S])", description="Changes when the store was restored.")
]
Capability: TypeAlias = Annotated[
    str, Meta(pattern=r"^[a-z0-9_.-]{1,32}(?![\s\S])", description="Something the device can do.")
]
