"""A person at the bank's counter and the advisers behind it, at the desks of conversations."""

from approvals.desk.conversations.talking import Saying, Talk
from approvals.desk.presence import Presence
from approvals.desk.sign_in import SignedIn
from approvals.model.adviser import Adviser, Role
from approvals.model.conversation import Conversation, Message
from approvals.model.ids import LoginId, UserId
from approvals.model.inbox import EventKind
from tests.house import House, Person
from tests.staff import Banker, Staff


class Chat:
    """Anne at the bank's counter, and the advisers behind it."""

    def __init__(self, house: House, anne: Person, here: SignedIn, bankers: tuple[Banker, Banker]) -> None:
        self.house = house
        self.anne = here
        self.user = anne.user
        self.bankers = bankers
        self.denise, self.farid = (Adviser(user_id=each.user.id, role=Role.SUPERVISOR) for each in bankers)
        self.stays: list[Presence] = []

    async def say(self, text: str, req: str = "r1") -> Message:
        return await self.house.conversations.talk.say(self.anne.login.id, Saying(req=req, text=text))

    async def answer(self, found: Conversation, text: str, *, by: int = 0) -> Message:
        saying = Saying(req=f"a{found.last}", text=text, conversation_id=found.id)
        return await self.house.conversations.talk.say(self.login(by), saying)

    async def ask(self) -> Conversation:
        return await self.house.conversations.talk.ask_adviser(self.anne.login.id)

    async def talk(self) -> Talk:
        return await self.house.conversations.talk.show(self.user, None, 50)

    async def claimed(self) -> Conversation:
        return await self.house.conversations.queue.claim(self.denise, (await self.ask()).id)

    async def told(self, user_id: UserId) -> list[EventKind]:
        return [event.news.kind for event in await self.house.inbox.read(user_id, 0, 50)]

    def login(self, by: int) -> LoginId:
        return self.stays[by].login.id


async def open_chat(house: House, person: Person) -> Chat:
    """The person signed in, and two supervisors at work."""
    staff = Staff(house)
    bankers = await staff.found()
    chat = Chat(house, person, await house.sign_in(person), bankers)
    chat.stays = [await staff.enter(banker) for banker in bankers]
    return chat
