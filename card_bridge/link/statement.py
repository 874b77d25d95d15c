"""What is to be signed, as the bridge itself writes it from the facts: no text of the server's is shown."""

import hashlib
from datetime import datetime

import msgspec

from approvals import statement
from approvals.model.ids import ActionKind
from approvals.operations import OPERATIONS
from approvals.statement import Text
from card_bridge.link.bank import ActionAsked
from card_bridge.link.refusals import StatementTampered
from card_bridge.tokens.statements import Statement, read_statement


class _Named(msgspec.Struct):
    """The challenge an envelope is for."""

    challenge: str


def statement_text(asked: ActionAsked) -> str:
    """Return title, lines and fingerprint in the person's language. Raises StatementTampered."""
    operation = OPERATIONS.get(ActionKind(asked.kind))
    digest = hashlib.sha256(bytes(asked.statement.facts)).hexdigest()
    if operation is None or digest != asked.statement.sha256:
        raise StatementTampered
    facts = msgspec.json.decode(asked.statement.facts)
    text = statement.render(operation.title, operation.fields, facts, asked.statement.language)
    return _shown(text.title, text, statement.fingerprint(digest))


def statement_for_key(asked: ActionAsked, now: datetime) -> Statement:
    """Write out what a certificate's key is to sign, and hold it against the envelope (CERTIFICATES.md, traps).

    Raises StatementRefusal, and StatementTampered where the envelope is another challenge's.
    """
    challenge = asked.challenge
    if challenge is None:
        raise StatementTampered
    request = {"kind": asked.kind, "facts": asked.statement.facts, "envelope": challenge.envelope}
    written = read_statement(msgspec.json.encode(request), now)
    if msgspec.json.decode(written.envelope, type=_Named).challenge != challenge.id:
        raise StatementTampered
    return written


def key_statement_text(written: Statement) -> str:
    """Return the same as `statement_text`, of what a key signs, with the environment it is for."""
    return _shown(f"[{written.environment}] {written.text.title}", written.text, written.fingerprint)


def _shown(title: str, text: Text, fingerprint: str) -> str:
    lines = [f"{line.label:<28} {line.value}" for line in text.lines]
    return "\n".join([title, *lines, fingerprint])
