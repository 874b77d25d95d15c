"""BER-TLV as EMV narrows it (EMV book 3, annex B): tags of one or two bytes, lengths of one to three.

What an object means is `cap`'s.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from card_bridge.emv.refusals import (
    ObjectMissing,
    ObjectRepeated,
    TagTooLong,
    TlvIndefinite,
    TlvTooDeep,
    TlvTooLong,
    TlvTruncated,
)

MOST_BYTES: Final = 256
"""The data of a short response: no card can send more in one object."""
_MOST_DEPTH: Final = 5
_CONSTRUCTED: Final = 0x20
_TAG_GOES_ON: Final = 0x1F
_LENGTH_GOES_ON: Final = 0x80


@dataclass(frozen=True, slots=True, kw_only=True)
class DataObject:
    """One object: its tag as a number, its value, and the objects inside where the tag says there are."""

    tag: int
    value: bytes = field(repr=False)
    inside: tuple["DataObject", ...] = field(default=(), repr=False)


def read_objects(encoded: bytes) -> tuple[DataObject, ...]:
    """The objects of a template, zero bytes between them left out (EMV book 3, B1).

    Raises CardMalformed of one kind or another for whatever is no such sequence.
    """
    if len(encoded) > MOST_BYTES:
        raise TlvTooLong
    return _read_level(encoded, depth=0)


def one_object(encoded: bytes, *tags: int) -> DataObject:
    """The single object of an answer, under one of these tags.

    Raises CardMalformed when there is none, another or more than one.
    """
    objects = read_objects(encoded)
    if len(objects) != 1 or objects[0].tag not in tags:
        raise ObjectMissing
    return objects[0]


def by_tag(objects: Iterable[DataObject]) -> dict[int, bytes]:
    """Primitive objects of all templates by tag; raises ObjectRepeated for a tag that stands twice."""
    found: dict[int, bytes] = {}
    for leaf in _leaves(objects):
        if leaf.tag in found:
            raise ObjectRepeated
        found[leaf.tag] = leaf.value
    return found


def _leaves(objects: Iterable[DataObject]) -> Iterable[DataObject]:
    for each in objects:
        if _is_constructed(each.tag):
            yield from _leaves(each.inside)
        else:
            yield each


def _read_level(encoded: bytes, *, depth: int) -> tuple[DataObject, ...]:
    if depth > _MOST_DEPTH:
        raise TlvTooDeep
    objects, rest = [], encoded.lstrip(b"\x00")
    while rest:
        tag, rest = read_tag(rest)
        length, rest = _read_length(rest)
        if length > len(rest):
            raise TlvTruncated
        value, rest = rest[:length], rest[length:].lstrip(b"\x00")
        inside = _read_level(value, depth=depth + 1) if _is_constructed(tag) else ()
        objects.append(DataObject(tag=tag, value=value, inside=inside))
    return tuple(objects)


def read_tag(encoded: bytes) -> tuple[int, bytes]:
    """The tag in front, and what follows it. Raises TlvTruncated or TagTooLong."""
    width = 2 if encoded[:1] and encoded[0] & _TAG_GOES_ON == _TAG_GOES_ON else 1
    if len(encoded) < width:
        raise TlvTruncated
    if width == 2 and encoded[1] & 0x80:
        raise TagTooLong
    return int.from_bytes(encoded[:width]), encoded[width:]


def _read_length(encoded: bytes) -> tuple[int, bytes]:
    if not encoded:
        raise TlvTruncated
    first, rest = encoded[0], encoded[1:]
    if first < _LENGTH_GOES_ON:
        return first, rest
    width = first & 0x7F
    if width == 0:
        raise TlvIndefinite
    if width > 2:
        raise TlvTooLong
    if len(rest) < width:
        raise TlvTruncated
    return int.from_bytes(rest[:width]), rest[width:]


def _is_constructed(tag: int) -> bool:
    return bool((tag if tag <= 0xFF else tag >> 8) & _CONSTRUCTED)
