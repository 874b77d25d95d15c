"""A new card and its first right code (RULES 8, RTS 2018/389 art. 24 and 25), on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from approvals.credentials.card_refusals import CardActivatedAlready, CardLocked, CardNotUsable
from approvals.errors import CodeLengthWrong, NotFound, SignInRefused
from approvals.model.card import Card, CardStatus, Trouble
from approvals.model.proof import Answer, CapProof, Verdict
from approvals.model.reader import ReaderInput
from tests.cards import hand_over, of_card, order_card, produce, read_card
from tests.house import CHEQUEBOOK, House, mine, request_of
from tests.joined_desks import Parts


async def test_the_first_right_code_activates(house: House, audit: list[str]) -> None:
    anne, _, _ = await house.found()
    new, here = await hand_over(house, anne), await house.sign_in(anne)
    assert new.card.status is CardStatus.PRODUCED
    answered = await house.cards.own.activate(here.login.id, new.card.id, new.code_key())
    assert answered.answer is Answer.ACCEPTED
    card = await read_card(house, new.card.id)
    assert (card.status, card.activated, card.last_atc) == (CardStatus.ACTIVE, True, 1)
    assert audit[-1] == "card_activated"
    assert (await house.inbox.read(anne.user.id, 0, 10))[-1].news.kind == "card_activated"


async def test_a_card_is_activated_once(house: House) -> None:
    anne, _, _ = await house.found()
    new, here = await hand_over(house, anne), await house.sign_in(anne)
    await house.cards.own.activate(here.login.id, new.card.id, new.code_key())
    with pytest.raises(CardActivatedAlready):
        await house.cards.own.activate(here.login.id, new.card.id, new.code_key())
    assert (await read_card(house, new.card.id)).attempts_left == 3


async def test_two_activations_at_once_make_one(house: House, audit: list[str]) -> None:
    anne, _, _ = await house.found()
    new, here = await hand_over(house, anne), await house.sign_in(anne)
    codes = [new.code_key(), new.code_key()]
    tries = [house.cards.own.activate(here.login.id, new.card.id, code) for code in codes]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert audit.count("card_activated") == 1
    assert all(not isinstance(each, BaseException) or isinstance(each, CardActivatedAlready) for each in ended)
    assert (await read_card(house, new.card.id)).status is CardStatus.ACTIVE


async def test_a_code_before_the_card_is_sent_is_not_checked(house: House, audit: list[str]) -> None:
    anne, _, _ = await house.found()
    made, here = (
        await produce(house, anne, await order_card(house, anne, replaces=anne.card.id)),
        await house.sign_in(anne),
    )
    with pytest.raises(CardNotUsable, match="fabriquée"):
        await house.cards.own.activate(here.login.id, made.card.id, made.code_key())
    assert audit[-1] == "code_for_produced_card"
    assert (await read_card(house, made.card.id)).attempts_left == 3


async def test_nobody_activates_somebody_elses_card(house: House) -> None:
    anne, bruno, _ = await house.found()
    new, here = await hand_over(house, anne), await house.sign_in(bruno)
    with pytest.raises(NotFound):
        await house.cards.own.activate(here.login.id, new.card.id, new.code_key())
    assert (await read_card(house, new.card.id)).attempts_left == 3


async def test_a_code_of_another_length_spends_nothing(house: House) -> None:
    anne, _, _ = await house.found()
    new, here = await hand_over(house, anne), await house.sign_in(anne)
    with pytest.raises(CodeLengthWrong):
        await house.cards.own.activate(here.login.id, new.card.id, CapProof(code="1"))
    assert (await read_card(house, new.card.id)).attempts_left == 3


async def test_three_wrong_first_codes_lock_the_card_and_it_is_still_not_active(house: House) -> None:
    anne, _, _ = await house.found()
    new, here = await hand_over(house, anne), await house.sign_in(anne)
    for left in (2, 1, 0):
        answered = await house.cards.own.activate(here.login.id, new.card.id, new.wrong())
        assert (answered.answer, answered.attempts_left) == (Answer.PROOF_REFUSED, left)
    card = await read_card(house, new.card.id)
    assert (card.status, card.activated) == (CardStatus.LOCKED, False)
    with pytest.raises(CardLocked):
        await house.cards.own.activate(here.login.id, new.card.id, new.code_key())


async def test_signing_in_with_code_and_the_new_card_activates_it(house: House) -> None:
    anne, _, _ = await house.found()
    new = await hand_over(house, anne)
    await house.access.sign_in(request_of(anne, cap=of_card(new.code_key(), new.card.last4)))
    assert (await read_card(house, new.card.id)).status is CardStatus.ACTIVE


async def test_the_card_alone_activates_nothing_and_says_nothing(house: House) -> None:
    anne, _, _ = await house.found()
    new = await hand_over(house, anne)
    with pytest.raises(SignInRefused):
        await house.access.sign_in(request_of(anne, code=None, cap=of_card(new.code_key(), new.card.last4)))
    card = await read_card(house, new.card.id)
    assert (card.status, card.last_atc, card.attempts_left) == (CardStatus.SENT, 0, 3)


async def test_signing_with_the_new_card_activates_it(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold("chequebook", CHEQUEBOOK), await house.sign_in(anne)
    new = await hand_over(house, anne)
    proof = of_card(new.code_key(), new.card.id)
    assert (await house.answers.answer(here.login.id, mine(sheet, anne).id, proof)).answer is Answer.ACCEPTED
    assert (await read_card(house, new.card.id)).status is CardStatus.ACTIVE


async def test_the_old_card_serves_until_the_new_one_is_activated_and_then_never_again(
    house: House, audit: list[str]
) -> None:
    anne, _, _ = await house.found()
    new = await hand_over(house, anne, replaces=anne.card.id)
    await house.access.sign_in(request_of(anne, cap=of_card(anne.code_key(), anne.card.id)))
    here = await house.access.sign_in(request_of(anne, cap=of_card(new.code_key(), new.card.id)))
    assert (await house.card(anne)).status is CardStatus.REPLACED
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    with pytest.raises(CardNotUsable, match="remplacée"):
        await house.answers.answer(here.login.id, mine(sheet, anne).id, of_card(anne.code_key(), anne.card.id))
    assert audit[-1] == "code_for_replaced_card"
    assert audit.count("card_replaced") == 1


async def test_a_code_of_a_replaced_card_typed_as_the_new_ones_is_a_wrong_code(house: House) -> None:
    anne, _, _ = await house.found()
    new, here = await hand_over(house, anne, replaces=anne.card.id), await house.sign_in(anne)
    await house.cards.own.activate(here.login.id, new.card.id, new.code_key())
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    answered = await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.code_key())
    assert answered.answer is Answer.PROOF_REFUSED


class ReportedMeanwhile:
    """The check of a code, during which the holder's report arrives."""

    def __init__(self, house: House) -> None:
        self._inner = house.checker
        self.arrives: Callable[[], Awaitable[None]] | None = None

    async def check_cap(self, card: Card, asked: ReaderInput, proof: CapProof) -> Verdict:
        if self.arrives is not None:
            await self.arrives()
        return await self._inner.check_cap(card, asked, proof)

    async def check_resync(self, card: Card, first: CapProof, second: CapProof) -> Verdict:
        return await self._inner.check_resync(card, first, second)


async def test_a_card_reported_while_its_code_is_checked_signs_nobody_in(house: House, tmp_path: Path) -> None:
    checker = ReportedMeanwhile(house)
    bank = House(Parts(book=house.book, folder=tmp_path, checker=checker))
    anne, _, _ = await bank.found()
    presence = await bank.access.presence((await bank.sign_in(anne)).token)
    checker.arrives = partial(bank.cards.reporting.report, presence, anne.card.id, Trouble.STOLEN)
    with pytest.raises(SignInRefused):
        await bank.access.sign_in(request_of(anne, cap=anne.code_key()))
    assert (await bank.card(anne)).last_atc == 1
