"""What people ask about security, answered before anybody is signed in: who is locked out asks too."""

from approvals.conversations.codes import holds_code
from approvals.conversations.refusals import CodeInMessage
from channels.chat.assistant import Entry
from server.http.desks import Desks
from server.http.gates import Anyone
from server.http.help_forms import HelpContent, HelpEntry, HelpQuery, HelpReply, QuestionForm
from server.http.intake import Json, NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row


async def list_entries(desks: Desks, call: Call[None, None, HelpQuery]) -> Reply:
    known = desks.assistants[call.query.language].known
    return Reply(body=HelpContent(items=[_content(entry) for entry in known]))


async def ask(desks: Desks, call: Call[None, QuestionForm, NoQuery]) -> Reply:
    if holds_code(call.body.text):
        raise CodeInMessage("never send a code in a message: nothing was kept of it")
    reply = desks.assistants[call.body.language].reply(call.body.text)
    answer = None if reply.answer is None else _content(reply.answer)
    return Reply(body=HelpReply(answer=answer, suggestions=[_content(entry) for entry in reply.suggestions]))


def _content(entry: Entry) -> HelpEntry:
    return HelpEntry(id=entry.id, question=entry.question, answer=entry.answer)


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/help",
        summary="List the questions about security the assistant can answer",
        who=Anyone(),
        intake=NoBody(),
        query=HelpQuery,
        handler=list_entries,
        gives=Gives(status=200, struct=HelpContent),
    ),
    Route(
        method="POST",
        path="/v1/help/questions",
        summary="Ask in one's own words: one answer where the assistant is sure, else three suggestions",
        who=Anyone(),
        intake=Json(QuestionForm),
        query=NoQuery,
        handler=ask,
        gives=Gives(status=200, struct=HelpReply),
        errors=(CodeInMessage,),
    ),
)
