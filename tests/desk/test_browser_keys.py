"""A certificate's key kept by a browser: allowed by the house, and the confidential code goes with it (RULES 15)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from approvals.credentials.certificate_refusals import BrowserKeysOff
from approvals.desk.answered import Answered
from approvals.errors import LoginEnded, NobodyCanSign
from approvals.model.certificate import Level
from approvals.model.json import Json
from approvals.model.person import UserStatus
from approvals.model.proof import Answer, CertificateProof, Proof, Verdict
from approvals.model.sheet import ActionSheet
from approvals.ports.rights import Review
from approvals.store.book import SqlBook
from tests.certified import BY_CERTIFICATE, BY_EITHER, Signing, Validator, certify
from tests.company import entitle
from tests.house import CHEQUEBOOK, CODE, COMPANY, House, entitlement, mine, release_of
from tests.joined_desks import Parts


@dataclass(slots=True)
class CountingHasher:
    """The CodeHasher port: knows the tests' code, and how often it was asked."""

    asked: int = 0

    async def hash(self, code: str) -> str:
        return code

    async def verify(self, code_hash: str | None, code: str) -> bool:
        self.asked += 1
        await asyncio.sleep(0)
        return code_hash is not None and code == CODE


@pytest.fixture
def house(book: SqlBook, tmp_path: Path) -> House:
    return House(Parts(book=book, folder=tmp_path, validator=Validator()))


@pytest.fixture
def closed(book: SqlBook, tmp_path: Path) -> House:
    """A house that lets no browser keep a key, or does no more."""
    return House(Parts(book=book, folder=tmp_path, validator=Validator(), keys_in_browsers=False))


async def begin(house: House) -> tuple[Signing, ActionSheet]:
    anne, _, _ = await house.found(BY_CERTIFICATE)
    signing = await certify(house, anne, in_browser=True, level=Level.ONE_STAR)
    return signing, await house.hold("chequebook", CHEQUEBOOK)


async def offer(house: House, signing: Signing, sheet: ActionSheet, proof: CertificateProof) -> Answered:
    here = await house.sign_in(signing.person)
    return await house.answers.answer(here.login.id, mine(sheet, signing.person).id, proof)


async def last_proof(house: House, sheet: ActionSheet) -> tuple[Proof, Verdict]:
    proofs = await house.book.reading(lambda ledger: ledger.proofs.of_action(sheet.id))
    assert proofs[-1].verdict is not None
    return proofs[-1], proofs[-1].verdict


async def test_evidence_says_that_a_browser_kept_the_key_and_that_the_code_was_right(house: House) -> None:
    signing, sheet = await begin(house)
    assert (await offer(house, signing, sheet, signing.sign(sheet, CODE))).answer is Answer.ACCEPTED
    _, verdict = await last_proof(house, sheet)
    assert verdict.reason == "signature_and_code_right"
    told: Mapping[str, Json] = {"key_kept_by": "browser", "confidential_code": "right", "asserted_by": "signer"}
    assert told.items() <= verdict.evidence.items()
    assert verdict.evidence["jws"]
    assert await release_of(house, sheet) is not None


async def test_of_a_wrong_code_the_evidence_keeps_the_bank_s_word_and_no_signature(house: House) -> None:
    signing, sheet = await begin(house)
    answered = await offer(house, signing, sheet, signing.sign(sheet, "000000"))
    assert answered == Answered(answer=Answer.PROOF_REFUSED, attempts_left=2)
    _, verdict = await last_proof(house, sheet)
    assert (verdict.reason, verdict.evidence) == (
        "wrong_code",
        {
            "asserted_by": "bank",
            "certificate": signing.certificate.id,
            "confidential_code": "wrong",
            "key_kept_by": "browser",
        },
    )


async def test_wrong_codes_lock_the_person_across_actions_and_end_their_stay(house: House) -> None:
    signing, first = await begin(house)
    second = await house.hold("chequebook", CHEQUEBOOK)
    here = await house.sign_in(signing.person)
    for sheet in (first, first, first, second, second):
        wrong = signing.sign(sheet, "000000")
        await house.answers.answer(here.login.id, mine(sheet, signing.person).id, wrong)
    assert (await house.user(signing.person)).status is UserStatus.LOCKED
    with pytest.raises(LoginEnded):
        await house.answers.answer(here.login.id, mine(second, signing.person).id, signing.sign(second, CODE))
    assert await release_of(house, second) is None


async def test_codes_tried_all_at_once_are_checked_no_oftener_than_there_are_attempts(
    book: SqlBook, tmp_path: Path
) -> None:
    hasher = CountingHasher()
    house = House(Parts(book=book, folder=tmp_path, validator=Validator(), hasher=hasher))
    signing, sheet = await begin(house)
    here, challenge = await house.sign_in(signing.person), mine(sheet, signing.person)
    hasher.asked = 0
    tries = [
        house.answers.answer(here.login.id, challenge.id, signing.sign(sheet, f"{guess:06}")) for guess in range(20)
    ]
    await asyncio.gather(*tries, return_exceptions=True)
    assert hasher.asked == 3
    assert await release_of(house, sheet) is None


async def test_a_code_is_not_looked_at_beside_a_signature_that_is_wrong(book: SqlBook, tmp_path: Path) -> None:
    hasher = CountingHasher()
    house = House(Parts(book=book, folder=tmp_path, validator=Validator(), hasher=hasher))
    signing, sheet = await begin(house)
    here = await house.sign_in(signing.person)
    hasher.asked = 0
    wrong = signing.over(b"something else", code=CODE)
    answered = await house.answers.answer(here.login.id, mine(sheet, signing.person).id, wrong)
    assert (answered.answer, hasher.asked) == (Answer.PROOF_REFUSED, 0)


async def test_where_the_house_allows_none_any_more_a_browsers_key_signs_nothing_and_costs_nothing(
    house: House, closed: House
) -> None:
    signing, sheet = await begin(house)
    with pytest.raises(BrowserKeysOff):
        await offer(closed, signing, sheet, signing.sign(sheet, CODE))
    assert (await closed.user(signing.person)).attempts_left == 5
    assert await release_of(closed, sheet) is None


async def test_where_the_house_allows_none_any_more_nobody_is_asked_by_a_key_a_browser_keeps(closed: House) -> None:
    anne, bruno, _ = await closed.found(BY_CERTIFICATE)
    await certify(closed, anne, in_browser=True, level=Level.ONE_STAR)
    with pytest.raises(NobodyCanSign):
        await closed.hold("chequebook", CHEQUEBOOK)
    await certify(closed, bruno)
    asked = (await closed.hold("chequebook", CHEQUEBOOK)).challenges
    assert [challenge.user_id for challenge in asked] == [bruno.user.id]


async def test_who_has_a_card_beside_a_key_a_browser_keeps_is_asked_by_the_card(closed: House) -> None:
    anne, _, _ = await closed.found(BY_EITHER)
    await certify(closed, anne, in_browser=True, level=Level.ONE_STAR)
    challenge = mine(await closed.hold("chequebook", CHEQUEBOOK), anne)
    assert challenge.card_id == anne.card.id


async def test_where_the_house_allows_none_any_more_a_right_given_asks_nobody_by_a_key_a_browser_keeps(
    closed: House,
) -> None:
    _, bruno, chloe = await closed.found(BY_CERTIFICATE)
    await certify(closed, bruno)
    sheet = await closed.hold("chequebook", CHEQUEBOOK, initiator="001")
    await certify(closed, chloe, in_browser=True, level=Level.ONE_STAR)
    await entitle(closed, entitlement(chloe, "A"))
    due = Review(subscription_id=COMPANY, due_at=closed.clock.now())
    await closed.book.transaction(lambda ledger: ledger.rights.plan_review(due))
    assert (await closed.sweeping.sweep()).reviewed == 1
    assert chloe.user.id not in {challenge.user_id for challenge in (await closed.sheet(sheet.id)).challenges}


async def test_where_the_house_allows_none_other_certificates_and_cards_sign_as_ever(closed: House) -> None:
    anne, bruno, _ = await closed.found(BY_EITHER)
    usb = await certify(closed, bruno)
    first, second = await closed.hold("chequebook", CHEQUEBOOK), await closed.hold("chequebook", CHEQUEBOOK)
    assert (await offer(closed, usb, first, usb.sign(first))).answer is Answer.ACCEPTED
    here = await closed.sign_in(anne)
    answered = await closed.answers.answer(
        here.login.id, mine(second, anne).id, anne.answer(mine(second, anne).reader_input)
    )
    assert answered.answer is Answer.ACCEPTED
