"""The assistant in a conversation: what it says becomes a message."""

from collections.abc import Mapping

from approvals.model.conversation import Author, Choice, MessageKind, Words
from approvals.model.person import Language
from channels.chat.assistant import Assistant


class Answering:
    """Satisfies `approvals.ports.conversations.Assisting`."""

    def __init__(self, assistants: Mapping[Language, Assistant]) -> None:
        self._assistants = assistants

    def reply(self, asked: str, language: Language) -> Words:
        reply = self._assistants[language].reply(asked)
        if reply.answer is not None:
            entry = reply.answer
            return Words(
                author=Author.ASSISTANT,
                kind=MessageKind.ANSWER,
                text=entry.answer,
                subject=entry.id,
                starts=entry.starts,
            )
        choices = tuple(Choice(entry=entry.id, question=entry.question) for entry in reply.suggestions)
        return Words(author=Author.ASSISTANT, kind=MessageKind.SUGGESTIONS, choices=choices)
