"""Checks any frame of the stream against the published AsyncAPI document: what a client's author would read."""

import json
from collections.abc import Mapping
from typing import cast

from jsonschema import Draft202012Validator

from channels.asyncapi import document

_DOCUMENT = document()


def check_from_device(text: str | bytes) -> None:
    """Raise jsonschema.ValidationError unless a device may send this."""
    _check("fromDevice", text)


def check_from_server(text: str | bytes) -> None:
    """Raise jsonschema.ValidationError unless the server may send this."""
    _check("fromServer", text)


def _check(operation: str, text: str | bytes) -> None:
    names = _names(operation)
    frame = json.loads(text)
    assert frame.get("type") in names, f"{operation} knows no message {frame.get('type')!r}"
    _VALIDATORS[frame["type"]].validate(frame)


def _names(operation: str) -> list[str]:
    operations = cast("Mapping[str, Mapping[str, list[Mapping[str, str]]]]", _DOCUMENT["operations"])
    return [message["$ref"].rsplit("/", 1)[1] for message in operations[operation]["messages"]]


def _validator(name: str) -> Draft202012Validator:
    reference = f"#/components/messages/{name}/payload"
    return Draft202012Validator({"$ref": reference, "components": _DOCUMENT["components"]})


_VALIDATORS = {name: _validator(name) for name in [*_names("fromDevice"), *_names("fromServer")]}
