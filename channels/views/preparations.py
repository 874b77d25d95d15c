"""Preparations, as who asked sees how far they are."""

from collections.abc import Sequence

from approvals.model.preparation import Preparation
from channels.frames.content import ActionContent, PreparationContent
from channels.views.times import milliseconds


def preparation_content(preparation: Preparation, actions: Sequence[ActionContent]) -> PreparationContent:
    return PreparationContent(
        id=preparation.id,
        status=preparation.status,
        reference=preparation.reference,
        created=milliseconds(preparation.created_at),
        ended=None if preparation.ended_at is None else milliseconds(preparation.ended_at),
        total=preparation.total,
        done=preparation.done,
        answers={answer.value: count for answer, count in preparation.answers().items()},
        refusal=preparation.refusal,
        actions=actions,
    )
