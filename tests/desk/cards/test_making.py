"""What the makers of cards report: in order, once, and of the person the card was ordered for."""

from dataclasses import replace
from datetime import date

import pytest

from approvals.credentials.card_order import Holder, PinReport
from approvals.credentials.card_refusals import CardReportForeign, CardReportOutOfOrder, CardReportRepeated
from approvals.desk.cards.making import CardReport, MadeCard
from approvals.errors import CapProfileUnknown, InvalidRequest, NotFound
from approvals.model.card import CardStatus
from approvals.model.card_order import PinLetter
from approvals.model.ids import CardId, ProfileId
from approvals.model.proof import Answer
from tests.cards import EXPIRES, holder_of, made_card, order_card, produce, read_card, read_order, send
from tests.house import CORE, House, Person

NEW = CardId("crd_new")


@pytest.fixture
async def anne(house: House) -> Person:
    """Anne's card is about to be replaced."""
    anne, _, _ = await house.found()
    await order_card(house, anne, replaces=anne.card.id)
    return anne


async def test_a_card_is_made_sent_comes_back_is_sent_again_and_activated(house: House, anne: Person) -> None:
    new = await produce(house, anne, NEW)
    assert (new.card.status, new.card.activated, new.card.expires_on) == (CardStatus.PRODUCED, False, EXPIRES)
    for report, status in (
        (CardReport.SENT, CardStatus.SENT),
        (CardReport.RETURNED, CardStatus.RETURNED),
        (CardReport.SENT, CardStatus.SENT),
    ):
        await house.cards.making.report(CORE, NEW, holder_of(anne), report)
        assert (await read_card(house, NEW)).status is status
    here = await house.sign_in(anne)
    assert (await house.cards.own.activate(here.login.id, NEW, new.code_key())).answer is Answer.ACCEPTED


async def test_the_holder_is_told_when_the_card_is_on_its_way(house: House, anne: Person) -> None:
    await send(house, await produce(house, anne, NEW))
    assert (await house.inbox.read(anne.user.id, 0, 10))[-1].news.kind == "card_sent"


async def test_the_number_is_sealed_and_in_no_other_column(house: House, anne: Person, audit: list[str]) -> None:
    new = await produce(house, anne, NEW)
    pan = made_card(house).pan
    assert house.keyring.open("pan", NEW, 1, new.card.pan_sealed) == pan.encode()
    assert pan not in repr(new.card)
    assert pan not in repr(made_card(house))
    assert audit[-1] == "card_produced"


async def test_the_pin_has_a_letter_of_its_own_whatever_became_of_the_card(house: House, anne: Person) -> None:
    for report, letter in (
        (PinReport.MAILED, PinLetter.MAILED),
        (PinReport.RETURNED, PinLetter.RETURNED),
        (PinReport.MAILED, PinLetter.MAILED),
    ):
        await house.cards.making.report_pin(CORE, NEW, holder_of(anne), report)
        assert (await read_order(house, NEW)).pin_letter is letter


async def test_the_same_report_twice_is_refused_by_its_own_code(house: House, anne: Person) -> None:
    new = await produce(house, anne, NEW)
    with pytest.raises(CardReportRepeated):
        await house.cards.making.made(CORE, NEW, holder_of(anne), made_card(house))
    await send(house, new)
    with pytest.raises(CardReportRepeated):
        await send(house, new)
    await house.cards.making.report_pin(CORE, NEW, holder_of(anne), PinReport.MAILED)
    with pytest.raises(CardReportRepeated):
        await house.cards.making.report_pin(CORE, NEW, holder_of(anne), PinReport.MAILED)


async def test_a_report_before_its_turn_is_refused_by_its_own_code(house: House, anne: Person) -> None:
    for report in CardReport:
        with pytest.raises(CardReportOutOfOrder):
            await house.cards.making.report(CORE, NEW, holder_of(anne), report)
    with pytest.raises(CardReportOutOfOrder):
        await house.cards.making.report_pin(CORE, NEW, holder_of(anne), PinReport.RETURNED)
    await produce(house, anne, NEW)
    with pytest.raises(CardReportOutOfOrder):
        await house.cards.making.report(CORE, NEW, holder_of(anne), CardReport.RETURNED)


async def test_a_report_of_somebody_elses_card_is_refused_by_its_own_code(house: House, anne: Person) -> None:
    bruno = Holder(client_identifier="40012345", user_number="002")
    with pytest.raises(CardReportForeign):
        await house.cards.making.made(CORE, NEW, bruno, made_card(house))
    with pytest.raises(CardReportForeign):
        await house.cards.making.report_pin(CORE, NEW, bruno, PinReport.MAILED)
    with pytest.raises(CardReportForeign):
        await house.cards.making.report(CORE, anne.card.id, holder_of(anne), CardReport.SENT)
    with pytest.raises(NotFound):
        await house.cards.making.report(CORE, CardId("crd_nobodys"), holder_of(anne), CardReport.SENT)
    assert await house.book.reading(lambda ledger: ledger.cards.load(NEW)) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pan": "9250999000000002"}, "pan"),
        ({"pan": "12345"}, "pan"),
        ({"profile_id": ProfileId("visa-dpa-fr")}, "profile"),
        ({"expires_on": date(2026, 10, 31)}, "expires"),
    ],
)
async def test_a_card_that_cannot_be_is_refused_by_its_field_and_its_number_not_told(
    house: House, anne: Person, change: dict[str, str], field: str
) -> None:
    wrong: MadeCard = replace(made_card(house), **change)  # type: ignore[arg-type]  # each its own field
    with pytest.raises(InvalidRequest) as refused:
        await house.cards.making.made(CORE, NEW, holder_of(anne), wrong)
    assert refused.value.field == field
    assert wrong.pan not in str(refused.value)


async def test_a_number_of_no_known_profile_is_refused(house: House, anne: Person) -> None:
    wrong = replace(made_card(house), pan="4000000000000002")
    with pytest.raises(CapProfileUnknown):
        await house.cards.making.made(CORE, NEW, holder_of(anne), wrong)
