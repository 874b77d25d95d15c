"""Pieces of XML -> checked elements, one order at a time; well-formedness and schema are judged here, values later."""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from lxml import etree

from approvals.errors import RemittanceError
from approvals.remittance.refusals import SchemaViolated, XmlMalformed
from approvals.remittance.schemas import Message, message_of, qualified, schema_of, transaction_of

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml gives its one element class no public name

_YIELDED: Final = ("GrpHdr", "PmtInf", "SplmtryData")
_ELEMENT_NAMED: Final = re.compile(r"Element '(?:\{[^}']*\})?([A-Za-z0-9]{1,35})'")


class Parsing:
    """One document, validated while it is fed. The first piece says which message it is."""

    def __init__(self, first_piece: bytes) -> None:
        self.message = _message_in(first_piece)
        self._parser = _validating_parser(self.message)
        self._read: Element | None = None
        self._order_tag = qualified(self.message, transaction_of(self.message))
        self._orders = 0

    def feed(self, piece: bytes) -> Iterator[Element]:
        """Yield the header, orders, blocks and supplementary data that end in this piece.

        Raises XmlMalformed, SchemaViolated. An element yielded is gone once the next one is asked for.
        """
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError as error:
            raise self._refusal(error) from None
        if len(self._parser.feed_error_log):  # left alone, lxml tells only at the end of the file
            raise self._schema_violation()
        for _, element in self._parser.read_events():
            self._forget_the_one_before()
            self._read = element
            self._orders += element.tag == self._order_tag
            yield element

    def close(self) -> None:
        """The document must end here. Raises XmlMalformed, SchemaViolated."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            raise self._refusal(error) from None

    def _forget_the_one_before(self) -> None:
        """Keep memory constant. The newest element stays: libxml2 may still append the white space after it."""
        parent = None if self._read is None else self._read.getparent()
        if self._read is not None and parent is not None:
            parent.remove(self._read)

    def _refusal(self, error: etree.XMLSyntaxError) -> RemittanceError:
        if len(self._parser.feed_error_log):
            return self._schema_violation()
        return _malformed(error)

    def _schema_violation(self) -> SchemaViolated:
        """Say which element and which rule; libxml2's own message repeats the value, and knows no line."""
        error = self._parser.feed_error_log[0]
        named = _ELEMENT_NAMED.match(error.message)
        element = named[1] if named else "an element"
        rule = error.type_name.removeprefix("SCHEMAV_").lower().replace("_", " ")
        order = transaction_of(self.message)
        place = f"after {order}[{self._orders}]" if self._orders else f"up to {order}[1]"
        return SchemaViolated(f"the message breaks its schema: {element} ({rule})", path=place)


def _message_in(first_piece: bytes) -> Message:
    """Look at the document element alone. Raises MessageNotSupported, XmlMalformed."""
    parser = etree.XMLPullParser(events=("start",), resolve_entities="internal", no_network=True, encoding="UTF-8")
    try:
        parser.feed(first_piece)
        _, root = next(iter(parser.read_events()), (None, None))
    except etree.XMLSyntaxError as error:
        raise _malformed(error) from None
    if root is None:
        raise XmlMalformed("the file holds no XML element")
    return message_of(str(root.tag))


def _validating_parser(message: Message) -> etree.XMLPullParser:
    """`resolve_entities` must not be False: with a schema, lxml would then take a truncated file as whole.

    "internal" expands only what a document type declares, and no file with one gets this far.
    """
    return etree.XMLPullParser(
        events=("end",),
        tag=tuple(qualified(message, part) for part in (*_YIELDED, transaction_of(message))),
        schema=schema_of(message),
        encoding="UTF-8",
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,  # nobody reads them, and between two orders they would pile up
        remove_pis=True,
    )


def _malformed(error: etree.XMLSyntaxError) -> XmlMalformed:
    """Say where; libxml2's own message may repeat the text around."""
    line, column = error.position
    return XmlMalformed("not one well-formed XML document", path=f"line {line}, column {column}")
