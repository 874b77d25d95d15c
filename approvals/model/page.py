"""A page of a long list: keyset paging, so that a list a million long costs what its page costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """`next` is the opaque cursor of the page that follows, None on the last."""

    items: Sequence[Item]
    next: str | None
