"""Statements several tasks wait for at once: sent together by their text, answered each by itself."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from approvals.store.database.connection import Line, Row, Value

Answer: TypeAlias = "asyncio.Future[Sequence[Row]]"


class Question(NamedTuple):
    """A statement with its values, and the future of whoever asked."""

    sql: str
    values: Sequence[Value]
    answer: Answer


def ask(sql: str, values: Sequence[Value], loop: asyncio.AbstractEventLoop) -> Question:
    """Make a question to wait for on the loop, which the asker knows: looking for it takes a system call each time."""
    return Question(sql=sql, values=values, answer=loop.create_future())


async def answer_all(line: Line, questions: Iterable[Question]) -> None:
    """Send each text once. Raises what the line raises; what it had answered until then stays answered."""
    for sql, same in _by_text(questions):
        answers = await line.fetch_each(sql, [question.values for question in same])
        for question, rows in zip(same, answers, strict=True):
            if not question.answer.done():  # whoever asked was cancelled
                question.answer.set_result(rows)


def unanswered(questions: Iterable[Question]) -> list[Question]:
    return [question for question in questions if not question.answer.done()]


def _by_text(questions: Iterable[Question]) -> Iterator[tuple[str, list[Question]]]:
    text = attrgetter("sql")
    for sql, same in groupby(sorted(questions, key=text), key=text):
        yield sql, list(same)
