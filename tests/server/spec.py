"""A client that holds every reply against the document the server itself publishes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self, TypeAlias, cast

from aiohttp import ClientSession
from jsonschema import Draft202012Validator

Node: TypeAlias = dict[str, "Json"]
Json: TypeAlias = str | int | float | bool | list["Json"] | Node | None

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One reply that the document allows."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Node:
        """The JSON object of the body."""
        value: Json = json.loads(self.content)
        assert isinstance(value, dict)
        return value

    @property
    def code(self) -> Json:
        """The problem's stable code; None in an ordinary reply."""
        return self.body["code"] if self.headers["Content-Type"] == PROBLEM else None

    def text(self, name: str) -> str:
        """One text of the body."""
        value = self.body[name]
        assert isinstance(value, str)
        return value

    def node(self, name: str) -> Node:
        """One object of the body."""
        value = self.body[name]
        assert isinstance(value, dict)
        return value

    def items(self, name: str = "items") -> list[Node]:
        """The objects of one list of the body."""
        value = self.body[name]
        assert isinstance(value, list)
        return [cast("Node", item) for item in value]


class Api:
    """Calls the server, as one caller or as nobody, and fails on a reply that is not in the document."""

    def __init__(self, session: ClientSession, origin: str, document: Node, token: str | None = None) -> None:
        self._session = session
        self._origin = origin
        self._document = document
        self._token = token

    @classmethod
    async def of(cls, session: ClientSession, origin: str) -> Self:
        """Read the document the server publishes."""
        async with session.get(f"{origin}/openapi.json") as response:
            assert response.status == 200
            return cls(session, origin, _closed(await response.read()))

    def having(self, token: str) -> "Api":
        """The same, called with this token."""
        return Api(self._session, self._origin, self._document, token)

    @property
    def document(self) -> Node:
        return self._document

    async def get(self, path: str, **query: str | int) -> Answered:
        return await self.call("GET", path, query=query)

    async def post(self, path: str, body: Mapping[str, object] | None = None, *, key: str | None = None) -> Answered:
        headers = {"Idempotency-Key": key} if key is not None else {}
        if body is None:
            return await self.call("POST", path, headers=headers)
        headers["Content-Type"] = "application/json"
        return await self.call("POST", path, content=json.dumps(body).encode(), headers=headers)

    async def delete(self, path: str) -> Answered:
        return await self.call("DELETE", path)

    async def call(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Answered:
        """Send one request as it is; return the reply once it is checked."""
        sent = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._session.request(
            method,
            self._origin + path,
            data=content,
            headers={**sent, **(headers or {})},
            params=query or None,
            skip_auto_headers=["Content-Type"],
        ) as response:
            answered = Answered(status=response.status, headers=response.headers.copy(), content=await response.read())
        self._check(method, path.partition("?")[0], answered)
        return answered

    def _check(self, method: str, path: str, answered: Answered) -> None:
        assert answered.headers["X-Content-Type-Options"] == "nosniff"
        assert answered.headers["Cache-Control"] == "no-store"
        assert answered.headers["X-Request-Id"].startswith("req_")
        response = self._response(method, path, answered)
        content = cast("Node", response.get("content", {}))
        if not content:
            assert answered.content == b""
            return
        media_type = answered.headers["Content-Type"].partition(";")[0]
        assert media_type in content, f"{method} {path} answered {media_type}"
        if media_type.endswith("json"):
            self._validate(cast("Node", cast("Node", content[media_type])["schema"]), answered)

    def _response(self, method: str, path: str, answered: Answered) -> Node:
        """The description of this reply; where there is no such route, only a problem may come."""
        operation = self._operation(method, path)
        if operation is None:
            assert answered.status in {404, 405}
            return {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        responses = cast("Node", operation["responses"])
        told = f"{method} {path} answered {answered.status}: {answered.content[:300]!r}"
        assert str(answered.status) in responses, told
        return cast("Node", responses[str(answered.status)])

    def _operation(self, method: str, path: str) -> Node | None:
        for template, methods in cast("Node", self._document["paths"]).items():
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path):
                return cast("Node | None", cast("Node", methods).get(method.lower()))
        return None

    def _validate(self, schema: Node, answered: Answered) -> None:
        whole = {**schema, "components": self._document["components"]}
        Draft202012Validator(whole).validate(answered.body)


@cache
def _closed(document: bytes) -> Node:
    """The document, taken at its word: in a test, a field it does not name is a mistake."""
    closed: Node = json.loads(document)
    schemas = cast("Node", cast("Node", closed["components"])["schemas"])
    for schema in schemas.values():
        if isinstance(schema, dict) and "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return closed
