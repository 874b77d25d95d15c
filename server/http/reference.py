"""The reference page at /docs, written from the published document: plain HTML, one style sheet, no script."""

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from importlib import resources
from typing import Final, cast

from server.http.openapi import Node

STYLE_PATH: Final = "/docs/style.css"
_SCHEMAS: Final = "#/components/schemas/"


def style_sheet() -> bytes:
    return resources.files("server.http").joinpath("reference.css").read_bytes()


def reference_page(document: Node) -> bytes:
    """Return the page; every text of the document is escaped."""
    information = _node(document["info"])
    paths, components = _node(document["paths"]), _node(document["components"])
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f'<title>Contreseing API</title><link rel="stylesheet" href="{STYLE_PATH}"></head><body>',
        f"<h1>Contreseing API <code>{_text(information['version'])}</code></h1>",
        f"<p>{_text(information['description'])}</p>",
        '<p>As <a href="/openapi.json">OpenAPI 3.1</a>; the stream as <a href="/asyncapi.json">AsyncAPI 3.0</a>.</p>',
        *_groups(paths),
        "<h2>Schemas</h2>",
        *(_schema(name, _node(schema)) for name, schema in _node(components["schemas"]).items()),
        "</body></html>",
    ]
    return "\n".join(lines).encode()


def _groups(paths: Mapping[str, object]) -> Iterator[str]:
    operations = [
        (path, method, _node(operation))
        for path, methods in paths.items()
        for method, operation in _node(methods).items()
    ]
    tags = dict.fromkeys(_first_tag(operation) for _, _, operation in operations)
    for tag in tags:
        yield f"<h2>{_text(tag)}</h2>"
        yield from (_operation(*each) for each in operations if _first_tag(each[2]) == tag)


def _operation(path: str, method: str, operation: Node) -> str:
    heading = (
        f'<summary><code class="method">{_text(method.upper())}</code><code>{_text(path)}</code>'
        f'<span class="told">{_text(operation["summary"])}</span></summary>'
    )
    told = [_security(operation), _parameters(operation), _body(operation), _replies(operation)]
    return f"<details>{heading}{''.join(told)}</details>"


def _security(operation: Node) -> str:
    schemes = [scheme for each in _nodes(operation["security"]) for scheme in each]
    return f"<p>Called with: {_text(' or '.join(schemes) or 'nothing')}.</p>"


def _parameters(operation: Node) -> str:
    rows = [
        (f"{_text(each['name'])} ({_text(each['in'])})", _source(each["schema"]))
        for each in _nodes(operation["parameters"])
    ]
    return f"<h3>Parameters</h3>{_table(rows)}" if rows else ""


def _body(operation: Node) -> str:
    if "requestBody" not in operation:
        return ""
    content = _node(_node(operation["requestBody"])["content"])
    return f"<h3>Body</h3>{_table(_contents(content))}"


def _replies(operation: Node) -> str:
    rows: list[tuple[str, str]] = []
    for status, reply in _node(operation["responses"]).items():
        content = _node(_node(reply).get("content", {}))
        described = f"<p>{_description(_node(reply))}</p>"
        is_problem = "application/problem+json" in content
        told = described if is_problem else described + "".join(schema for _, schema in _contents(content))
        rows.append((_text(status), told))
    return f"<h3>Replies</h3>{_table(rows)}"


def _description(reply: Node) -> str:
    """Write backquoted words as code, as the document means them."""
    parts = _text(reply["description"]).split("`")
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))


def _contents(content: Node) -> Iterator[tuple[str, str]]:
    for media_type, described in content.items():
        yield _text(media_type), _source(_node(described)["schema"])


def _schema(name: str, schema: Node) -> str:
    return (
        f'<details id="{_text(name)}"><summary><code>{_text(name)}</code>'
        f'<span class="told">{_text(schema.get("description", ""))}</span></summary>{_source(schema)}</details>'
    )


def _source(schema: object) -> str:
    reference = str(_node(schema).get("$ref", ""))
    if reference.startswith(_SCHEMAS):
        name = _text(reference.removeprefix(_SCHEMAS))
        return f'<a href="#{name}"><code>{name}</code></a>'
    return f"<pre>{_text(json.dumps(schema, indent=2, ensure_ascii=False))}</pre>"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return f"<table>{''.join(f'<tr><th>{name}</th><td>{told}</td></tr>' for name, told in rows)}</table>"


def _first_tag(operation: Node) -> str:
    return str(cast("list[object]", operation["tags"])[0])


def _text(value: object) -> str:
    return escape(str(value))


def _node(value: object) -> Node:
    return cast("Node", value)


def _nodes(value: object) -> list[Node]:
    return cast("list[Node]", value)
