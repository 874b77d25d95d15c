"""Reads an nginx configuration as nginx does, as far as to tell which header each place passes on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_TOKEN = re.compile(r"""#[^\n]*|'[^']*'|"[^"]*"|[{};]|[^\s{};'"#]+""")


@dataclass(slots=True, kw_only=True)
class Block:
    """`words` stand before its brace; `lines` are its own directives."""

    words: Sequence[str] = ()
    lines: list[Sequence[str]] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)

    def named(self, directive: str) -> list[Sequence[str]]:
        """Return what follows the directive, each time it stands here."""
        return [line[1:] for line in self.lines if line[0] == directive]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Something that passes requests on, within its server, and every header set there, its own or inherited."""

    server: Block
    name: str
    headers: Sequence[Sequence[str]]

    def values(self, header: str) -> list[str]:
        return [value for name, value in self.headers if name.lower() == header.lower()]


def read(text: str) -> Block:
    """Return the whole file as one block without words."""
    tokens = [token for token in _TOKEN.findall(text) if not token.startswith("#")]
    return _block((), iter(tokens))


def places(block: Block, server: Block | None = None, inherited: Sequence[Sequence[str]] = ()) -> Iterator[Place]:
    """Give each place with `proxy_pass`. A level that sets one header inherits none, as nginx has it."""
    headers = block.named("proxy_set_header") or inherited
    here = block if block.words[:1] == ("server",) else server
    if block.named("proxy_pass") and here is not None:
        yield Place(server=here, name=" ".join(block.words), headers=headers)
    for inner in block.blocks:
        yield from places(inner, here, headers)


def _block(words: Sequence[str], tokens: Iterator[str]) -> Block:
    block, line = Block(words=words), list[str]()
    for token in tokens:
        if token == "}":  # noqa: S105  # a brace
            break
        if token == "{":  # noqa: S105
            block.blocks.append(_block(tuple(line), tokens))
        elif token == ";":  # noqa: S105
            block.lines.append(tuple(line))
        else:
            line.append(token.strip("'\""))
            continue
        line = []
    return block
