"""channels/web/wire.d.ts tells the type checker what travels; `python -m tests.server.test_wire_types` writes it.

The names are those of the published documents: `Http` what OpenAPI describes, `Stream` what AsyncAPI does.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from channels import asyncapi
from server.http.openapi import make_document
from server.http.tables import ROWS

FILE = Path(__file__).parents[2] / "channels" / "web" / "wire.d.ts"
HEAD = "// What travels, as the published documents describe it. Made by `python -m tests.server.test_wire_types`.\n"

Schema = Mapping[str, Any]
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def types() -> str:
    http, stream = make_document(ROWS, version="1"), asyncapi.document()
    return HEAD + namespace("Http", schemas_of(http)) + namespace("Stream", schemas_of(stream))


def schemas_of(document: Mapping[str, Any]) -> Mapping[str, Schema]:
    schemas: Mapping[str, Schema] = document["components"]["schemas"]
    return schemas


def namespace(name: str, schemas: Mapping[str, Schema]) -> str:
    lines = [line for key in sorted(schemas) for line in declaration(key, schemas[key])]
    return "\n".join(["", f"export namespace {name} {{", *lines, "}", ""])


def declaration(key: str, schema: Schema) -> Iterator[str]:
    if schema.get("type") == "object" and "properties" in schema:
        yield f"  interface {identifier(key)} {{"
        required = set(schema.get("required", ()))
        for name, member in schema["properties"].items():
            yield f"    {json.dumps(name)}{'' if name in required else '?'}: {expression(member)};"
        yield "  }"
    else:
        yield f"  type {identifier(key)} = {expression(schema)};"


def expression(schema: Schema) -> str:
    if "$ref" in schema:
        return identifier(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(expression(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"Array<{expression(schema.get('items') or {})}>"
    if schema.get("type") == "object":
        return f"Record<string, {expression(schema.get('additionalProperties') or {})}>"
    return PLAIN.get(schema.get("type", ""), "unknown")


def identifier(key: str) -> str:
    return "".join(part if part.isidentifier() else "" for part in key.replace(".", "_").replace("[", "_").split("]"))


def test_the_screens_know_what_travels() -> None:
    assert FILE.read_text("utf-8") == types()


if __name__ == "__main__":
    FILE.write_text(types(), "utf-8")
