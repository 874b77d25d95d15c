"""Which message a file is, and the compiled ISO 20022 schema that goes with it."""

from functools import cache
from importlib.resources import as_file, files
from typing import Final

from lxml import etree

from approvals.model.remittance import RemittanceFormat
from approvals.remittance.refusals import MessageNotSupported


def namespace(message: RemittanceFormat) -> str:
    """Return the message's XML namespace (a URN)."""
    return f"urn:iso:std:iso:20022:tech:xsd:{message}"


def qualified(message: RemittanceFormat, element: str) -> str:
    """Return the element's full name as lxml writes it (Clark notation)."""
    return f"{{{namespace(message)}}}{element}"


_MESSAGES: Final = {qualified(message, "Document"): message for message in RemittanceFormat}


def message_of(root_tag: str) -> RemittanceFormat:
    """Return the message whose document element this is. Raises MessageNotSupported."""
    message = _MESSAGES.get(root_tag)
    if message is None:
        raise MessageNotSupported(f"only these messages are taken: {', '.join(RemittanceFormat)}", path="/")
    return message


@cache
def schema_of(message: RemittanceFormat) -> etree.XMLSchema:
    """Return the compiled schema: made once a process, read by any number of parsers."""
    with as_file(files("sepaxml") / "schemas" / f"{message}.xsd") as path:
        return etree.XMLSchema(etree.parse(path))
