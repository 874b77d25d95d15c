"""The stream's published description (AsyncAPI 3.0), made from the frames: one message a struct."""

from collections.abc import Mapping, Sequence
from inspect import cleandoc
from types import UnionType
from typing import Final, TypeAlias, get_args

import msgspec

from channels.frames.closing import CloseCode
from channels.frames.from_device import MOST_BYTES_IN, FromDevice
from channels.frames.from_server import MOST_BYTES_OUT, FromServer

Document: TypeAlias = Mapping[str, object]

_CHANNEL: Final = "stream"
_REFERENCES: Final = "#/components/schemas/{name}"


def document() -> Document:
    """Return the document, as JSON values. The server of it is the one it was fetched from."""
    received, sent = _frames(FromDevice), _frames(FromServer)
    frames = [*received, *sent]
    payloads, schemas = msgspec.json.schema_components(frames, ref_template=_REFERENCES)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Contreseing stream", "version": "1", "description": _description()},
        "defaultContentType": "application/json",
        "channels": {
            _CHANNEL: {
                "address": "/v1/stream",
                "title": "WebSocket, subprotocol contreseing.v1",
                "messages": {name(frame): {"$ref": f"#/components/messages/{name(frame)}"} for frame in frames},
            }
        },
        "operations": {
            "fromDevice": _operation("receive", received),
            "fromServer": _operation("send", sent),
        },
        "components": {
            "messages": {
                name(frame): _message(frame, payload) for frame, payload in zip(frames, payloads, strict=True)
            },
            "schemas": schemas,
        },
    }


def name(frame: type[msgspec.Struct]) -> str:
    """Return the message's name: the frame's `type`, which is its tag."""
    return str(frame.__struct_config__.tag)


def _frames(union: UnionType) -> Sequence[type[msgspec.Struct]]:
    return get_args(union)


def _operation(action: str, frames: Sequence[type[msgspec.Struct]]) -> Document:
    """Say who speaks: the application described is the server, so `send` is what a device receives."""
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{_CHANNEL}"},
        "messages": [{"$ref": f"#/channels/{_CHANNEL}/messages/{name(frame)}"} for frame in frames],
    }


def _message(frame: type[msgspec.Struct], payload: Document) -> Document:
    summary, _, description = cleandoc(frame.__doc__ or "").partition("\n\n")
    message = {"name": name(frame), "summary": summary, "payload": payload}
    return {**message, "description": description} if description else message


def _description() -> str:
    codes = ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in CloseCode)
    return (
        "One WebSocket a device; JSON text frames, the server speaks first. "
        f"At most {MOST_BYTES_IN} bytes from the device, {MOST_BYTES_OUT} to it. Unknown fields are ignored. "
        f"Close codes: {codes}; by range, 40xx do not come back, 41xx back off, 42xx come back after the delay given."
    )
