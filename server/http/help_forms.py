"""What is asked of the assistant, and what it says."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from msgspec import Meta
from typing_extensions import override

from approvals.model.person import Language
from server.http.forms import Form, Given

Question: TypeAlias = Annotated[
    str,
    Meta(min_length=1, max_length=1000, description="In the person's own words. A group of 6 to 10 digits is refused."),
]


class HelpQuery(Form, frozen=True, kw_only=True):
    """Whose language."""

    language: Language = Language.FR


class QuestionForm(Form, frozen=True, kw_only=True):
    """Nothing is kept of it."""

    text: Question
    language: Language = Language.FR

    @override
    def __repr__(self) -> str:
        return "QuestionForm(…)"


class HelpEntry(Given, frozen=True, kw_only=True):
    """One question with its answer, plain text."""

    id: str
    question: str
    answer: str


class HelpContent(Given, frozen=True, kw_only=True):
    """All the assistant knows."""

    items: Sequence[HelpEntry]


class HelpReply(Given, frozen=True, kw_only=True):
    """`answer` where the assistant is sure; else null, and the three of `suggestions` come closest."""

    answer: HelpEntry | None
    suggestions: Sequence[HelpEntry]
