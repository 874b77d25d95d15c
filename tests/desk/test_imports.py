"""A company from a file: held until two advisers approved it, then there, all of it."""

from dataclasses import replace
from functools import partial

import pytest

from approvals.cap.tables import published_profiles
from approvals.checkers.cap import CapProfiles
from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.desk.imports import (
    AccountEntry,
    CardEntry,
    Company,
    EntitlementEntry,
    ImportDesk,
    ImportParts,
    PersonEntry,
    PolicyEntry,
)
from approvals.desk.opening import Opening
from approvals.errors import InvalidRequest, NobodyCanSign, PolicyMissing
from approvals.keys.software import seal_pan
from approvals.model.action import Action, ActionStatus
from approvals.model.card import CardKind
from approvals.model.ids import ActionKind, ProfileId
from approvals.model.person import Language, LegalForm
from approvals.model.policy import Means
from approvals.operations import OPERATIONS
from approvals.statement import render
from tests.house import ALONE, House
from tests.log_watch import never_log
from tests.staff import Banker, Staff

KIND = ActionKind("chequebook")
PAN = "9250999000000019"
COMPANY = Company(
    client_identifier="40718295",
    name="Ateliers du Canal",
    siren="552100554",
    legal_form=LegalForm.LEGAL_PERSON,
    has_sol=True,
    means=frozenset({Means.CAP}),
    accounts=[AccountEntry(iban="FR7630006000011234567890189", currency="EUR", label="Courant")],
    beneficiaries=[],
    people=[
        PersonEntry(
            number="1",
            name="Claire Fontaine",
            language=Language.FR,
            code="20260915",
            cards=[
                CardEntry(
                    kind=CardKind.SECUR_ACCES,
                    profile_id=ProfileId("secur-acces"),
                    issuer_key_id="test",
                    issuer_key_version=1,
                    pan=PAN,
                    psn="01",
                )
            ],
            entitlement=EntitlementEntry(initiates=frozenset({KIND}), signs=frozenset({KIND}), group="A"),
            is_main=True,
        )
    ],
    policies=[PolicyEntry(kind=KIND, policy=ALONE)],
)


@pytest.fixture
def desk(house: House) -> ImportDesk:
    never_log(PAN, "20260915")
    return ImportDesk(
        ImportParts(
            book=house.book,
            clock=house.clock,
            ids=house.ids,
            hasher=ConfidentialCodes(),
            profiles=published_profiles(),
            seal_pan=partial(seal_pan, house.keyring),
            opening=Opening(ids=house.ids, profiles=CapProfiles(house.profiles, b"linking"), terms=house.terms),
        )
    )


@pytest.fixture
async def bankers(house: House) -> tuple[Banker, Banker]:
    return await Staff(house).found()


async def held(desk: ImportDesk, company: Company = COMPANY) -> Action:
    action = await desk.bring(company)
    assert action is not None
    return action


async def approve(house: House, action: Action, bankers: tuple[Banker, ...]) -> Action:
    staff = Staff(house)
    for banker in bankers:
        presence = await staff.enter(banker)
        await staff.approve(banker, presence, await house.sheet(action.id))
    return (await house.sheet(action.id)).action


async def test_two_advisers_approve_and_the_company_is_there_whole(
    house: House, desk: ImportDesk, bankers: tuple[Banker, Banker]
) -> None:
    action = await held(desk, replace(COMPANY, adviser="001"))
    assert (await approve(house, action, bankers[:1])).status is ActionStatus.PENDING
    assert await house.book.reading(lambda ledger: ledger.people.subscription_named("40718295")) is None
    assert (await approve(house, action, bankers[1:])).status is ActionStatus.RELEASED
    company = await house.book.reading(lambda ledger: ledger.people.subscription_named("40718295"))
    claire = await house.book.reading(lambda ledger: ledger.people.user_named("40718295", "1"))
    assert company is not None
    assert claire is not None
    assert company.adviser_id == bankers[0].user.id
    (card,) = await house.book.reading(lambda ledger: ledger.cards.of_users([claire.id]))
    assert house.keyring.open("pan", card.id, 1, card.pan_sealed) == PAN.encode()
    entitlement = await house.book.reading(lambda ledger: ledger.rights.of_user(claire.id))
    assert entitlement.signs == {KIND}
    assert entitlement.group == "A"


async def test_what_is_approved_shows_people_powers_and_accounts_and_no_secret(
    desk: ImportDesk, bankers: tuple[Banker, Banker]
) -> None:
    assert bankers
    action = await held(desk)
    operation = OPERATIONS[action.kind]
    text = render(operation.title, operation.fields, action.facts, Language.FR)
    shown = {line.label: line.value for line in text.lines}
    assert shown["Utilisateurs"] == "1 Claire Fontaine: A (chequebook)"
    assert shown["Signatures"] == "chequebook: 1 *"
    assert shown["Comptes"] == "FR76 3000 6000 0112 3456 7890 189"
    assert PAN not in str(action.facts)
    assert "20260915" not in str(action.facts)


async def test_of_two_files_with_one_client_identifier_the_second_fails(
    house: House, desk: ImportDesk, bankers: tuple[Banker, Banker]
) -> None:
    first, second = await held(desk), await held(desk)
    assert (await approve(house, first, bankers)).status is ActionStatus.RELEASED
    ended = await approve(house, second, bankers)
    assert (ended.status, ended.reason) == (ActionStatus.FAILED, "client_identifier_taken")


async def test_before_there_are_advisers_nothing_is_held(desk: ImportDesk) -> None:
    with pytest.raises(PolicyMissing):
        await desk.bring(COMPANY)


async def test_before_two_advisers_came_in_nothing_is_held(house: House, desk: ImportDesk) -> None:
    staff = Staff(house)
    await staff.found_waiting()
    with pytest.raises(NobodyCanSign):
        await desk.bring(COMPANY)


async def test_a_company_s_people_are_given_no_act_of_advisers(desk: ImportDesk) -> None:
    act = PolicyEntry(kind=ActionKind("person_unlocking"), policy=ALONE)
    with pytest.raises(InvalidRequest) as refusal:
        await desk.bring(replace(COMPANY, policies=[act]))
    assert refusal.value.field == "kind"


async def test_a_function_or_a_currency_nobody_knows_comes_in_with_no_company(
    desk: ImportDesk, bankers: tuple[Banker, Banker]
) -> None:
    assert bankers
    (person,), (account,) = COMPANY.people, COMPANY.accounts
    loan = replace(person.entitlement, signs=frozenset({ActionKind("loan")}))
    for wrong, field in (
        (replace(COMPANY, people=[replace(person, entitlement=loan)]), "kind"),
        (replace(COMPANY, accounts=[replace(account, currency="XYZ")]), "accounts.currency"),
    ):
        with pytest.raises(InvalidRequest) as refusal:
            await desk.bring(wrong)
        assert refusal.value.field == field


async def test_an_adviser_nobody_is_looks_after_no_company(desk: ImportDesk, bankers: tuple[Banker, Banker]) -> None:
    assert bankers
    with pytest.raises(InvalidRequest) as refusal:
        await desk.bring(replace(COMPANY, adviser="777"))
    assert refusal.value.field == "adviser"


async def test_a_company_is_no_payload(house: House, bankers: tuple[Banker, Banker]) -> None:
    staff = Staff(house)
    presence = await staff.enter(bankers[0])
    with pytest.raises(InvalidRequest):
        await staff.ask(presence, "company_import", {})
