"""The OpenAPI 3.1 document, made from the same rows as the router, with the structs' own JSON Schemas."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from approvals.errors import ClockOff, InvalidRequest, RestoreUnfinished, SchemaUnknown, StoreUnavailable
from channels.frames.content import Problem
from server.http.gates import API_KEY_SCHEME, DEVICE_SCHEME, LOGIN_SCHEME
from server.http.intake import Shape
from server.http.keys import HEADER, PATTERN, REPLAYED
from server.http.problems import PROBLEM, told
from server.http.refusals import InternalError
from server.http.replies import JSON
from server.http.routes import Row

Node: TypeAlias = dict[str, object]

_REFERENCE: Final = "#/components/schemas/{name}"
_ANYWHERE: Final = (InvalidRequest, InternalError, RestoreUnfinished, StoreUnavailable, SchemaUnknown)
_ACCEPTED: Final = "Its payees are verified first; the actions follow"
_PART: Final = re.compile(r"\{(\w+)\}")

_SCHEMES: Final[Node] = {
    API_KEY_SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key of the bank's own systems (`ctk_…`), with scopes.",
    },
    LOGIN_SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a login (`ctl_…`), from POST /v1/sessions; it ends after 5 idle minutes.",
    },
    DEVICE_SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of an enrolled device (`ctd_…`), nobody being signed in on it.",
    },
}


def make_document(rows: Sequence[Row], *, version: str) -> Node:
    """Return the document as JSON values."""
    schemas = _Schemas(rows)
    paths: dict[str, Node] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, schemas)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Contreseing",
            "version": version,
            "description": "Sensitive actions are held until the right people have countersigned them.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas.components, "securitySchemes": _SCHEMES},
    }


class _Schemas:
    """The JSON Schemas of every struct the rows name, each once."""

    def __init__(self, rows: Sequence[Row]) -> None:
        structs = list(dict.fromkeys(_structs(rows)))
        nodes, self._known = msgspec.json.schema_components(structs, ref_template=_REFERENCE)
        self._nodes = dict(zip(structs, nodes, strict=True))
        queries = {self._name(row.parameters) for row in rows}  # told parameter by parameter, not as a schema
        self.components = {name: schema for name, schema in self._known.items() if name not in queries}

    def of(self, struct: Shape) -> Mapping[str, object]:
        return self._nodes[struct]

    def fields(self, struct: type[Struct]) -> tuple[Mapping[str, Mapping[str, object]], Sequence[str]]:
        """Return the fields of a struct with their schemas, and which are required."""
        component = self._known[self._name(struct)]
        return component["properties"], component.get("required", [])

    def _name(self, struct: type[Struct]) -> str:
        return str(self._nodes[struct]["$ref"]).rpartition("/")[2]


def _structs(rows: Sequence[Row]) -> Iterator[Shape]:
    yield Problem
    for row in rows:
        yield from (
            struct for struct in (row.body, row.gives.struct, row.gives.prepares, row.parameters) if struct is not None
        )


def _operation(row: Row, schemas: _Schemas) -> Node:
    operation: Node = {
        "summary": row.summary,
        "operationId": _operation_id(row),
        "tags": [_tag(row)],
        "parameters": [*_path_parameters(row), *_query_parameters(row, schemas), *_key_parameter(row)],
        "responses": {**_success(row, schemas), **_problems(row, schemas)},
        "security": [{scheme: []} for scheme in row.schemes],
    }
    if row.media_types:
        schema = schemas.of(row.body) if row.body is not None else {"type": "string"}
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": schema} for kind in row.media_types}}
    return operation


def _operation_id(row: Row) -> str:
    words = re.findall(r"\w+", row.path.removeprefix("/v1"))
    return "_".join([row.method.lower(), *words])


def _tag(row: Row) -> str:
    words = row.path.split("/")
    return words[2] if words[1] == "v1" else "service"


def _path_parameters(row: Row) -> list[Node]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in _PART.findall(row.path)
    ]


def _query_parameters(row: Row, schemas: _Schemas) -> list[Node]:
    fields, required = schemas.fields(row.parameters)
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema} for name, schema in fields.items()
    ]


def _key_parameter(row: Row) -> list[Node]:
    if not row.is_idempotent:
        return []
    description = "The same request sent twice under one key is carried out once; kept 7 days."
    schema = {"type": "string", "pattern": PATTERN}
    return [{"name": HEADER, "in": "header", "required": False, "description": description, "schema": schema}]


def _success(row: Row, schemas: _Schemas) -> Node:
    gives = row.gives
    response: Node = {"description": row.summary}
    if gives.media_types:
        schema = schemas.of(gives.struct) if gives.struct is not None else _raw_schema(gives.media_types)
        response["content"] = {kind: {"schema": schema} for kind in gives.media_types}
    if row.is_idempotent:
        description = "`true` when the same request had been carried out before."
        response["headers"] = {REPLAYED: {"description": description, "schema": {"const": "true"}}}
    if gives.prepares is None:
        return {str(gives.status): response}
    accepted = {JSON: {"schema": schemas.of(gives.prepares)}}
    return {str(gives.status): response, "202": {**response, "description": _ACCEPTED, "content": accepted}}


def _raw_schema(media_types: Sequence[str]) -> Node:
    return {"type": "object"} if all(kind.endswith("json") for kind in media_types) else {"type": "string"}


def _problems(row: Row, schemas: _Schemas) -> Node:
    common = (*_ANYWHERE, ClockOff) if row.path.startswith("/v1/") else _ANYWHERE
    codes: dict[int, set[str]] = {}
    for status, code in (*row.problems, *told(common)):
        codes.setdefault(status, set()).add(code)
    return {str(status): _problem(sorted(codes[status]), schemas) for status in sorted(codes)}


def _problem(codes: Sequence[str], schemas: _Schemas) -> Node:
    among = {"type": "object", "properties": {"code": {"enum": list(codes)}}}
    schema = {"allOf": [schemas.of(Problem), among]}
    return {"description": ", ".join(f"`{code}`" for code in codes), "content": {PROBLEM: {"schema": schema}}}
