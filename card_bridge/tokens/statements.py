"""What is to be signed: the facts written out here, and held against the envelope. Pure.

A web page can show one text and have another signed (CERTIFICATES.md, traps): so nothing that was handed over is
signed as it came, and no digest but the one computed here from the facts that are shown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from approvals import statement
from approvals.model.ids import ActionKind
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.operations import OPERATIONS
from approvals.statement import TEMPLATE_VERSION, Text
from card_bridge.tokens.refusals import (
    EnvelopeExpired,
    OperationUnknown,
    PurposeForeign,
    StatementAltered,
    StatementUnreadable,
    TemplateUnknown,
)

_APPROVAL = "approval"


class _Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As `approvals.statement.Envelope.facts()` has it, `expires` in milliseconds since 1970."""

    environment: str
    purpose: str
    action: str
    challenge: str
    signer: str
    expires: Annotated[int, Meta(ge=0)]
    statement: str
    language: Language
    template: int


class _Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: str
    facts: dict[str, msgspec.Raw]
    envelope: _Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement the bridge wrote out itself, and the canonical envelope (RFC 8785) that names its digest."""

    text: Text
    environment: str
    fingerprint: str
    envelope: bytes


def read_statement(content: bytes, now: datetime) -> Statement:
    """Write out what `{"kind", "facts", "envelope"}` asks to sign.

    Raises StatementUnreadable, PurposeForeign, EnvelopeExpired, TemplateUnknown, OperationUnknown, StatementAltered.
    """
    asked, facts = _read(content)
    envelope = asked.envelope
    if envelope.purpose != _APPROVAL:
        raise PurposeForeign
    if envelope.expires <= now.timestamp() * 1000:
        raise EnvelopeExpired
    if envelope.template != TEMPLATE_VERSION:
        raise TemplateUnknown
    operation = OPERATIONS.get(ActionKind(asked.kind))
    if operation is None:
        raise OperationUnknown
    if _digest(facts) != envelope.statement:
        raise StatementAltered
    return Statement(
        text=_written(asked.kind, facts, envelope.language),
        environment=envelope.environment,
        fingerprint=statement.fingerprint(envelope.statement),
        envelope=statement.canonical(msgspec.to_builtins(envelope)),
    )


def _read(content: bytes) -> tuple[_Asked, Facts]:
    try:
        asked = msgspec.json.decode(content, type=_Asked)
        facts: dict[str, Json] = {name: msgspec.json.decode(raw) for name, raw in asked.facts.items()}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise StatementUnreadable from None
    return asked, facts


def _digest(facts: Facts) -> str:
    try:
        return statement.digest(facts)
    except (ValueError, TypeError, RecursionError):  # numbers and texts RFC 8785 has no form for
        raise StatementUnreadable from None


def _written(kind: str, facts: Facts, language: Language) -> Text:
    """Facts the bank signed for and that do not fit their operation are not guessed at."""
    operation = OPERATIONS[ActionKind(kind)]
    try:
        return statement.render(operation.title, operation.fields, facts, language)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise StatementUnreadable from None
