"""Opening, reading and withdrawing actions."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from approvals import machine, statement
from approvals.conversations.codes import holds_code
from approvals.desk.holding import Held, Holding, Wanted
from approvals.desk.idempotency import find_kept, keep
from approvals.desk.opening import Asked, Caller, Opened, find_company, find_order, opener_of
from approvals.desk.presence import Presence
from approvals.desk.settling import Closed, Settling
from approvals.desk.telling import Touched
from approvals.errors import Forbidden, InvalidRequest, NotFound
from approvals.model.action import Action
from approvals.model.api_key import ApiKey, Scope
from approvals.model.challenge import Challenge
from approvals.model.draft import Draft
from approvals.model.idempotency import KeptResult, RequestKey
from approvals.model.ids import UNKNOWN_INITIATOR, ActionId, ActionKind, ChallengeId, PreparationId, UserId
from approvals.model.json import Json
from approvals.model.page import Page
from approvals.model.policy import Means
from approvals.model.preparation import Preparation
from approvals.model.sheet import ActionSheet
from approvals.operations import ADVISER_ACTS, OPERATIONS
from approvals.operations.refusals import TextHoldsCode
from approvals.ports.actions import ActionFilter
from approvals.ports.book import Book, Ledger
from approvals.ports.world import Announcer, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRequest:
    """What is to be held, and for whom."""

    asked: Asked
    kind: ActionKind
    payload: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningResult:
    """The actions opened, or the preparation that comes before them (RULES 21).

    `replayed` when the same request had come to this before.
    """

    sheets: Sequence[ActionSheet]
    replayed: bool
    preparation: Preparation | None = None


class ActionDesk:
    """Opens, shows, lists and withdraws."""

    def __init__(self, *, book: Book, clock: Clock, announcer: Announcer, holding: Holding, settling: Settling) -> None:
        self._book = book
        self._clock = clock
        self._announcer = announcer
        self._holding = holding
        self._settling = settling

    async def open(self, caller: Caller, request: OpeningRequest, key: RequestKey | None = None) -> OpeningResult:
        """Hold one action. Raises Forbidden, InvalidRequest and everything `Holding.hold` raises."""
        require_scope(caller, Scope.OPEN)
        operation = OPERATIONS.get(request.kind)
        if operation is None:
            raise InvalidRequest(f"kind: one of {', '.join(sorted(OPERATIONS))} is needed", field="kind")
        if isinstance(caller, Presence) and request.kind not in ADVISER_ACTS:
            _require_no_code(request.payload)
        draft = Draft(
            kind=request.kind,
            facts=operation.read(request.payload),
            payload_digest=hashlib.sha256(statement.canonical(request.payload)).hexdigest(),
        )

        async def work(ledger: Ledger) -> Held | KeptResult:
            kept = await find_kept(ledger, key)
            if kept is not None:
                return kept
            now = self._clock.now()
            order = await find_order(ledger, caller, request.asked, now)
            held = await self._holding.hold(ledger, Wanted(order=order, drafts=[draft]), now)
            await keep_held(ledger, key, held, now)
            return held

        company = await self._book.lookup(lambda ledger: find_company(ledger, caller, request.asked))
        return await self.finish(await self._book.transaction(work, of=company))

    async def finish(self, held: Held | KeptResult) -> OpeningResult:
        """Tell the signers; what the opener is shown is what was written, and is not read back."""
        match held:
            case KeptResult():
                return await self._again(held)
            case Preparation():
                return OpeningResult(sheets=(), replayed=False, preparation=held)
            case Opened():
                await self.tell(held)
                found = _joined(held.actions, held.challenges)
                sheets = await self._book.lookup(lambda ledger: _add_people(ledger, found))
                return OpeningResult(sheets=sheets, replayed=False)

    async def tell(self, opened: Opened) -> None:
        """Tell the signers of new actions, once they are committed."""
        await self._announcer.announce(opened.heads)

    async def _again(self, kept: KeptResult) -> OpeningResult:
        """Show what the same request came to, as it is now."""
        ids = msgspec.json.decode(kept.result, type=list[ActionId] | PreparationId)
        if isinstance(ids, list):
            return OpeningResult(sheets=await self.sheets(ids), replayed=True)
        preparation = await self._book.reading(lambda ledger: ledger.preparations.load(ids))
        if preparation is None:
            raise NotFound("this was asked before, and is forgotten")
        return OpeningResult(sheets=await self.sheets(preparation.actions), replayed=True, preparation=preparation)

    async def withdraw(self, caller: Caller, action_id: ActionId) -> ActionSheet:
        """Take back an action this caller opened; twice is once. Raises NotFound, Forbidden, ActionClosed."""
        require_scope(caller, Scope.WITHDRAW_OWN)

        async def work(ledger: Ledger) -> Closed:
            now = self._clock.now()
            action = await ledger.actions.load(action_id)
            if action is None or action.opened_by != opener_of(caller):
                raise NotFound("no such action of yours")
            challenges = await ledger.challenges.of_action(action_id)
            settlement = machine.withdraw(action, challenges, now)
            if settlement.action is action:
                return Closed(action=action, heads={})
            before = Touched(action=action, challenges=challenges, actor=action.opened_by)
            return await self._settling.save(ledger, before, settlement, now)

        closed = await self._book.transaction(work)
        await self._announcer.announce(closed.heads)
        return await self._sheet(action_id)

    async def show(self, action_id: ActionId, *, to: UserId | None = None) -> ActionSheet:
        """Return one action; a person sees those they started or are asked to sign. Raises NotFound."""
        sheet = await self._sheet(action_id)
        if to is not None and sheet.challenge_of(to) is None and sheet.action.initiator != to:
            raise NotFound("no such action")
        return sheet

    async def of_challenge(self, challenge_id: ChallengeId, signer: UserId) -> ActionSheet:
        """Return the action this person's challenge belongs to. Raises NotFound, for somebody else's too."""
        challenge = await self._book.reading(lambda ledger: ledger.challenges.load(challenge_id))
        if challenge is None or challenge.user_id != signer:
            raise NotFound("no such challenge of yours")
        return await self._sheet(challenge.action_id)

    async def browse(self, wanted: ActionFilter, after: str | None, limit: int) -> Page[ActionSheet]:
        """Newest first."""

        async def work(ledger: Ledger) -> Page[ActionSheet]:
            page = await ledger.actions.browse(wanted, after, limit)
            return Page(items=await read_sheets(ledger, page.items), next=page.next)

        return await self._book.reading(work)

    async def sheets(self, action_ids: Sequence[ActionId]) -> Sequence[ActionSheet]:
        return [await self._sheet(action_id) for action_id in action_ids]

    async def _sheet(self, action_id: ActionId) -> ActionSheet:
        async def work(ledger: Ledger) -> ActionSheet:
            for sheet in await load_sheets(ledger, [action_id]):
                return sheet
            raise NotFound("no such action")

        return await self._book.lookup(work)


async def keep_held(ledger: Ledger, key: RequestKey | None, held: Held, now: datetime) -> None:
    """Keep what the request came to: its preparation's id, or the ids of its actions."""
    result = held.id if isinstance(held, Preparation) else [action.id for action in held.actions]
    await keep(ledger, key, result, now)


async def read_sheets(ledger: Ledger, actions: Sequence[Action]) -> list[ActionSheet]:
    """Join challenges, people and cards to actions, however many there are."""
    challenges = await ledger.challenges.of_actions([action.id for action in actions])
    return await _add_people(ledger, _joined(actions, challenges))


def _joined(actions: Sequence[Action], challenges: Sequence[Challenge]) -> list[tuple[Action, tuple[Challenge, ...]]]:
    """Return each action with its own challenges, by id."""
    by_id = sorted(challenges, key=lambda challenge: challenge.id)
    return [(action, tuple(each for each in by_id if each.action_id == action.id)) for action in actions]


async def load_sheets(ledger: Ledger, action_ids: Sequence[ActionId]) -> list[ActionSheet]:
    """Return the sheets of the actions that exist, by id."""
    return await _add_people(ledger, await ledger.actions.with_challenges(action_ids))


async def _add_people(ledger: Ledger, found: Sequence[tuple[Action, tuple[Challenge, ...]]]) -> list[ActionSheet]:
    actions = [action for action, _ in found]
    challenges = [challenge for _, own in found for challenge in own]
    signers = sorted({challenge.user_id for challenge in challenges})
    initiators = {action.initiator for action in actions} - {UNKNOWN_INITIATOR}
    absent = {challenge.in_place_of for challenge in challenges if challenge.in_place_of is not None}
    people, cards = await ledger.people.with_cards(sorted(initiators.union(signers, absent)))
    theirs = {card.id: card for card in cards if card.user_id in signers}
    signed = any(Means.CERTIFICATE in action.policy.means for action in actions)
    certificates = await ledger.certificates.of_users(signers) if signed else ()
    house = await ledger.house.identity() if signed else None
    return [
        ActionSheet(
            action=action,
            challenges=own,
            people=people,
            cards=theirs,
            certificates=certificates,
            environment=house.environment if house else None,
        )
        for action, own in found
    ]


_FREE_TEXTS: Final = ("name", "lists")
"""What a form takes as it is typed: numbers of accounts and of users are no free text."""


def _require_no_code(payload: Mapping[str, Json]) -> None:
    """Raise TextHoldsCode where a signer typed what may be a live code; names the bank itself knows may hold digits."""
    for field in _FREE_TEXTS:
        typed = payload.get(field)
        texts = typed if isinstance(typed, list) else [typed]
        if any(isinstance(text, str) and holds_code(text) for text in texts):
            raise TextHoldsCode(f"{field}: never send a code: nothing was kept of it", field=field)


def require_scope(caller: Caller, scope: Scope) -> None:
    """Raise Forbidden for a key that does not carry the scope; a person's rights are asked elsewhere."""
    if isinstance(caller, ApiKey) and scope not in caller.scopes:
        raise Forbidden(f"this API key lacks the scope {scope}")
