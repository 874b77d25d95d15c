"""Which message a file is, and the compiled ISO 20022 schema that goes with it."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Final, TypeAlias

from lxml import etree

from approvals.model.collection import CollectionFormat
from approvals.model.remittance import RemittanceFormat
from approvals.remittance.refusals import MessageNotSupported

Message: TypeAlias = RemittanceFormat | CollectionFormat
"""An ISO 20022 message; of the collections all but the CFONB's records."""

_TAKEN: Final[Sequence[Message]] = (
    *RemittanceFormat,
    CollectionFormat.PAIN_008_001_08,
    CollectionFormat.PAIN_008_001_02,
)


def namespace(message: Message) -> str:
    """Return the message's XML namespace (a URN)."""
    return f"urn:iso:std:iso:20022:tech:xsd:{message}"


def qualified(message: Message, element: str) -> str:
    """Return the element's full name as lxml writes it (Clark notation)."""
    return f"{{{namespace(message)}}}{element}"


_MESSAGES: Final = {qualified(message, "Document"): message for message in _TAKEN}


def message_of(root_tag: str) -> Message:
    """Return the message whose document element this is. Raises MessageNotSupported."""
    message = _MESSAGES.get(root_tag)
    if message is None:
        raise MessageNotSupported(f"only these messages are taken: {', '.join(_TAKEN)}", path="/")
    return message


def transaction_of(message: Message) -> str:
    """Return the name of the element that is one order."""
    return "DrctDbtTxInf" if isinstance(message, CollectionFormat) else "CdtTrfTxInf"


@cache
def schema_of(message: Message) -> etree.XMLSchema:
    """Return the compiled schema: made once a process, read by any number of parsers."""
    with as_file(files("sepaxml") / "schemas" / f"{message}.xsd") as path:
        return etree.XMLSchema(etree.parse(path))
