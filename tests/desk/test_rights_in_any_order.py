"""Whatever the order of signatures, refusals, withdrawals and changes of rights: nothing forbidden is released.

The oracle knows the rules in its own words: it keeps its own journal of who signed and of who may do what, written from
what was decided, and judges every release the moment it is found.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from approvals.errors import ApprovalError
from approvals.model.action import Action, ActionStatus
from approvals.model.card import CardStatus
from approvals.model.challenge import RefusalReason
from approvals.model.entitlement import Ceiling
from approvals.model.ids import ActionId
from approvals.model.json import Json
from approvals.model.person import UserStatus
from approvals.model.policy import Policy, Signatures
from approvals.model.proof import Answer, CapProof
from approvals.model.sheet import ActionSheet
from approvals.store.book import SqlBook
from tests.company import entitle, put_policy
from tests.desk.test_ceilings import AMOUNT, REMITTANCE, Believer, send
from tests.house import ACCOUNT_IBAN, CHEQUEBOOK, House, Person, entitlement
from tests.joined_desks import Parts
from tests.migrated import open_migrated

A_AND_B = Policy(clauses=(Signatures(count=1, group="A"), Signatures(count=1, group="B")), initiator_may_sign=True)
ANYBODY = Policy(clauses=(Signatures(count=1),))
NUMBERS = ("001", "002", "003")
WORDS = (
    *("open", "open", "sign", "sign", "sign", "sign", "refuse", "withdraw", "change", "change", "decide"),
    *("substitute", "leave", "lock", "report", "sleep", "sweep"),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.integers(0, 9), st.integers(0, 9)),
    min_size=20,
    max_size=60,
)
_OF_RIGHTS = frozenset({"entitlement", "substitute"})
_RARE = frozenset({"withdraw", "leave", "lock", "report"})


@dataclass
class Right:
    """What the oracle believes a person may do."""

    power: str | None
    kinds: frozenset[str]
    a_remittance: int
    a_day: int
    gone: bool = False


@dataclass
class Oracle:
    """Judges releases by what it saw happen."""

    rights: dict[str, Right]
    signed: dict[ActionId, set[str]] = field(default_factory=dict)
    dead: set[ActionId] = field(default_factory=set)
    judged: set[ActionId] = field(default_factory=set)
    places: list[tuple[str, str, date, date]] = field(default_factory=list)
    spent: dict[tuple[str, date], int] = field(default_factory=dict)

    def learn(self, action: Action) -> None:
        """A change of rights was decided."""
        facts = action.facts
        if action.kind == "substitute":
            first, last = (date.fromisoformat(str(facts[key])) for key in ("from", "until"))
            self.places.append((str(facts["absent"]), str(facts["substitute"]), first, last))
            return
        right = self.rights[str(facts["number"])]
        power, signs, ceilings = (_after(facts[key]) for key in ("power", "signs", "ceilings"))
        right.power = None if power is None else str(power)
        right.kinds = frozenset(map(str, signs if isinstance(signs, list) else ()))
        if isinstance(ceilings, list) and ceilings and isinstance(ceilings[0], Mapping):
            right.a_remittance, right.a_day = int(str(ceilings[0]["per_remittance"])), int(str(ceilings[0]["per_day"]))

    def judge(self, action: Action, now: datetime) -> None:
        """Fail unless this release is allowed now."""
        today = now.astimezone(ZoneInfo("Europe/Paris")).date()
        amount = AMOUNT if action.kind == REMITTANCE else 0
        assert action.id not in self.dead, "released after a refusal or a withdrawal"
        assert now < action.expires_at, "released too late"
        counted = sorted(number for number in self.signed.get(action.id, ()) if self._may(number, action, amount))
        groups = [self._groups(number, action, today) for number in counted]
        assert any(_satisfies(chosen, action) for chosen in product(*groups)), "released without the signatures"
        for number in counted if amount else ():
            sum_of_day = self.spent.get((number, today), 0) + amount
            assert sum_of_day <= self.rights[number].a_day, "released over the ceiling of the day"
            self.spent[number, today] = sum_of_day

    def _may(self, number: str, action: Action, amount: int) -> bool:
        right = self.rights[number]
        return not right.gone and bool(right.power) and action.kind in right.kinds and amount <= right.a_remittance

    def _groups(self, number: str, action: Action, today: date) -> set[str]:
        others = self.signed[action.id]
        away = {
            absent
            for absent, substitute, first, last in self.places
            if substitute == number and first <= today <= last and absent not in others
        }
        return {str(self.rights[each].power) for each in {number, *away} if self.rights[each].power}


def _after(value: Json) -> Json:
    assert isinstance(value, Mapping)
    return value["after"]


def _satisfies(groups: tuple[str, ...], action: Action) -> bool:
    return all(
        sum(clause.group in {None, group} for group in groups) >= clause.count for clause in action.policy.clauses
    )


@dataclass
class Walk:
    """A house, its people, and everything opened so far."""

    house: House
    people: tuple[Person, ...]
    oracle: Oracle
    sheets: list[ActionSheet] = field(default_factory=list)
    pending: list[ActionSheet] = field(default_factory=list)

    async def take(self, what: str, a: int, b: int) -> None:
        """Take one step; what the house refuses is no step. Steps that end much are taken three times in ten."""
        steps: Mapping[str, Callable[[int, int], Awaitable[None]]] = {
            "open": self._open,
            "sign": self._sign,
            "refuse": self._refuse,
            "decide": self._decide,
            "withdraw": self._withdraw,
            "change": self._change,
            "substitute": self._substitute,
            "leave": self._leave,
            "lock": self._lock,
            "report": self._report,
            "sleep": self._sleep,
            "sweep": self._sweep,
        }
        if what not in _RARE or b > 6:
            with suppress(ApprovalError):
                await steps[what](a, b)
        await self._look()

    # --- the steps ----------------------------------------------------------------------------------------

    async def _open(self, a: int, b: int) -> None:
        if b < 7:
            self.sheets.append(await send(self.house, f"MSG-{len(self.sheets)}"))
        else:
            await self._hold("chequebook", CHEQUEBOOK, a)

    async def _hold(self, kind: str, payload: Mapping[str, Json], initiator: int) -> None:
        self.sheets.append(await self.house.hold(kind, payload, NUMBERS[initiator % 3]))

    async def _sign(self, a: int, b: int) -> None:
        if self.pending:
            await self._answer(self.pending[b % len(self.pending)], self.people[a % 3])

    async def _decide(self, a: int, _: int) -> None:
        for sheet in self.sheets:
            if sheet.action.kind in _OF_RIGHTS:
                await self._answer(sheet, self.people[a % 3])

    async def _refuse(self, a: int, b: int) -> None:
        if not self.pending or b < 7:
            return
        sheet, person = self.pending[a % len(self.pending)], self.people[b % 3]
        challenge = (await self.house.sheet(sheet.id)).challenge_of(person.user.id)
        if challenge is not None:
            here = await self.house.sign_in(person)
            await self.house.answers.refuse(here.login.id, challenge.id, RefusalReason.NOT_NOW)
            self.oracle.dead.add(sheet.id)

    async def _withdraw(self, a: int, _: int) -> None:
        if self.pending:
            sheet = self.pending[a % len(self.pending)]
            await self.house.withdraw(sheet)
            self.oracle.dead.add(sheet.id)

    async def _change(self, a: int, b: int) -> None:
        await self._hold("entitlement", _grant(a, b), a + 1)
        if b > 2:  # most are decided at once, by the one person who neither started it nor is concerned
            await self._answer(self.sheets[-1], self.people[(a + 2) % 3])

    async def _substitute(self, a: int, b: int) -> None:
        await self._hold("substitute", _stand_in(a, b), a)

    async def _leave(self, a: int, _: int) -> None:
        await self._hold("entitlement", {"change": "leave", "user": NUMBERS[a % 3]}, a + 1)

    async def _lock(self, a: int, _: int) -> None:
        current = await self.house.user(self.people[a % 3])
        locked = replace(current, status=UserStatus.LOCKED)
        await self.house.book.transaction(lambda ledger: ledger.people.save_user(locked))
        self.oracle.rights[NUMBERS[a % 3]].gone = True

    async def _report(self, a: int, _: int) -> None:
        await self.house.put_card(self.people[a % 3].card, status=CardStatus.REPORTED)
        self.oracle.rights[NUMBERS[a % 3]].gone = True

    async def _sleep(self, a: int, _: int) -> None:
        self.house.clock.advance(hours=a)

    async def _sweep(self, _a: int, _b: int) -> None:
        await self.house.sweeping.sweep()

    async def _answer(self, sheet: ActionSheet, person: Person) -> None:
        challenge = (await self.house.sheet(sheet.id)).challenge_of(person.user.id)
        if challenge is None:
            return
        here = await self.house.sign_in(person)
        answered = await self.house.answers.answer(here.login.id, challenge.id, CapProof(code="0" * 8))
        if answered.answer is Answer.ACCEPTED:
            self.oracle.signed.setdefault(sheet.id, set()).add(person.user.number)

    async def _look(self) -> None:
        """Judge whatever was released since: changes of rights first, since others were settled by them."""
        now_as_they_are = [await self.house.sheet(sheet.id) for sheet in self.sheets]
        self.pending = [
            sheet
            for sheet in now_as_they_are
            if sheet.action.status is ActionStatus.PENDING and sheet.action.kind not in _OF_RIGHTS
        ]
        found = [sheet.action for sheet in now_as_they_are]
        fresh = [
            action
            for action in found
            if action.status in {ActionStatus.APPROVED, ActionStatus.RELEASED} and action.id not in self.oracle.judged
        ]
        now = self.house.clock.now()
        for action in sorted(fresh, key=lambda action: action.kind not in _OF_RIGHTS):
            self.oracle.judged.add(action.id)
            self.oracle.judge(action, now)
            if action.kind in _OF_RIGHTS:
                self.oracle.learn(action)


def _grant(a: int, b: int) -> Mapping[str, Json]:
    kinds = ["remittance", "chequebook", "entitlement", "substitute"]
    return {
        "change": "grant",
        "user": NUMBERS[a % 3],
        "signs": [kind for n, kind in enumerate(kinds) if (a + b) >> n & 1 or kind == "entitlement"],
        "power": "AB"[b % 2],
        "ceilings": [
            {
                "kind": "remittance",
                "account": ACCOUNT_IBAN,
                "per_remittance": AMOUNT * (b % 3),
                "per_day": AMOUNT * (a % 4),
            }
        ],
    }


def _stand_in(a: int, b: int) -> Mapping[str, Json]:
    days = [f"2026-11-{23 + (b + n) % 3}" for n in range(2)]
    return {
        "change": "name",
        "absent": NUMBERS[(a + 1) % 3],
        "substitute": NUMBERS[(a + 2) % 3],
        "from": min(days),
        "until": max(days),
    }


@asynccontextmanager
async def living() -> AsyncIterator[Walk]:
    with TemporaryDirectory() as folder:
        database = await open_migrated(Path(folder) / "house.db")
        house = House(Parts(book=SqlBook(database), folder=Path(folder), checker=Believer()))
        people = await house.found(A_AND_B)
        for kind in ("entitlement", "substitute"):
            await put_policy(house, kind, ANYBODY)
        ceiling = Ceiling(
            kind=REMITTANCE, account=ACCOUNT_IBAN, currency="EUR", per_remittance=AMOUNT, per_day=2 * AMOUNT
        )
        for person, group in zip(people, "ABA", strict=True):
            await entitle(house, replace(entitlement(person, group), ceilings=(ceiling,)))
        kinds = frozenset({"remittance", "chequebook", "entitlement", "substitute", "beneficiary"})
        rights = {
            number: Right(power=group, kinds=kinds, a_remittance=AMOUNT, a_day=2 * AMOUNT)
            for number, group in zip(NUMBERS, "ABA", strict=True)
        }
        yield Walk(house=house, people=people, oracle=Oracle(rights=rights))
        await database.close()


async def walk(steps: list[tuple[str, int, int]]) -> Walk:
    async with living() as walking:
        for what, a, b in steps:
            await walking.take(what, a, b)
        return walking


SIGNED_BY_ANNE = [("open", 0, 0), ("sign", 0, 0)]
LAST_BY_BRUNO = [("sign", 1, 0)]


# Shrinking walks a whole house again and again: the steps as found say enough.
@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(steps=STEPS)
@example(steps=[*SIGNED_BY_ANNE, ("change", 0, 4), *LAST_BY_BRUNO])  # her right to sign it is taken
@example(steps=[*SIGNED_BY_ANNE, ("change", 0, 5), *LAST_BY_BRUNO])  # her group becomes B
@example(steps=[*SIGNED_BY_ANNE, ("leave", 0, 9), ("decide", 2, 0), *LAST_BY_BRUNO])
@example(steps=[*SIGNED_BY_ANNE, ("lock", 0, 9), *LAST_BY_BRUNO])
@example(steps=[*SIGNED_BY_ANNE, ("report", 0, 9), *LAST_BY_BRUNO])
@example(steps=[*SIGNED_BY_ANNE, ("sleep", 8, 0), ("sleep", 8, 0), ("sleep", 8, 0), *LAST_BY_BRUNO])
@example(steps=[*SIGNED_BY_ANNE, ("substitute", 2, 0), ("decide", 0, 0), *LAST_BY_BRUNO, ("sign", 2, 0)])
@example(steps=[("substitute", 2, 0), ("decide", 0, 0), ("open", 0, 0), *LAST_BY_BRUNO, ("sign", 2, 0)])
@example(steps=[("open", 0, 0)] * 3 + [("sign", 0, n) for n in (0, 1, 2)] + [("sign", 1, 0)] * 3)  # the day's ceiling
def test_nothing_is_released_that_the_rules_forbid_at_the_release_transaction(
    steps: list[tuple[str, int, int]],
) -> None:
    asyncio.run(walk(steps))


def test_the_walk_does_release_what_the_rules_allow() -> None:
    steps = [("open", 0, 0), ("sign", 0, 0), ("sign", 1, 0), ("open", 0, 9), ("sign", 2, 1), ("sign", 1, 1)]
    assert len(asyncio.run(walk(steps)).oracle.judged) == 2


@pytest.mark.parametrize(
    ("spoilt", "seen"),
    [
        ({"kinds": frozenset()}, "without the signatures"),
        ({"power": "B"}, "without the signatures"),
        ({"gone": True}, "without the signatures"),
        ({"a_remittance": AMOUNT - 1}, "without the signatures"),
        ({"a_day": 2 * AMOUNT - 1}, "over the ceiling"),
    ],
)
def test_the_oracle_sees_a_release_the_rules_forbid(spoilt: Mapping[str, object], seen: str) -> None:
    walked = asyncio.run(walk([("open", 0, 0), ("sign", 0, 0), ("sign", 1, 0)]))
    oracle = walked.oracle
    oracle.rights["001"] = replace(oracle.rights["001"], **spoilt)  # type: ignore[arg-type]  # one field each
    with pytest.raises(AssertionError, match=seen):
        oracle.judge(walked.sheets[0].action, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
