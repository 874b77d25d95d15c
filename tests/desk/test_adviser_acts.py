"""Acts of advisers: one asks, another approves, and only then does anything change."""

from dataclasses import replace

import pytest

from approvals.credentials.adviser_refusals import (
    AdviserNumberTaken,
    AdvisersOnly,
    OutsidePortfolio,
    OwnActUnsignable,
    RoleInsufficient,
    TooFewAdvisers,
)
from approvals.credentials.throttle import door_key
from approvals.desk.actions import OpeningRequest
from approvals.desk.opening import Asked
from approvals.desk.presence import Presence
from approvals.errors import InvalidRequest, LoginEnded, NotFound, PolicyMissing
from approvals.model.action import ActionStatus
from approvals.model.activation import LetterStatus
from approvals.model.adviser import HOUSE_CLIENT
from approvals.model.ids import ActionKind
from approvals.model.json import Json
from approvals.model.person import LegalForm, Subscription, UserStatus
from approvals.model.policy import Means
from approvals.model.proof import Answer
from approvals.model.release import DeliveryStatus
from approvals.model.sheet import ActionSheet
from approvals.model.throttle import FailureBucket
from approvals.ports.advisers import PortfolioFilter
from approvals.ports.book import Ledger
from tests.house import BENEFICIARY, CLIENT, COMPANY, CORE, House, Person, release_of
from tests.staff import Banker, Staff

PAYLOAD: dict[str, Json] = {"client": CLIENT, "user": "001"}
EVERYBODYS = PortfolioFilter()
NEW_COMPANY: dict[str, Json] = {
    "client": "40099999",
    "name": "Toitures du Sud",
    "siren": "732829320",
    "legal_form": "sole_trader",
    "sol": "yes",
    "means": "cap_certificate",
}


class Desk:
    """Two supervisors at work, Denise asking and Farid approving, and the company of the tests."""

    def __init__(self, *, staff: Staff, bankers: tuple[Banker, Banker], here: tuple[Presence, Presence]) -> None:
        self.staff = staff
        self.house = staff.house
        self.denise, self.farid = bankers
        self.of_denise, self.of_farid = here

    async def ask(self, kind: str, payload: dict[str, Json]) -> ActionSheet:
        return await self.staff.ask(self.of_denise, kind, payload)

    async def done(self, kind: str, payload: dict[str, Json]) -> ActionSheet:
        """Denise asks, Farid approves."""
        sheet = await self.ask(kind, payload)
        await self.staff.approve(self.farid, self.of_farid, sheet)
        return await self.house.sheet(sheet.id)

    async def take_in(self, number: str, role: str) -> tuple[Banker, Presence]:
        """A further adviser, let in by letter."""
        payload: dict[str, Json] = {"adviser": number, "name": "Inès Roy", "language": "fr", "role": role}
        sheet = await self.done("adviser_addition", payload)
        await self.staff.approve(self.denise, self.of_denise, sheet)
        user_id = await self.house.book.reading(lambda ledger: ledger.people.user_named(HOUSE_CLIENT, number))
        assert user_id is not None
        letter = await self.staff.letters.print("api_key:printer", user_id.id)
        banker = await self.staff.activate(number, letter.secret)
        return banker, await self.staff.enter(banker)

    async def company(self, client: str) -> Subscription | None:
        return await self.house.book.reading(lambda ledger: ledger.people.subscription_named(client))


@pytest.fixture
async def anne(house: House) -> Person:
    anne, _, _ = await house.found()
    return anne


@pytest.fixture
async def desk(house: House, anne: Person) -> Desk:
    assert anne.user.subscription_id == COMPANY
    staff = Staff(house)
    bankers = await staff.found()
    return Desk(staff=staff, bankers=bankers, here=(await staff.enter(bankers[0]), await staff.enter(bankers[1])))


async def lock(house: House, person: Person) -> None:
    async def work(ledger: Ledger) -> None:
        user = await ledger.people.user(person.user.id)
        assert user is not None
        await ledger.people.save_user(replace(user, status=UserStatus.LOCKED, attempts_left=0))

    await house.book.transaction(work)


async def test_an_access_is_unlocked_once_another_adviser_approved(desk: Desk, house: House, anne: Person) -> None:
    await lock(house, anne)
    sheet = await desk.ask("person_unlocking", PAYLOAD)
    assert (await house.user(anne)).status is UserStatus.LOCKED
    answered = await desk.staff.approve(desk.farid, desk.of_farid, sheet)
    assert answered.answer is Answer.ACCEPTED
    assert ((await house.user(anne)).status, (await house.user(anne)).attempts_left) == (UserStatus.ACTIVE, 5)
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.RELEASED
    release = await release_of(house, sheet)
    assert release is not None
    assert release.status is DeliveryStatus.DELIVERED


async def test_the_facts_name_whom_it_concerns_as_found(desk: Desk, anne: Person) -> None:
    facts = (await desk.ask("person_unlocking", PAYLOAD)).action.facts
    assert (facts["person"], facts["company"], facts["subscription"]) == (anne.user.id, COMPANY, HOUSE_CLIENT)


async def test_whoever_asks_never_approves(desk: Desk, house: House) -> None:
    sheet = await desk.ask("person_unlocking", PAYLOAD)
    assert [challenge.user_id for challenge in sheet.challenges] == [desk.farid.user.id]
    with pytest.raises(OwnActUnsignable):
        await house.answers.answer(desk.of_denise.login.id, sheet.challenges[0].id, desk.denise.authenticator.show())
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.PENDING


async def test_a_challenge_of_somebody_else_s_act_is_not_found(desk: Desk, house: House) -> None:
    sheet = await desk.ask("person_unlocking", PAYLOAD)
    _, of_ines = await desk.take_in("003", "auditor")
    with pytest.raises(NotFound):
        await house.answers.answer(of_ines.login.id, sheet.challenges[0].id, desk.denise.authenticator.show())


# --- who may ask ------------------------------------------------------------------------------------------


async def test_a_key_of_the_bank_s_systems_opens_no_act(desk: Desk, house: House) -> None:
    for asked in (
        Asked(client_identifier=HOUSE_CLIENT, initiator=desk.denise.number),
        Asked(client_identifier=CLIENT, initiator="003"),
    ):
        request = OpeningRequest(asked=asked, kind=ActionKind("person_unlocking"), payload=PAYLOAD)
        with pytest.raises(AdvisersOnly):
            await house.actions.open(CORE, request)


async def test_a_company_s_person_opens_no_act(desk: Desk, house: House, anne: Person) -> None:
    here = await house.access.presence((await house.sign_in(anne)).token)
    with pytest.raises(AdvisersOnly):
        await desk.staff.ask(here, "person_unlocking", PAYLOAD)


async def test_an_adviser_opens_no_action_of_a_company(desk: Desk) -> None:
    with pytest.raises(PolicyMissing):
        await desk.ask("beneficiary", dict(BENEFICIARY))


async def test_an_auditor_asks_for_nothing_and_signs_nothing(desk: Desk) -> None:
    ines, of_ines = await desk.take_in("003", "auditor")
    with pytest.raises(RoleInsufficient):
        await desk.staff.ask(of_ines, "person_unlocking", PAYLOAD)
    sheet = await desk.ask("person_unlocking", PAYLOAD)
    assert sheet.challenge_of(ines.user.id) is None


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("adviser_addition", {"adviser": "9", "name": "X", "language": "fr", "role": "supervisor"}),
        ("adviser_removal", {"adviser": "001", "successor": "003"}),
        ("portfolio_change", {"client": CLIENT, "adviser": "003"}),
        ("person_unlocking", {"client": HOUSE_CLIENT, "user": "001"}),
    ],
)
async def test_an_adviser_changes_neither_staff_nor_portfolios(desk: Desk, kind: str, payload: dict[str, Json]) -> None:
    _, of_ines = await desk.take_in("003", "adviser")
    with pytest.raises(RoleInsufficient):
        await desk.staff.ask(of_ines, kind, payload)


# --- own portfolio ----------------------------------------------------------------------------------------


async def test_outside_the_portfolio_a_company_is_not_told_apart_from_none(desk: Desk) -> None:
    _, of_ines = await desk.take_in("003", "adviser")
    refusals = []
    for client in (CLIENT, "49999999", HOUSE_CLIENT):
        with pytest.raises(OutsidePortfolio) as refusal:
            await desk.staff.ask(of_ines, "code_renewal", {**PAYLOAD, "client": client})
        refusals.append(str(refusal.value))
    assert len(set(refusals)) == 1
    adviser = await desk.house.access.adviser(of_ines)
    assert (await desk.staff.desk.portfolio(adviser, EVERYBODYS, None, 10)).items == []
    with pytest.raises(OutsidePortfolio):
        await desk.staff.desk.company(adviser, CLIENT)


async def test_a_company_given_to_an_adviser_is_in_their_portfolio(desk: Desk) -> None:
    _, of_ines = await desk.take_in("003", "adviser")
    await desk.done("portfolio_change", {"client": CLIENT, "adviser": "003"})
    adviser = await desk.house.access.adviser(of_ines)
    assert [
        each.client_identifier for each in (await desk.staff.desk.portfolio(adviser, EVERYBODYS, None, 10)).items
    ] == [CLIENT]
    assert [user.number for user in (await desk.staff.desk.company(adviser, CLIENT)).people] == ["001", "002", "003"]
    assert (await desk.staff.ask(of_ines, "code_renewal", PAYLOAD)).action.status is ActionStatus.PENDING


async def test_a_colleague_s_portfolio_is_shown_to_whoever_sees_all_and_to_nobody_else(desk: Desk) -> None:
    _, of_ines = await desk.take_in("003", "adviser")
    await desk.done("company_subscription", NEW_COMPANY)
    await desk.done("portfolio_change", {"client": CLIENT, "adviser": "003"})
    of_denise = PortfolioFilter(adviser_id=desk.denise.user.id)
    shown = []
    for presence in (desk.of_farid, of_ines):
        adviser = await desk.house.access.adviser(presence)
        page = await desk.staff.desk.portfolio(adviser, of_denise, None, 10)
        shown.append([each.client_identifier for each in page.items])
    assert shown == [[NEW_COMPANY["client"]], []]


async def test_the_portfolio_is_walked_and_searched(desk: Desk) -> None:
    for client, name in (("40000001", "Ardoises Blanc"), ("40000002", "Bois et Fils")):
        await desk.done("company_subscription", {**NEW_COMPANY, "client": client, "name": name})
    adviser = await desk.house.access.adviser(desk.of_denise)
    first = await desk.staff.desk.portfolio(adviser, EVERYBODYS, None, 2)
    second = await desk.staff.desk.portfolio(adviser, EVERYBODYS, first.next, 2)
    assert [each.client_identifier for each in (*first.items, *second.items)] == ["40000001", "40000002", CLIENT]
    assert second.next is None
    named = await desk.staff.desk.portfolio(adviser, PortfolioFilter(text="bois"), None, 2)
    assert [each.name for each in named.items] == ["Bois et Fils"]


# --- what acts change -------------------------------------------------------------------------------------


async def test_a_company_is_subscribed_into_the_asking_adviser_s_portfolio(desk: Desk) -> None:
    sheet = await desk.ask("company_subscription", NEW_COMPANY)
    assert await desk.company("40099999") is None
    await desk.staff.approve(desk.farid, desk.of_farid, sheet)
    company = await desk.company("40099999")
    assert company is not None
    assert (company.adviser_id, company.has_sol, company.legal_form) == (
        desk.denise.user.id,
        True,
        LegalForm.SOLE_TRADER,
    )
    assert company.means == {Means.CAP, Means.CERTIFICATE}


async def test_a_main_user_is_invited_and_their_letter_is_due(desk: Desk, house: House) -> None:
    await desk.done("company_subscription", NEW_COMPANY)
    payload: dict[str, Json] = {"client": "40099999", "user": "1", "name": "Louis Aubert", "language": "fr"}
    await desk.done("main_user_invitation", payload)
    user = await house.book.reading(lambda ledger: ledger.people.user_named("40099999", "1"))
    assert user is not None
    assert (user.status, user.is_main) == (UserStatus.INVITED, True)
    due = (await desk.staff.letters.browse(LetterStatus.DUE, None, 10)).items
    assert [each.user.id for each in due] == [user.id]


async def test_a_code_is_renewed(desk: Desk, house: House, anne: Person) -> None:
    here = await house.sign_in(anne)
    await desk.done("code_renewal", PAYLOAD)
    with pytest.raises(LoginEnded):
        await house.access.presence(here.token)
    due = (await desk.staff.letters.browse(LetterStatus.DUE, None, 10)).items
    assert [each.user.id for each in due] == [anne.user.id]


async def test_a_shut_door_is_opened(desk: Desk, house: House) -> None:
    door = FailureBucket(key=door_key(CLIENT, "001"), level=5, at=house.clock.now())
    await house.book.transaction(lambda ledger: ledger.failures.save(door))
    await desk.done("door_opening", PAYLOAD)
    (opened,) = await house.book.reading(lambda ledger: ledger.failures.load([door.key]))
    assert opened.level == 0


async def test_the_first_two_take_in_a_third_both_signing(desk: Desk, house: House) -> None:
    payload: dict[str, Json] = {"adviser": "003", "name": "Inès Roy", "language": "fr", "role": "adviser"}
    sheet = await desk.ask("adviser_addition", payload)
    await desk.staff.approve(desk.denise, desk.of_denise, sheet)
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.PENDING
    await desk.staff.approve(desk.farid, desk.of_farid, sheet)
    assert [each.user.status for each in await desk.staff.desk.colleagues()] == [
        UserStatus.ACTIVE,
        UserStatus.ACTIVE,
        UserStatus.INVITED,
    ]


async def test_a_third_adviser_approves_what_the_first_two_ask(desk: Desk, house: House) -> None:
    ines, of_ines = await desk.take_in("003", "adviser")
    sheet = await desk.ask("code_renewal", PAYLOAD)
    await desk.staff.approve(ines, of_ines, sheet)
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.RELEASED


async def test_who_leaves_signs_nothing_more_and_hands_the_portfolio_over(desk: Desk, house: House) -> None:
    await desk.take_in("003", "supervisor")
    await desk.done("company_subscription", NEW_COMPANY)
    sheet = await desk.staff.ask(desk.of_farid, "adviser_removal", {"adviser": "001", "successor": "002"})
    ines = await desk.staff.banker("003")
    await desk.staff.approve(ines, await desk.staff.enter(ines), sheet)
    with pytest.raises(LoginEnded):
        await house.devices.presence(desk.of_denise.login.id)
    company = await desk.company("40099999")
    assert company is not None
    assert company.adviser_id == desk.farid.user.id


async def test_two_who_can_sign_must_stay(desk: Desk) -> None:
    with pytest.raises(TooFewAdvisers):
        await desk.ask("adviser_removal", {"adviser": "002", "successor": "001"})


# --- what cannot be asked ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        ("company_subscription", {**NEW_COMPANY, "siren": "732829321"}, "siren"),
        ("company_subscription", {**NEW_COMPANY, "client": "4009x"}, "client"),
        ("company_subscription", {**NEW_COMPANY, "client": CLIENT}, "client"),
        ("company_subscription", {**NEW_COMPANY, "sol": "no"}, "means"),
        ("company_subscription", {**NEW_COMPANY, "more": 1}, "more"),
        ("main_user_invitation", {**PAYLOAD, "name": "X", "language": "fr"}, "user"),
        ("portfolio_change", {"client": CLIENT, "adviser": "777"}, "adviser"),
        ("adviser_removal", {"adviser": "001", "successor": "001"}, "successor"),
        ("adviser_addition", {"adviser": "9", "name": "X", "language": "fr", "role": "operator"}, "role"),
    ],
)
async def test_what_could_not_be_meant_is_refused_by_field(
    desk: Desk, kind: str, payload: dict[str, Json], field: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await desk.ask(kind, payload)
    assert refusal.value.field == field


async def test_a_number_an_adviser_has_is_taken(desk: Desk) -> None:
    with pytest.raises(AdviserNumberTaken):
        await desk.ask("adviser_addition", {"adviser": "002", "name": "X", "language": "fr", "role": "adviser"})


async def test_a_person_the_company_has_not_is_outside(desk: Desk) -> None:
    with pytest.raises(OutsidePortfolio):
        await desk.ask("code_renewal", {"client": CLIENT, "user": "777"})
