"""The statement as it is shown: the text in the reader's language, and the facts it says."""

import msgspec

from approvals import statement
from approvals.model.action import Action
from approvals.model.ids import ActionKind
from approvals.model.json import Facts
from approvals.model.person import Language
from approvals.operations import OPERATIONS
from channels.frames.content import LineContent, StatedContent, StatementContent


def stated_content(kind: ActionKind, facts: Facts, language: Language) -> StatedContent:
    """Show what an action would state, before there is one."""
    operation = OPERATIONS[kind]
    text = statement.render(operation.title, operation.fields, facts, language)
    return StatedContent(
        kind=kind,
        title=text.title,
        lines=[LineContent(label=line.label, value=line.value) for line in text.lines],
    )


def statement_content(action: Action, language: Language) -> StatementContent:
    operation = OPERATIONS[action.kind]
    text = statement.render(operation.title, operation.fields, action.facts, language)
    return StatementContent(
        title=text.title,
        lines=[LineContent(label=line.label, value=line.value) for line in text.lines],
        facts=msgspec.Raw(statement.canonical(action.facts)),
        sha256=action.statement_digest,
        fingerprint=statement.fingerprint(action.statement_digest),
        language=language,
        template=statement.TEMPLATE_VERSION,
    )
