"""Letters of activation: the bank's core addresses them, the printer alone is given what they hold."""

from approvals.desk.letters import Addressed
from approvals.errors import NotFound
from approvals.model.api_key import ApiKey, Scope
from approvals.model.ids import UserId
from channels.frames.content import PageContent
from channels.views.letters import letter_text
from channels.views.lists import page_content
from channels.views.times import milliseconds
from server.http.access_forms import AddressedContent, LetterContent, LettersQuery
from server.http.desks import Desks
from server.http.gates import Core
from server.http.intake import NoBody
from server.http.replies import Reply
from server.http.routes import Call, Gives, NoQuery, Route, Row


async def list_letters(desks: Desks, call: Call[ApiKey, None, LettersQuery]) -> Reply:
    query = call.query
    page = await desks.ways_in.letters.browse(query.status, query.after, query.limit)
    return Reply(body=page_content(page, _addressed))


async def print_letter(desks: Desks, call: Call[ApiKey, None, NoQuery]) -> Reply:
    printed = await desks.ways_in.letters.print(f"api_key:{call.caller.id}", UserId(call.path["user"]))
    text = letter_text(printed, desks.ways_in.origin)
    return Reply(
        body=LetterContent(
            user=printed.user.id,
            language=printed.user.language,
            title=text.title,
            lines=text.lines,
            secret=printed.secret,
            expires=milliseconds(printed.expires_at),
        )
    )


def _addressed(letter: Addressed) -> AddressedContent:
    activation = letter.activation
    return AddressedContent(
        user=letter.user.id,
        client_identifier=letter.subscription.client_identifier,
        user_number=letter.user.number,
        status=activation.status,
        ordered=milliseconds(activation.ordered_at),
        printed=None if activation.printed_at is None else milliseconds(activation.printed_at),
        expires=None if activation.expires_at is None else milliseconds(activation.expires_at),
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/letters",
        summary="List letters of activation and whose they are, those due first to be addressed",
        who=Core(Scope.READ),
        intake=NoBody(),
        query=LettersQuery,
        handler=list_letters,
        gives=Gives(status=200, struct=PageContent[AddressedContent]),
    ),
    Route(
        method="POST",
        path="/v1/letters/{user}/printing",
        summary="Make the secret of a letter and give what is printed on it; again makes a new one, the former is void",
        who=Core(Scope.LETTERS),
        intake=NoBody(),
        query=NoQuery,
        handler=print_letter,
        gives=Gives(status=200, struct=LetterContent),
        errors=(NotFound,),
    ),
)
