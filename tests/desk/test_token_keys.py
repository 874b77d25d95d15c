"""A whole approval by CAP with the issuer key in SoftHSM2 alone, on both databases; and one while the token is away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from approvals.cap.tables import published_profiles
from approvals.checkers.cap import CapChecker, CapProfiles
from approvals.errors import CardKeysUnavailable
from approvals.keys.keyring import Keyring
from approvals.keys.pkcs11 import TokenCardKeys, put_issuer_key
from approvals.keys.token_session import TokenPlace, TokenSession
from approvals.model.action import ActionStatus
from approvals.model.proof import Answer
from approvals.store.book import SqlBook
from tests.house import House, mine
from tests.joined_desks import ISSUER_KEY, Parts
from tests.soft_token import MODULE, PIN, SoftTokens, restart_service


@pytest.fixture
def checker(soft_tokens: SoftTokens) -> Iterator[CapChecker]:
    soft_tokens.make("desk")
    session = TokenSession(TokenPlace(module=MODULE, label="desk", pin=PIN), is_writing=True)
    put_issuer_key(session, "test", 1, ISSUER_KEY)
    profiles = CapProfiles({profile.id: profile for profile in published_profiles()}, b"linking secret of the tests")
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield CapChecker(profiles, TokenCardKeys(Keyring({1: bytes(range(32))}), session), thread)
    session.close()
    soft_tokens.remove("desk")


@pytest.fixture
def house(book: SqlBook, tmp_path: Path, checker: CapChecker) -> House:
    return House(Parts(book=book, folder=tmp_path, checker=checker))


async def test_an_approval_is_signed_against_a_key_in_the_token(house: House) -> None:
    anne, _, _ = await house.found()
    sheet = await house.hold()
    challenge = mine(sheet, anne)
    assert challenge.reader_input is not None
    login = (await house.sign_in(anne)).login
    wrong = await house.answers.answer(login.id, challenge.id, anne.wrong(challenge.reader_input))
    assert wrong.answer is Answer.PROOF_REFUSED
    answered = await house.answers.answer(login.id, challenge.id, anne.answer(challenge.reader_input))
    assert answered.answer is Answer.ACCEPTED
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED


async def test_a_token_that_is_away_costs_no_attempt_for_good(house: House, soft_tokens: SoftTokens) -> None:
    anne, _, _ = await house.found()
    sheet = await house.hold()
    challenge = mine(sheet, anne)
    assert challenge.reader_input is not None
    login = (await house.sign_in(anne)).login
    await house.answers.answer(login.id, challenge.id, anne.wrong(challenge.reader_input))
    before = (await house.card(anne)).attempts_left
    soft_tokens.remove("desk")
    restart_service()
    with pytest.raises(CardKeysUnavailable):
        await house.answers.answer(login.id, challenge.id, anne.answer(challenge.reader_input))
    soft_tokens.make("desk")
    house.clock.advance(seconds=60)
    assert await house.answers.abandon_overdue() == 1
    assert (await house.card(anne)).attempts_left == before
