"""A card reported lost, stolen, broken or blocked is out of use at once, on one person's word."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from approvals.credentials.card_refusals import CardBlocked, CardNotUsable
from approvals.desk.cards.making import CardReport
from approvals.errors import LoginEnded, NotFound
from approvals.model.card import CardStatus, Trouble
from tests.cards import EXPIRES, found_bench, hand_over, holder_of, read_card
from tests.house import CHEQUEBOOK, CORE, House, mine


@pytest.mark.parametrize(
    ("trouble", "status", "told"),
    [
        (Trouble.LOST, CardStatus.REPORTED, "perdue ou volée"),
        (Trouble.STOLEN, CardStatus.REPORTED, "perdue ou volée"),
        (Trouble.BROKEN, CardStatus.BROKEN, "ne fonctionne plus"),
        (Trouble.BLOCKED, CardStatus.BLOCKED, "trois codes secrets"),
    ],
)
async def test_a_person_takes_their_own_card_out_of_use_and_reads_what_to_do(
    house: House, audit: list[str], trouble: Trouble, status: CardStatus, told: str
) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    await house.cards.reporting.report(await house.access.presence(here.token), anne.card.id, trouble)
    assert (await house.card(anne)).status is status
    assert audit[-1] == "card_reported"
    with pytest.raises(CardNotUsable, match=told):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.code_key())
    assert (await house.card(anne)).attempts_left == 3


async def test_the_same_report_twice_is_one(house: House, audit: list[str]) -> None:
    anne, _, _ = await house.found()
    presence = await house.access.presence((await house.sign_in(anne)).token)
    for _ in range(2):
        await house.cards.reporting.report(presence, anne.card.id, Trouble.LOST)
    assert audit.count("card_reported") == 1


async def test_a_blocked_professional_card_sends_its_holder_to_the_card_service(house: House) -> None:
    anne, _, _ = await house.found()
    new, here = await hand_over(house, anne), await house.sign_in(anne)
    await house.cards.reporting.report(await house.access.presence(here.token), new.card.id, Trouble.BLOCKED)
    with pytest.raises(CardBlocked, match="service cartes"):
        await house.cards.own.activate(here.login.id, new.card.id, new.code_key())


async def test_nobody_reports_a_colleagues_card(house: House) -> None:
    anne, bruno, _ = await house.found()
    presence = await house.access.presence((await house.sign_in(bruno)).token)
    with pytest.raises(NotFound):
        await house.cards.reporting.report(presence, anne.card.id, Trouble.LOST)
    assert (await house.card(anne)).status is CardStatus.ACTIVE


async def test_an_adviser_reports_for_a_company_they_serve_and_for_no_other(house: House) -> None:
    anne, _, _ = await house.found()
    bench = await found_bench(house)
    _, of_ines = await bench.take_in("003")
    with pytest.raises(NotFound):
        await house.cards.reporting.report(of_ines, anne.card.id, Trouble.LOST)
    await house.cards.reporting.report(bench.of_denise, anne.card.id, Trouble.LOST)
    assert (await house.card(anne)).status is CardStatus.REPORTED


async def test_the_core_reports_for_somebody_on_the_telephone_and_the_holder_is_told(house: House) -> None:
    anne, _, _ = await house.found()
    await house.cards.reporting.report(CORE, anne.card.id, Trouble.STOLEN)
    assert (await house.card(anne)).status is CardStatus.REPORTED
    assert (await house.inbox.read(anne.user.id, 0, 10))[-1].news.kind == "card_reported"


async def test_a_login_that_is_over_reports_nothing(house: House) -> None:
    anne, _, _ = await house.found()
    presence = await house.access.presence((await house.sign_in(anne)).token)
    house.clock.advance(minutes=6)
    with pytest.raises(LoginEnded):
        await house.cards.reporting.report(presence, anne.card.id, Trouble.LOST)


# --- the calendar -----------------------------------------------------------------------------------------


def morning(days_ahead: int) -> datetime:
    """Nine in Paris, so many days before the card's last one."""
    return datetime(EXPIRES.year, EXPIRES.month, EXPIRES.day, 9, tzinfo=ZoneInfo("Europe/Paris")) - timedelta(
        days=days_ahead
    )


async def test_a_holder_is_warned_sixty_thirty_and_seven_days_ahead_each_once(house: House, audit: list[str]) -> None:
    anne, _, _ = await house.found()
    await hand_over(house, anne)
    warned = []
    for days in range(63, -1, -1):
        house.clock.advance(seconds=(morning(days) - house.clock.now()).total_seconds())
        before = audit.count("card_expires_soon")
        for _ in range(2):
            await house.cards.ageing.sweep()
        warned += [days] * (audit.count("card_expires_soon") - before)
    assert warned == [60, 30, 7]
    assert (await house.inbox.read(anne.user.id, 0, 10))[-1].news.kind == "card_expires_soon"


async def test_the_last_day_is_still_good_and_the_next_one_in_paris_is_not(house: House) -> None:
    anne, _, _ = await house.found()
    new = await hand_over(house, anne)
    midnight = morning(-1) - timedelta(hours=9)
    house.clock.advance(seconds=(midnight - house.clock.now()).total_seconds() - 1)
    await house.cards.ageing.sweep()
    assert (await read_card(house, new.card.id)).status is CardStatus.SENT
    house.clock.advance(seconds=1)
    await house.cards.ageing.sweep()
    assert (await read_card(house, new.card.id)).status is CardStatus.EXPIRED
    assert await house.cards.ageing.sweep() == 0


async def test_a_code_of_an_expired_card_is_not_checked_even_before_anybody_swept(
    house: House, audit: list[str]
) -> None:
    anne, _, _ = await house.found()
    new = await hand_over(house, anne, replaces=anne.card.id)
    house.clock.advance(seconds=(morning(-1) - house.clock.now()).total_seconds())
    here = await house.sign_in(anne)
    with pytest.raises(CardNotUsable, match="expiration"):
        await house.cards.own.activate(here.login.id, new.card.id, new.code_key())
    assert audit[-1] == "code_for_expired_card"


async def test_a_card_that_was_reported_is_never_expired_over_it(house: House) -> None:
    anne, _, _ = await house.found()
    new = await hand_over(house, anne)
    await house.cards.reporting.report(CORE, new.card.id, Trouble.LOST)
    house.clock.advance(seconds=(morning(-1) - house.clock.now()).total_seconds())
    assert await house.cards.ageing.sweep() == 0
    assert (await read_card(house, new.card.id)).status is CardStatus.REPORTED


async def test_a_returned_card_is_told_to_its_holder_as_such(house: House) -> None:
    anne, _, _ = await house.found()
    new, here = await hand_over(house, anne), await house.sign_in(anne)
    await house.cards.making.report(CORE, new.card.id, holder_of(anne), CardReport.RETURNED)
    with pytest.raises(CardNotUsable, match="revenu"):
        await house.cards.own.activate(here.login.id, new.card.id, new.code_key())
