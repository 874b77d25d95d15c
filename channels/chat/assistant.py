"""The assistant: answers what it is sure of, and else suggests three questions and the adviser. Pure.

What it knows is in `faq/`, an entry a question; which words count as one is in `synonyms.toml`: both edited by hand.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from approvals.model.person import Language
from channels.chat.ranking import Ranking
from channels.chat.words import Reader, fold

_SURE: Final = 0.42
"""Of what was asked this much must be found: below it three suggestions help more than one wrong answer."""
_SUGGESTIONS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question and its answer; `asks` are other ways to ask it, `starts` a kind of action that it can begin."""

    id: str
    question: str
    asks: Sequence[str]
    answer: str
    starts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`answer` where the assistant is sure; else None, and `suggestions` come closest."""

    answer: Entry | None
    suggestions: Sequence[Entry]


class Assistant:
    """Answers in one language."""

    def __init__(self, language: Language, entries: Sequence[Entry], synonyms: Mapping[str, str]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._reader = Reader(language, synonyms)
        self._ranking = Ranking({entry.id: self._reader.words(_text(entry)) for entry in entries})

    @property
    def known(self) -> Sequence[Entry]:
        return list(self._entries.values())

    def reply(self, asked: str) -> Reply:
        ranked = self._ranking.rank(self._reader.words(asked))
        best, score = ranked[0]
        if score >= _SURE:
            return Reply(answer=self._entries[best], suggestions=())
        return Reply(answer=None, suggestions=[self._entries[key] for key, _ in ranked[:_SUGGESTIONS]])


@cache
def read_assistants() -> Mapping[Language, Assistant]:
    """Return the assistant of each language, as the files of this installation say; they are read once."""
    synonyms = tomllib.loads(_file("synonyms.toml"))
    return {
        language: Assistant(language, _entries(language), _heads(synonyms[language.value])) for language in Language
    }


def _entries(language: Language) -> Sequence[Entry]:
    known = tomllib.loads(_file("faq", f"{language.value}.toml"))
    return [
        Entry(
            id=key,
            question=entry["question"],
            asks=tuple(entry["asks"]),
            answer=entry["answer"],
            starts=entry.get("starts"),
        )
        for key, entry in known.items()
    ]


def _heads(groups: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    return {fold(word): fold(head) for head, words in groups.items() for word in words}


def _text(entry: Entry) -> str:
    """What is asked counts more than what is answered, where many words stand by the way."""
    return " ".join([*[entry.question, *entry.asks] * 3, entry.answer])


def _file(*path: str) -> str:
    return resources.files("channels.chat").joinpath(*path).read_text("utf-8")
