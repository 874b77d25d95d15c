"""A signer: two devices, one card, one thing at a time. Answers what their devices show as their choices say."""

import asyncio
import time
from collections.abc import Coroutine, Iterator, Sequence
from typing import Final

import msgspec

from approvals.errors import ProofNotChecked
from approvals.model.action import ActionStatus
from approvals.model.challenge import ChallengeStatus, RefusalReason
from approvals.model.proof import Answer
from approvals.model.reader import CODE_KEY, ReaderInput
from channels.frames import from_device
from channels.frames.content import ActionContent, AnsweredContent, CapCode, ChallengeContent
from tests.bench.signer import Card
from tests.flows.chaos.calling import Caller, Reply, Request
from tests.flows.chaos.choices import Fate, Signing, read_reference, signing_of
from tests.flows.chaos.journal import Journal, Offered, Told
from tests.flows.chaos.phone import Phone
from tests.flows.chaos.town import Handset, Inhabitant
from tests.log_watch import never_log

_LATE: Final = 0.5  # seconds around the deadline


class Signer:
    """One person. Devices call `show`; the person deals with what is to be signed, in the order it was shown."""

    def __init__(self, seed: int, who: Inhabitant, card: Card, caller: Caller, journal: Journal) -> None:
        self._seed = seed
        self._who = who
        self._card = card
        self._caller = caller
        self._journal = journal
        self._desk: asyncio.Queue[ActionContent] = asyncio.Queue()
        self._seen: set[str] = set()
        self._requests = 0
        self._is_busy = False
        self._is_out_of_step = False
        self.phones: Sequence[Phone] = ()

    def show(self, action: ActionContent) -> None:
        """A device shows an action: it is dealt with once, when it is this person's turn."""
        challenge = action.challenge
        if challenge is None or challenge.id in self._seen or action.status is not ActionStatus.PENDING:
            return
        if challenge.status is ChallengeStatus.OPEN and challenge.reader is not None:
            self._seen.add(challenge.id)
            self._desk.put_nowait(action)

    def works(self) -> Iterator[Coroutine[None, None, None]]:
        """What goes on until it is cancelled: both devices, and the person."""
        yield self._live()
        for phone in self.phones:
            yield phone.stay()

    @property
    def is_idle(self) -> bool:
        return self._desk.empty() and not self._is_busy

    async def _live(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                action = await self._desk.get()
                number, fate = read_reference(action.reference or "")
                if fate is Fate.FORGET:
                    continue
                choice = signing_of(self._seed, number, fate, self._who.number)
                if fate is Fate.LATE:
                    tasks.create_task(self._wait(action, choice))
                else:
                    self._is_busy = True
                    await self._deal(action, choice)
                    self._is_busy = False

    async def _wait(self, action: ActionContent, choice: Signing) -> None:
        """Come back to it about when its time is over."""
        due = action.expires / 1000 + _LATE * (2 * choice.pause - 1)
        await asyncio.sleep(max(due - time.time(), 0))
        await self._deal(action, choice)

    async def _deal(self, action: ActionContent, choice: Signing) -> None:
        challenge = action.challenge
        if challenge is None or challenge.reader is None:
            return
        if read_reference(action.reference or "")[1] is not Fate.LATE:
            await asyncio.sleep(choice.pause)
        if choice.refuses:
            await self._refuse(challenge, choice)
            return
        if self._is_out_of_step:
            await self._resynchronise(choice)
        await self._sign(challenge, choice)

    async def _refuse(self, challenge: ChallengeContent, choice: Signing) -> None:
        request = Request(
            path=f"/v1/challenges/{challenge.id}/refusal",
            token=self._login,
            key=self._new_request(),
            body={"reason": RefusalReason.OTHER},
        )
        reply = await self._caller.insist(request, first=choice.node)
        status = msgspec.json.decode(reply.body, type=ChallengeContent).status if reply.is_good else None
        self._tell(request.key, challenge, answer=status, error=reply.code)

    async def _resynchronise(self, choice: Signing) -> None:
        """Codes that never arrived have moved the card on alone: two in a row show where it is (RULES 10)."""
        first, second = self._card.code(CODE_KEY), self._card.code(CODE_KEY)
        never_log(first)
        never_log(second)
        request = Request(
            path=f"/v1/cards/{self._who.card_id}/resync",
            token=self._login,
            key=self._new_request(),
            body={"first": first, "second": second},
        )
        reply = await self._caller.insist(request, first=choice.node)
        self._is_out_of_step = not reply.is_good

    async def _sign(self, challenge: ChallengeContent, choice: Signing) -> None:
        """Type what is asked into the reader and send the code, wrong or twice where it was drawn so."""
        asked = msgspec.convert(challenge.reader, ReaderInput, from_attributes=True)
        if choice.wrong_first:
            code = self._card.code(asked)
            await self._offer(challenge, code[:-1] + str((int(code[-1]) + 1) % 10), choice, is_right=False)
        code = self._card.code(asked)
        never_log(code)
        if choice.at_once:
            await asyncio.gather(*(self._offer(challenge, code, choice, is_right=True) for _ in range(2)))
            self._is_out_of_step = False  # one of the two is refused as it should be
            return
        error: str | None = ProofNotChecked.code
        while error == ProofNotChecked.code:  # a new request: the same would be answered the same
            error = await self._offer(challenge, code, choice, is_right=True)
        if choice.again:
            await self._offer(challenge, code, choice, is_right=False)

    async def _offer(self, challenge: ChallengeContent, code: str, choice: Signing, *, is_right: bool) -> str | None:
        """Send one request until something decides; return the error's code."""
        request = Request(
            path=f"/v1/challenges/{challenge.id}/answers",
            token=self._login,
            key=self._new_request(),
            body={"method": "cap", "code": code},
        )
        self._journal.offered.append(
            Offered(
                at=time.time(),
                request=request.key,
                challenge=challenge.id,
                card=self._who.card_id,
                atc=self._card.atc,
                is_right=is_right,
            )
        )
        if choice.by_stream:
            answer = await self._by_stream(challenge, request.key, code)
            if answer is not None:
                self._is_out_of_step = is_right and answer is Answer.PROOF_REFUSED
                return None
        replies = await self._by_http(request, choice)
        for reply in replies:
            answered = msgspec.json.decode(reply.body, type=AnsweredContent).answer if reply.is_good else None
            self._tell(request.key, challenge, answer=answered, error=reply.code or None)
            self._is_out_of_step = is_right and answered is Answer.PROOF_REFUSED
        return replies[0].code or None

    async def _by_stream(self, challenge: ChallengeContent, req: str, code: str) -> Answer | None:
        """Return what the stream brought; anything else is asked again over HTTP, as the same request."""
        frame = from_device.Answer(req=req, challenge=challenge.id, proof=CapCode(code=code))
        for phone in self.phones:
            result = await phone.ask(frame)
            if result is not None and result.answered is not None:
                self._tell(req, challenge, answer=result.answered.answer, error=None)
                return result.answered.answer
        return None

    async def _by_http(self, request: Request, choice: Signing) -> Sequence[Reply]:
        if choice.gives_up:
            return [await self._caller.ask(request, node=choice.node)]
        if choice.twice:
            both = (self._caller.insist(request, first=node) for node in range(2))
            return await asyncio.gather(*both)
        return [await self._caller.insist(request, first=choice.node)]

    def _tell(self, req: str, challenge: ChallengeContent, *, answer: str | None, error: str | None) -> None:
        self._journal.told.append(
            Told(
                at=time.time(),
                request=req,
                challenge=challenge.id,
                card=self._who.card_id,
                answer=answer,
                error=error,
            )
        )

    def _new_request(self) -> str:
        self._requests += 1
        return f"{self._who.name}-{self._requests}"

    @property
    def _login(self) -> str:
        return Handset(name=f"{self._who.name}_a", owner=self._who).login_token
