"""What came of a proof, as its signer reads it."""

from approvals.credentials.warnings import warning
from approvals.desk.answered import Answered
from approvals.model.person import Language
from approvals.model.proof import Answer
from approvals.model.throttle import AtStake
from channels.frames.content import AnsweredContent


def answered_content(answered: Answered, language: Language) -> AnsweredContent:
    is_refused = answered.answer is Answer.PROOF_REFUSED
    words = warning(AtStake.ACCESS, answered.attempts_left) if is_refused else None
    return AnsweredContent(
        answer=answered.answer,
        attempts_left=answered.attempts_left,
        warning=None if words is None else words[language],
    )
