from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.errors import StaleVersion
from approvals.model.card import CardStatus
from approvals.model.change import BeneficiaryPut, BeneficiaryRemoved
from approvals.model.ids import AccountId, ActionKind, CardId, UserId
from approvals.model.person import UserStatus
from approvals.ports.book import Ledger
from approvals.store.book import SqlBook
from tests.builders import (
    COMPANY,
    NOW,
    ONE_SIGNATURE,
    REMITTANCE,
    TWO_SIGNATURES,
    add_company,
    make_account,
    make_card,
    make_subscription,
    make_user,
)

ANNA, BRUNO, CHLOE = "usr_anna", "usr_bruno", "usr_chloe"
MAIN, SALARIES = AccountId("acc_main"), AccountId("acc_salaries")


@pytest.fixture
async def filled(book: SqlBook) -> SqlBook:
    async def work(ledger: Ledger) -> None:
        await add_company(ledger, [ANNA, BRUNO, CHLOE])
        await ledger.accounts.add(make_account(MAIN, "FR7630006000011234567890189"))
        await ledger.accounts.add(make_account(SALARIES, "FR7610011000201234567890188"))

    await book.transaction(work)
    return book


async def test_people_are_found_by_id_and_by_what_they_type(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        assert await ledger.people.subscription_named("12345678") == make_subscription()
        assert await ledger.people.subscription_named("87654321") is None
        assert await ledger.people.user_named("12345678", "anna") == make_user(ANNA)
        assert await ledger.people.user_named("12345678", "nobody") is None
        assert await ledger.people.user(UserId(BRUNO)) == make_user(BRUNO)
        assert await ledger.people.users([]) == {}
        found = await ledger.people.users([UserId(CHLOE), UserId("usr_nobody"), UserId(ANNA)])
        assert found == {ANNA: make_user(ANNA), CHLOE: make_user(CHLOE)}

    await filled.reading(work)


async def test_people_come_with_their_cards_in_one_look(filled: SqlBook) -> None:
    spare = replace(make_card(UserId(ANNA)), id=CardId("crd_spare"), last4="0000")

    async def work(ledger: Ledger) -> None:
        await ledger.cards.add(spare)
        wanted = [UserId(CHLOE), UserId("usr_nobody"), UserId(ANNA)]
        people, cards = await ledger.people.with_cards(wanted)
        assert people == await ledger.people.users(wanted)
        assert cards == await ledger.cards.of_users(wanted)
        assert spare in cards
        assert await ledger.people.with_cards([]) == ({}, [])

    await filled.transaction(work)


async def test_a_user_is_saved_and_an_old_version_is_refused(filled: SqlBook) -> None:
    locked = replace(make_user(ANNA), status=UserStatus.LOCKED, attempts_left=0, code_hash="another")

    async def work(ledger: Ledger) -> None:
        await ledger.people.save_user(locked)
        with pytest.raises(StaleVersion):
            await ledger.people.save_user(locked)

    await filled.transaction(work)
    assert await filled.reading(lambda ledger: ledger.people.user(locked.id)) == replace(locked, version=1)


async def test_cards_come_by_id_for_several_people(filled: SqlBook) -> None:
    users = [UserId(CHLOE), UserId(ANNA)]
    cards = await filled.reading(lambda ledger: ledger.cards.of_users(users))
    assert cards == [make_card(ANNA), make_card(CHLOE)]
    assert await filled.reading(lambda ledger: ledger.cards.of_users([])) == []


async def test_saving_a_card_never_moves_its_counter(filled: SqlBook) -> None:
    card = replace(make_card(ANNA), status=CardStatus.LOCKED, attempts_left=0, last_atc=99)

    async def work(ledger: Ledger) -> None:
        assert await ledger.cards.advance(card.id, 12)
        await ledger.cards.save(card)
        with pytest.raises(StaleVersion):
            await ledger.cards.save(card)

    await filled.transaction(work)
    read = await filled.reading(lambda ledger: ledger.cards.load(card.id))
    assert read == replace(card, last_atc=12, version=1)


async def test_a_card_counter_moves_forward_only(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> list[bool]:
        return [await ledger.cards.advance(make_card(ANNA).id, atc) for atc in (5, 5, 4, 6)]

    assert await filled.transaction(work) == [True, False, False, True]


async def test_accounts_are_found_by_iban_id_and_company(filled: SqlBook) -> None:
    main = make_account(MAIN, "FR7630006000011234567890189")

    async def work(ledger: Ledger) -> None:
        assert await ledger.accounts.with_iban(main.iban) == main
        assert await ledger.accounts.with_iban("FR00") is None
        assert await ledger.accounts.load(MAIN) == main
        assert [account.id for account in await ledger.accounts.of_subscription(COMPANY)] == [SALARIES, MAIN]

    await filled.reading(work)


async def test_a_beneficiary_put_twice_is_one_and_keeps_its_first_day(filled: SqlBook) -> None:
    put = BeneficiaryPut(subscription_id=COMPANY, iban="FR76BEN", bic=None, name="Fournisseur")
    renamed = replace(put, name="Fournisseur & Fils", bic="AGRIFRPP")

    async def work(ledger: Ledger) -> None:
        await ledger.changes.apply(put, NOW)
        await ledger.changes.apply(renamed, NOW + timedelta(days=3))

    await filled.transaction(work)
    (beneficiary,) = await filled.reading(lambda ledger: ledger.beneficiaries.all(COMPANY))
    assert (beneficiary.name, beneficiary.bic) == ("Fournisseur & Fils", "AGRIFRPP")
    assert beneficiary.registered_at == NOW
    removed = BeneficiaryRemoved(subscription_id=COMPANY, iban="FR76BEN")
    await filled.transaction(lambda ledger: ledger.changes.apply(removed, NOW))
    await filled.transaction(lambda ledger: ledger.changes.apply(removed, NOW))
    assert await filled.reading(lambda ledger: ledger.beneficiaries.all(COMPANY)) == []


async def test_the_policy_of_the_account_beats_the_policy_of_the_kind(filled: SqlBook) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.policies.put(COMPANY, REMITTANCE, SALARIES, ONE_SIGNATURE)
        await ledger.policies.put(COMPANY, REMITTANCE, None, ONE_SIGNATURE)
        await ledger.policies.put(COMPANY, REMITTANCE, None, TWO_SIGNATURES)
        assert await ledger.policies.find(COMPANY, REMITTANCE, SALARIES) == ONE_SIGNATURE
        assert await ledger.policies.find(COMPANY, REMITTANCE, MAIN) == TWO_SIGNATURES
        assert await ledger.policies.find(COMPANY, REMITTANCE, None) == TWO_SIGNATURES
        assert await ledger.policies.find(COMPANY, ActionKind("chequebook"), None) is None

    await filled.transaction(work)
