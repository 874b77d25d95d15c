import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast, get_args

import pytest
from jsonschema import Draft202012Validator, ValidationError

from channels.asyncapi import document, name
from channels.frames.from_device import FromDevice
from channels.frames.from_server import FromServer, Pong, write_frame
from tests.channels.spec import check_from_device, check_from_server


def references(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "$ref":
                yield str(inner)
            else:
                yield from references(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from references(inner)


def resolve(reference: str) -> object:
    found: object = document()
    for part in reference.removeprefix("#/").split("/"):
        found = cast("Mapping[str, object]", found)[part]
    return found


def test_the_document_has_one_message_for_each_frame() -> None:
    components = cast("Mapping[str, Mapping[str, object]]", document()["components"])
    assert set(components["messages"]) == {name(frame) for frame in (*get_args(FromDevice), *get_args(FromServer))}


def test_every_reference_of_the_document_leads_somewhere() -> None:
    for reference in references(document()):
        assert resolve(reference) is not None


def test_every_schema_of_the_document_is_a_json_schema() -> None:
    components = cast("Mapping[str, Mapping[str, Mapping[str, object]]]", document()["components"])
    for schema in components["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_the_document_is_json_and_names_its_version() -> None:
    assert json.loads(json.dumps(document()))["asyncapi"] == "3.0.0"


def test_a_frame_of_ours_is_what_the_document_says() -> None:
    check_from_server(write_frame(Pong(s=3, now=1)))


def test_a_frame_the_document_does_not_know_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check_from_server(b'{"type":"say","text":"hello"}')


def test_a_code_that_is_no_number_is_not_what_the_document_says() -> None:
    answer = {"type": "answer", "req": "1", "challenge": "chl_1", "proof": {"method": "cap", "code": "12a4"}}
    with pytest.raises(ValidationError):
        check_from_device(json.dumps(answer))


def test_a_device_never_sends_what_only_the_server_may() -> None:
    with pytest.raises(AssertionError):
        check_from_device(b'{"type":"pong","s":3,"now":1}')
