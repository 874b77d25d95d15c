"""Ceilings and amount bands, on both databases: never more than the limit is released (RULES 18)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from approvals.credentials.refusals import CeilingExceeded
from approvals.desk.opening import Asked
from approvals.desk.remittances import ReceiptRequest
from approvals.errors import NoAttemptLeft, NobodyCanSign, StoreUnavailable
from approvals.model.action import ActionStatus
from approvals.model.card import Card
from approvals.model.challenge import ChallengeStatus
from approvals.model.entitlement import Ceiling
from approvals.model.ids import ActionKind, LoginId
from approvals.model.policy import Band, Policy, Signatures
from approvals.model.proof import Answer, CapProof, Verdict
from approvals.model.reader import ReaderInput
from approvals.model.sheet import ActionSheet
from approvals.ports.rights import Use
from approvals.rights import business_day
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from deploy.demo.make_remittance import Batch, remittance
from tests.company import entitle
from tests.desk.test_entitlements import approve
from tests.house import ACCOUNT_IBAN, ALONE, CLIENT, CORE, TWO_TOGETHER, House, Person, entitlement, mine, release_of
from tests.joined_desks import Parts

REMITTANCE = ActionKind("remittance")
AMOUNT = 10_000
"""Minor units of a file with one order."""


async def send(house: House, name: str = "MSG-1", orders: int = 1) -> ActionSheet:
    async def chunks() -> AsyncIterator[bytes]:
        for chunk in remittance(name, [Batch(id="B1", orders=orders)], "09"):
            yield chunk

    request = ReceiptRequest(asked=Asked(client_identifier=CLIENT, initiator="003"), content_type="application/xml")
    return (await house.remittances.receive(CORE, request, chunks())).sheets[0]


async def limit(
    house: House, person: Person, group: str, *, per_remittance: int | None = None, per_day: int | None = None
) -> None:
    ceiling = Ceiling(
        kind=REMITTANCE, account=ACCOUNT_IBAN, currency="EUR", per_remittance=per_remittance, per_day=per_day
    )
    await entitle(house, replace(entitlement(person, group), ceilings=(ceiling,)))


async def used(house: House, person: Person) -> int:
    use = Use(user_id=person.user.id, kind=REMITTANCE, account=ACCOUNT_IBAN, day=business_day(house.clock.now()))
    return await house.book.reading(lambda ledger: ledger.rights.used(use))


async def test_a_file_of_one_order_is_worth_what_these_tests_count_with(house: House) -> None:
    await house.found()
    assert (await send(house)).action.facts["total"] == {"amount": "100.00", "currency": "EUR"}


async def test_who_may_sign_less_than_the_amount_is_not_asked(house: House) -> None:
    anne, bruno, _ = await house.found()
    await limit(house, anne, "A", per_remittance=AMOUNT - 1)
    assert [each.user_id for each in (await send(house)).challenges] == [bruno.user.id]
    await limit(house, bruno, "B", per_remittance=AMOUNT - 1)
    with pytest.raises(NobodyCanSign):
        await send(house, "MSG-2")


async def test_what_the_day_does_not_leave_is_refused_before_the_code_is_checked(house: House) -> None:
    anne, _, _ = await house.found()
    await limit(house, anne, "A", per_day=2 * AMOUNT - 1)
    first, second = await send(house), await send(house, "MSG-2")
    await approve(house, first, anne)
    assert await used(house, anne) == AMOUNT
    here = await house.sign_in(anne)
    challenge = mine(second, anne)
    with pytest.raises(CeilingExceeded):
        await house.answers.answer(here.login.id, challenge.id, anne.answer(challenge.reader_input))
    assert (await house.card(anne)).attempts_left == 3
    assert mine(await house.sheet(second.id), anne).status is ChallengeStatus.OPEN


async def test_the_ceiling_of_each_signer_holds_and_a_day_used_up_meanwhile_fails_the_action(house: House) -> None:
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    await limit(house, anne, "A", per_day=AMOUNT)
    await limit(house, bruno, "B", per_day=10 * AMOUNT)
    first, second = await send(house), await send(house, "MSG-2")
    for sheet in (first, second):
        await approve(house, sheet, anne)
    assert await used(house, anne) == 0  # a signature moves nothing, a release does
    assert (await approve(house, first, bruno)).action.status is ActionStatus.APPROVED
    ended = await approve(house, second, bruno)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "ceiling_exceeded")
    assert await release_of(house, second) is None
    assert (await used(house, anne), await used(house, bruno)) == (AMOUNT, AMOUNT)


async def test_a_ceiling_lowered_between_two_signatures_is_the_one_that_holds(house: House) -> None:
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    sheet = await send(house)
    await approve(house, sheet, anne)
    await limit(house, anne, "A", per_remittance=AMOUNT - 1)
    here, challenge = await house.sign_in(bruno), mine(sheet, bruno)
    answered = await house.answers.answer(here.login.id, challenge.id, bruno.answer(challenge.reader_input))
    ended = await house.sheet(sheet.id)
    assert answered.answer is Answer.TOO_LATE  # the first look at the signatures ended it
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "nobody_left_to_sign")
    assert await release_of(house, sheet) is None


@pytest.mark.parametrize(
    ("midnight", "season"),
    [
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), "winter"),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), "summer"),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), "the night summer time begins"),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), "the night after"),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), "the night summer time ends"),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "the night after that"),
    ],
)
async def test_a_day_begins_at_midnight_in_paris_by_the_last_signature(
    house: House, midnight: datetime, season: str
) -> None:
    assert season
    house.clock.move_to(midnight)
    anne, bruno, _ = await house.found(TWO_TOGETHER)
    await limit(house, anne, "A", per_day=AMOUNT)
    house.clock.advance(milliseconds=-60_000)
    before, after = await send(house), await send(house, "MSG-2")
    for sheet in (before, after):
        await approve(house, sheet, anne)
    house.clock.move_to(midnight)
    house.clock.advance(milliseconds=-1)
    assert (await approve(house, before, bruno)).action.status is ActionStatus.APPROVED
    assert await used(house, anne) == AMOUNT
    house.clock.move_to(midnight)
    assert await used(house, anne) == 0
    assert (await approve(house, after, bruno)).action.status is ActionStatus.APPROVED


async def test_a_band_asks_for_more_signatures_from_its_amount_on(house: House) -> None:
    banded = Policy(
        clauses=ALONE.clauses,
        bands=(Band(currency="EUR", from_amount=2 * AMOUNT, clauses=(Signatures(count=2),)),),
    )
    anne, bruno, _ = await house.found(banded)
    small, large = await send(house), await send(house, "MSG-2", orders=3)
    assert (await approve(house, small, anne)).action.status is ActionStatus.APPROVED
    assert (await approve(house, large, anne)).action.status is ActionStatus.PENDING
    assert (await approve(house, large, bruno)).action.status is ActionStatus.APPROVED


# --- at once, over two servers ------------------------------------------------------------------------------


class Believer:
    """A checker at the port that takes any code: what is tried here is not the code."""

    async def check_cap(self, card: Card, asked: ReaderInput, proof: CapProof) -> Verdict:
        del card, asked, proof
        return Verdict(right=True, reason="believed")

    async def check_resync(self, card: Card, first: CapProof, second: CapProof) -> Verdict:
        raise NotImplementedError


@dataclass
class Servers:
    """Two houses on one database."""

    first: House
    second: House


@pytest.fixture
async def servers(book: SqlBook, database_url: str, tmp_path: Path) -> AsyncIterator[Servers]:
    other = await open_database(database_url)
    yield Servers(
        first=House(Parts(book=book, folder=tmp_path, checker=Believer())),
        second=House(Parts(book=SqlBook(other), folder=tmp_path, checker=Believer())),
    )
    await other.close()


async def persist(house: House, login_id: LoginId, sheet: ActionSheet, person: Person) -> None:
    """Sign as a device does: again while others are being checked, until there is an answer."""
    for _ in range(400):
        try:
            await house.answers.answer(login_id, mine(sheet, person).id, CapProof(code="0" * 8))
        except (NoAttemptLeft, StoreUnavailable):
            await asyncio.sleep(0.01)
        except CeilingExceeded:
            return
        else:
            return
    raise AssertionError("never answered")


async def test_fifty_remittances_at_once_over_two_servers_release_no_more_than_the_day_allows(
    servers: Servers,
) -> None:
    house = servers.first
    anne, _, _ = await house.found(Policy(clauses=(Signatures(count=1, group="A"),)))
    await limit(house, anne, "A", per_day=7 * AMOUNT + AMOUNT // 2)
    sheets = [await send(house, f"MSG-{n}") for n in range(50)]
    here = await house.sign_in(anne)
    async with asyncio.TaskGroup() as tasks:
        for n, sheet in enumerate(sheets):
            node = servers.first if n % 2 else servers.second
            tasks.create_task(persist(node, here.login.id, sheet, anne))
    ended = [(await house.sheet(sheet.id)).action for sheet in sheets]
    released = [action for action in ended if action.status is ActionStatus.APPROVED]
    assert len(released) == 7
    assert {action.reason for action in ended if action.status is ActionStatus.FAILED} <= {"ceiling_exceeded"}
    assert await used(house, anne) == 7 * AMOUNT


async def test_two_hundred_moves_of_one_sum_at_once_stay_under_the_limit(servers: Servers) -> None:
    house = servers.first
    anne, _, _ = await house.found()
    use = Use(user_id=anne.user.id, kind=REMITTANCE, account=ACCOUNT_IBAN, day=business_day(house.clock.now()))

    async def move(n: int) -> bool:
        book = (servers.first if n % 2 else servers.second).book
        for _ in range(50):
            try:
                return await book.transaction(lambda ledger: ledger.rights.use(use, 3, 100))
            except StoreUnavailable:
                await asyncio.sleep(0.01)
        raise AssertionError("never answered")

    moved = await asyncio.gather(*(move(n) for n in range(200)))
    assert sum(moved) == 33
    assert await used(house, anne) == 99
