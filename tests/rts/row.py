"""What one row of the RTS table says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """One weakening: in `file`, the text `old`, which stands there once, becomes `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One duty. `code` is a function, class or `Class.method` in the mutation's file; `test` a pytest node."""

    article: str
    asks: str
    rule: str
    code: str
    test: str
    mutation: Mutation
