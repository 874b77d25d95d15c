"""The life of a card, every state and event (RULES 8); which maker is told what (RTS 2018/389 art. 25)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import msgspec
import pytest

from approvals.credentials.card import CardEvent, age, as_of, is_over, next_day, step, takes_codes
from approvals.credentials.card_order import messages
from approvals.credentials.card_refusals import CardNotLocked, CardReportOutOfOrder, CardReportRepeated, FeeUnknown
from approvals.credentials.card_texts import Contact, advice
from approvals.credentials.tariff import fee_for
from approvals.model.card import Card, CardKind, CardStatus, Trouble
from approvals.model.card_order import CardOrder, Delivery, Maker, OrderReason
from approvals.model.fee import Fee
from approvals.model.ids import CardId, UserId
from approvals.model.money import Money
from approvals.model.pan import is_pan
from approvals.model.person import Language
from tests.builders import NOW, make_card

OF_A_CARD = [status for status in CardStatus if status is not CardStatus.ORDERED]
_OUT_OF_USE = (CardStatus.LOCKED, CardStatus.BLOCKED)
LAST_DAY = date(2029, 11, 30)


def card(status: CardStatus) -> Card:
    return replace(make_card("usr_anne"), status=status, activated=status is CardStatus.ACTIVE)


def order(kind: CardKind = CardKind.SECUR_ACCES) -> CardOrder:
    return CardOrder(
        card_id=CardId("crd_1"),
        user_id=UserId("usr_anne"),
        client_identifier="40012345",
        user_number="001",
        kind=kind,
        delivery=Delivery.HOME,
        reason=OrderReason.FIRST,
        replaces=None,
        ordered_at=NOW,
    )


@pytest.mark.parametrize("status", OF_A_CARD)
def test_a_right_code_activates_a_card_that_was_sent_and_changes_no_other(status: CardStatus) -> None:
    after = step(card(status), CardEvent.RIGHT_CODE)
    assert after.status is (CardStatus.ACTIVE if status is CardStatus.SENT else status)
    assert after.activated is (status in {CardStatus.SENT, CardStatus.ACTIVE})


@pytest.mark.parametrize(("status", "trouble"), list(product(OF_A_CARD, (Trouble.LOST, Trouble.STOLEN))))
def test_lost_or_stolen_is_the_end_from_anywhere(status: CardStatus, trouble: Trouble) -> None:
    assert step(card(status), trouble).status is CardStatus.REPORTED


@pytest.mark.parametrize(
    ("status", "event"), list(product((CardStatus.REPORTED, CardStatus.REPLACED, CardStatus.EXPIRED), CardEvent))
)
def test_what_is_over_stays_over(status: CardStatus, event: CardEvent) -> None:
    try:
        after = step(card(status), event)
    except (CardReportOutOfOrder, CardNotLocked):
        return
    assert after.status is status


@pytest.mark.parametrize("status", OF_A_CARD)
def test_a_code_is_checked_of_an_active_card_and_of_one_on_its_way_alone(status: CardStatus) -> None:
    assert takes_codes(card(status)) is (status in {CardStatus.SENT, CardStatus.ACTIVE})


def test_unlocking_gives_back_the_state_and_the_attempts_the_card_was_locked_in() -> None:
    for status in (CardStatus.SENT, CardStatus.ACTIVE):
        locked = step(replace(card(status), attempts_left=0), CardEvent.ATTEMPTS_SPENT)
        assert locked.status is CardStatus.LOCKED
        unlocked = step(locked, CardEvent.UNLOCKED)
        assert (unlocked.status, unlocked.attempts_left) == (status, 3)


@pytest.mark.parametrize("status", [each for each in OF_A_CARD if each is not CardStatus.LOCKED])
def test_only_a_locked_card_is_unlocked(status: CardStatus) -> None:
    with pytest.raises(CardNotLocked):
        step(card(status), CardEvent.UNLOCKED)


def test_a_blocked_chip_is_not_unlocked_by_a_wrong_code_or_its_maker() -> None:
    blocked = step(card(CardStatus.ACTIVE), Trouble.BLOCKED)
    assert step(blocked, CardEvent.ATTEMPTS_SPENT).status is CardStatus.BLOCKED
    with pytest.raises(CardReportRepeated):
        step(blocked, CardEvent.SENT)


# --- the calendar -----------------------------------------------------------------------------------------


def ageing(due_on: date) -> Card:
    return replace(card(CardStatus.ACTIVE), expires_on=LAST_DAY, due_on=due_on)


def test_the_next_day_is_a_warning_or_the_day_after_the_last() -> None:
    ahead = [LAST_DAY - next_day(LAST_DAY, LAST_DAY - timedelta(days=days)) for days in (400, 60, 30, 7, 0)]
    assert [each.days for each in ahead] == [60, 30, 7, -1, -1]


def test_a_card_nobody_looked_at_for_a_month_is_warned_of_once() -> None:
    aged = age(ageing(LAST_DAY - timedelta(days=60)), LAST_DAY - timedelta(days=25))
    assert aged.is_warned
    assert aged.card.due_on == LAST_DAY - timedelta(days=7)


def test_a_card_without_a_last_day_never_ages() -> None:
    forever = card(CardStatus.ACTIVE)
    assert age(forever, date(2100, 1, 1)).card == forever
    assert as_of(forever, date(2100, 1, 1)) == forever


def test_past_its_last_day_a_card_is_over_whoever_looked() -> None:
    assert as_of(ageing(LAST_DAY), LAST_DAY).status is CardStatus.ACTIVE
    assert is_over(as_of(ageing(LAST_DAY), LAST_DAY + timedelta(days=1)))


# --- the texts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "kind"), list(product(CardStatus, CardKind)))
def test_every_state_and_kind_says_what_to_do_in_both_languages(status: CardStatus, kind: CardKind) -> None:
    told = advice(status, kind)
    assert all(told.text[language].endswith(".") for language in Language)
    assert told.text[Language.FR] != told.text[Language.EN]


def test_wrong_codes_are_the_advisers_and_wrong_pins_of_a_professional_card_the_card_services() -> None:
    locked = {advice(CardStatus.LOCKED, kind).call for kind in CardKind}
    assert locked == {Contact.ADVISER}
    assert advice(CardStatus.BLOCKED, CardKind.SECUR_ACCES).call is Contact.ADVISER
    assert advice(CardStatus.BLOCKED, CardKind.PROFESSIONAL).call is Contact.CARD_SERVICE
    told = {advice(status, kind).text[Language.FR] for status, kind in product(_OUT_OF_USE, CardKind)}
    assert len(told) == 3


@pytest.mark.parametrize(("status", "kind"), list(product(OF_A_CARD, CardKind)))
def test_who_cannot_use_a_card_reads_whom_to_call(status: CardStatus, kind: CardKind) -> None:
    can_wait = takes_codes(card(status)) or status is CardStatus.PRODUCED
    assert (advice(status, kind).call is None) is can_wait


# --- orders and fees --------------------------------------------------------------------------------------


def test_neither_maker_is_told_what_the_other_does() -> None:
    sent = messages(order(), NOW)
    card_order = msgspec.json.decode(sent[Maker.MANUFACTURER].body)
    pin_order = msgspec.json.decode(sent[Maker.PIN_PRINTER].body)
    holder = {"client_identifier": "40012345", "user_number": "001"}
    assert card_order == {
        "order": "card",
        "card": "crd_1",
        "kind": "secur_acces",
        "holder": holder,
        "delivery": "home",
    }
    assert pin_order == {"order": "pin_letter", "card": "crd_1", "holder": holder}
    assert sent[Maker.MANUFACTURER].id != sent[Maker.PIN_PRINTER].id
    assert messages(order(), NOW) == sent


def test_a_professional_card_is_the_card_services_and_no_message_leaves() -> None:
    assert messages(order(CardKind.PROFESSIONAL), NOW) == {}


def test_the_newest_fee_that_is_valid_holds() -> None:
    def fee(day: date, amount: int) -> Fee:
        price = Money(amount=amount, currency="EUR")
        return Fee(reason=OrderReason.LOST, kind=CardKind.SECUR_ACCES, price=price, valid_from=day)

    fees = [fee(date(2026, 1, 1), 1000), fee(date(2027, 1, 1), 1200)]
    held = [
        fee_for(fees, OrderReason.LOST, CardKind.SECUR_ACCES, day).amount
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert held == [1000, 1200]
    with pytest.raises(FeeUnknown):
        fee_for(fees, OrderReason.LOST, CardKind.SECUR_ACCES, date(2025, 12, 31))
    with pytest.raises(FeeUnknown):
        fee_for(fees, OrderReason.LOST, CardKind.PROFESSIONAL, date(2027, 1, 1))


@pytest.mark.parametrize(("text", "is_one"), [("4000000000000002", True), ("4000000000000003", False), ("42", False)])
def test_a_card_number_carries_its_own_check(text: str, *, is_one: bool) -> None:
    assert is_pan(text) is is_one
