"""What is to be signed, as the bridge itself writes it from the facts: no text of the server's is shown."""

import hashlib

import msgspec

from approvals import statement
from approvals.model.ids import ActionKind
from approvals.operations import OPERATIONS
from card_bridge.link.bank import ActionAsked
from card_bridge.link.refusals import StatementTampered


def statement_text(asked: ActionAsked) -> str:
    """Return title, lines and fingerprint in the person's language. Raises StatementTampered."""
    operation = OPERATIONS.get(ActionKind(asked.kind))
    digest = hashlib.sha256(bytes(asked.statement.facts)).hexdigest()
    if operation is None or digest != asked.statement.sha256:
        raise StatementTampered
    facts = msgspec.json.decode(asked.statement.facts)
    text = statement.render(operation.title, operation.fields, facts, asked.statement.language)
    lines = [f"{line.label:<28} {line.value}" for line in text.lines]
    return "\n".join([text.title, *lines, statement.fingerprint(digest)])
