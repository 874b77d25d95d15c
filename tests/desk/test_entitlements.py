"""Entitlements, on both databases: nobody grants themself anything, nothing is overwritten, pending actions follow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from approvals import statement
from approvals.credentials.refusals import (
    AccountNotHeld,
    LimitBelowZero,
    NotEntitled,
    PeriodReversed,
    PersonNotHere,
    SelfGranting,
    UserNumberTaken,
)
from approvals.errors import InitiatorUnknown, InvalidRequest, LoginEnded, PayloadRefused
from approvals.model.action import ActionStatus
from approvals.model.challenge import ChallengeStatus, RefusalReason
from approvals.model.entitlement import Ceiling, Entitlement
from approvals.model.ids import ActionKind
from approvals.model.json import Json
from approvals.model.person import Language, UserStatus
from approvals.model.policy import Policy, Signatures
from approvals.model.proof import Answer
from approvals.model.release import DeliveryStatus
from approvals.model.sheet import ActionSheet
from approvals.operations import OPERATIONS
from approvals.operations.entitlement import KIND
from approvals.operations.refusals import FunctionUnknown, IbanWrong
from tests.company import entitle, put_policy, start
from tests.house import ACCOUNT_IBAN, ALONE, CHEQUEBOOK, TWO_TOGETHER, House, Person, entitlement, mine, release_of

GRANT: Mapping[str, Json] = {
    "change": "grant",
    "user": "003",
    "initiates": ["remittance"],
    "signs": ["chequebook", "beneficiary"],
    "power": "B",
    "accounts": [ACCOUNT_IBAN],
    "ceilings": [{"kind": "remittance", "account": ACCOUNT_IBAN, "per_remittance": 100000, "per_day": 250000}],
    "until": "2026-12-31",
}
NOTHING: Mapping[str, Json] = {"change": "grant", "user": "002"}
LEAVE: Mapping[str, Json] = {"change": "leave", "user": "002"}


async def approve(house: House, sheet: ActionSheet, *people: Person) -> ActionSheet:
    """Each signs in turn with the code the reader shows."""
    for person in people:
        here = await house.sign_in(person)
        challenge = mine(await house.sheet(sheet.id), person)
        answered = await house.answers.answer(here.login.id, challenge.id, person.answer(challenge.reader_input))
        assert answered.answer is Answer.ACCEPTED
    return await house.sheet(sheet.id)


async def change(house: House, payload: Mapping[str, Json], initiator: str, *signers: Person) -> ActionSheet:
    """Open a change of entitlement and have it signed."""
    return await approve(house, await house.hold("entitlement", payload, initiator), *signers)


async def entitlement_of(house: House, person: Person) -> Entitlement:
    return await house.book.reading(lambda ledger: ledger.rights.of_user(person.user.id))


async def test_a_change_of_entitlement_shows_before_and_after_in_the_reader_s_language(house: House) -> None:
    await house.found()
    facts = (await house.hold("entitlement", GRANT, "001")).action.facts
    operation = OPERATIONS[(await house.hold("entitlement", GRANT, "001")).action.kind]
    french = statement.render(operation.title, operation.fields, facts, Language.FR)
    said = {line.label: line.value for line in french.lines}
    assert said["Utilisateur"] == "003"
    assert said["Pouvoir de signature"] == "néant → B"
    assert said["Signe"] == "néant → Compte destinataire ; Commande de chéquier"
    assert said["Plafonds"] == (
        "néant → Remise d'ordres de paiement, FR76 3000 6000 0112 3456 7890 189 : "
        "1\u202f000,00 EUR par remise, 2\u202f500,00 EUR par jour"
    )
    assert said["À partir du"] == "néant (inchangé)"
    english = statement.render(operation.title, operation.fields, facts, Language.EN)
    assert {line.label: line.value for line in english.lines}["Until"] == "none → 2026-12-31"


async def test_functions_that_only_another_version_knew_are_shown_as_they_stand_and_taken_away(house: House) -> None:
    _, bruno, chloe = await house.found()
    loan, leasing = ActionKind("loan"), ActionKind("leasing")
    ceiling = Ceiling(kind=leasing, account=ACCOUNT_IBAN, currency="EUR", per_day=100)
    kept = Entitlement(
        user_id=chloe.user.id, initiates=frozenset({loan}), signs=frozenset({loan}), group="A", ceilings=(ceiling,)
    )
    await house.book.transaction(lambda ledger: ledger.rights.put(chloe.user.subscription_id, kept))
    sheet = await house.hold("entitlement", GRANT, "001")
    operation = OPERATIONS[sheet.action.kind]
    shown = statement.render(operation.title, operation.fields, sheet.action.facts, Language.FR)
    said = {line.label: line.value for line in shown.lines}
    assert said["Signe"] == "loan → Compte destinataire ; Commande de chéquier"
    assert said["Plafonds"].startswith("leasing, FR76 3000 6000 0112 3456 7890 189 : 1,00 EUR par jour → Remise")
    await approve(house, sheet, bruno)
    assert sorted((await entitlement_of(house, chloe)).signs) == ["beneficiary", "chequebook"]


async def test_a_decided_change_is_released_at_once_and_goes_nowhere(house: House) -> None:
    anne, bruno, chloe = await house.found()
    ended = await change(house, GRANT, "001", bruno)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.RELEASED, "released")
    release = await release_of(house, ended)
    assert release is not None
    assert (release.status, release.settled_at) == (DeliveryStatus.DELIVERED, house.clock.now())
    assert await house.book.reading(lambda ledger: ledger.releases.next_due()) is None
    granted = await entitlement_of(house, chloe)
    assert (granted.group, sorted(granted.signs), granted.version) == ("B", ["beneficiary", "chequebook"], 1)
    assert (await entitlement_of(house, anne)).version == 1


async def test_the_second_of_two_crossing_changes_fails_and_overwrites_nothing(house: House) -> None:
    _, bruno, chloe = await house.found()
    first = await house.hold("entitlement", GRANT, "001")
    second = await house.hold("entitlement", {**GRANT, "power": "A"}, "001")
    assert (await approve(house, second, bruno)).action.status is ActionStatus.RELEASED
    ended = await approve(house, first, bruno)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "entitlement_crossed")
    assert await release_of(house, ended) is None
    assert (await entitlement_of(house, chloe)).group == "A"


async def test_nobody_starts_a_change_of_their_own_entitlement(house: House) -> None:
    anne, _, _ = await house.found()
    with pytest.raises(SelfGranting):
        await house.hold("entitlement", {**GRANT, "user": "001"}, "001")
    with pytest.raises(SelfGranting):
        await start(house, anne, "entitlement", {**GRANT, "user": "001"})
    with pytest.raises(InitiatorUnknown):
        await house.hold("entitlement", GRANT, "unknown")


async def test_nobody_is_asked_to_sign_a_change_of_their_own_entitlement(house: House) -> None:
    anne, bruno, _ = await house.found(Policy(clauses=(Signatures(count=1),), initiator_may_sign=True))
    sheet = await house.hold("entitlement", {**NOTHING, "user": "002"}, "001")
    assert [each.user_id for each in sheet.challenges] == [anne.user.id]
    assert bruno.user.id not in {each.user_id for each in sheet.challenges}


@pytest.mark.parametrize(
    ("wrong", "refused", "field"),
    [
        ({"accounts": ["FR1420041010050500013M02606"]}, AccountNotHeld, "accounts"),
        (
            {"ceilings": [{"kind": "remittance", "account": "FR1420041010050500013M02606", "per_day": 1}]},
            AccountNotHeld,
            "accounts",
        ),
        (
            {"ceilings": [{"kind": "remittance", "account": ACCOUNT_IBAN, "per_day": -1}]},
            LimitBelowZero,
            "per_day",
        ),
        ({"until": "2026-11-22"}, PeriodReversed, "until"),
        ({"from": "2026-12-31", "until": "2026-12-30"}, PeriodReversed, "until"),
        ({"user": "009"}, PersonNotHere, "user"),
        ({"accounts": ["FR00"]}, IbanWrong, "accounts"),
        ({"change": "invite", "name": "Karim", "language": "fr"}, UserNumberTaken, "user"),
        ({"initiates": ["loan"]}, FunctionUnknown, "initiates"),
        ({"signs": ["person_unlocking"]}, FunctionUnknown, "signs"),
        ({"ceilings": [{"kind": "loan", "account": ACCOUNT_IBAN, "per_day": 1}]}, FunctionUnknown, "kind"),
    ],
)
async def test_an_entitlement_that_could_not_be_meant_is_refused_by_its_own_code(
    house: House,
    wrong: Mapping[str, Json],
    refused: type[
        AccountNotHeld | FunctionUnknown | IbanWrong | LimitBelowZero | PeriodReversed | PersonNotHere | UserNumberTaken
    ],
    field: str,
) -> None:
    await house.found()
    with pytest.raises(refused) as told:
        await house.hold("entitlement", {**GRANT, **wrong}, "001")
    assert vars(told.value)["field"] == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"power": None},
        {"power": "C"},
        {"signs": [1]},
        {"signs": "chequebook"},
        {"until": "2026-02-30"},
        {"until": "tomorrow"},
        {"ceilings": ["none"]},
        {"ceilings": [{"kind": "remittance", "account": ACCOUNT_IBAN, "per_day": True}]},
        {"ceilings": [{"kind": "remittance", "account": ACCOUNT_IBAN, "weekly": 1}]},
        {"name": "Chloé"},
    ],
)
async def test_a_payload_of_another_shape_is_refused(house: House, wrong: Mapping[str, Json]) -> None:
    await house.found()
    with pytest.raises((InvalidRequest, PayloadRefused)):
        await house.hold("entitlement", {**GRANT, **wrong}, "001")


# --- people come and go -------------------------------------------------------------------------------------


INVITE: Mapping[str, Json] = {
    "change": "invite",
    "user": "004",
    "name": "Karim Benali",
    "language": "fr",
    "initiates": ["chequebook"],
}


async def test_an_invited_user_is_known_and_cannot_come_in_yet(house: House) -> None:
    _, bruno, _ = await house.found()
    await change(house, INVITE, "001", bruno)
    karim = await house.book.reading(lambda ledger: ledger.people.user_named("40012345", "004"))
    assert karim is not None
    assert (karim.status, karim.code_hash, karim.is_main) == (UserStatus.INVITED, None, False)
    entitlement = await house.book.reading(lambda ledger: ledger.rights.of_user(karim.id))
    assert entitlement.initiates == {"chequebook"}


async def test_two_invitations_under_one_number_make_one_user(house: House) -> None:
    _, bruno, _ = await house.found()
    first, second = [await house.hold("entitlement", INVITE, "001") for _ in range(2)]
    assert (await approve(house, first, bruno)).action.status is ActionStatus.RELEASED
    ended = await approve(house, second, bruno)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "user_number_taken")


async def test_who_leaves_is_signed_out_everywhere_and_signs_nothing_more(house: House) -> None:
    anne, bruno, chloe = await house.found()
    await change(house, {**GRANT, "signs": ["entitlement"]}, "001", bruno)
    pending = await house.hold("chequebook", CHEQUEBOOK)
    here = await house.sign_in(bruno)
    await change(house, LEAVE, "001", chloe)
    assert (await house.user(bruno)).status is UserStatus.LEFT
    assert mine(await house.sheet(pending.id), bruno).status is ChallengeStatus.CLOSED
    with pytest.raises(LoginEnded):
        await house.answers.answer(here.login.id, mine(pending, bruno).id, bruno.code_key())
    with pytest.raises(PersonNotHere):
        await house.hold("entitlement", NOTHING, "001")
    assert mine(await house.sheet(pending.id), anne).status is ChallengeStatus.OPEN


# --- pending actions ----------------------------------------------------------------------------------------


CHEQUEBOOKS = ActionKind("chequebook")
SIGN_CHEQUEBOOKS: Mapping[str, Json] = {"change": "grant", "user": "002", "signs": ["chequebook"], "power": "A"}


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    """Anne and Bruno sign a chequebook together; Chloé alone decides about entitlements, which Anne starts."""
    anne, bruno, chloe = await house.found(TWO_TOGETHER, kinds=("chequebook",))
    await put_policy(house, "entitlement", ALONE)
    await entitle(house, entitlement(chloe, "B", [KIND]))
    return anne, bruno, chloe


async def test_the_signature_of_an_approver_removed_since_no_longer_counts(
    house: House, people: tuple[Person, ...]
) -> None:
    _, bruno, chloe = people
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    await approve(house, sheet, bruno)
    await change(house, NOTHING, "001", chloe)
    ended = await house.sheet(sheet.id)
    assert (ended.action.status, ended.action.reason) == (ActionStatus.FAILED, "nobody_left_to_sign")
    assert await release_of(house, sheet) is None


async def test_who_is_given_a_right_is_asked_and_told_in_the_same_transaction(
    house: House, people: tuple[Person, ...]
) -> None:
    anne, bruno, chloe = people
    await put_policy(house, "chequebook", ALONE)
    await entitle(house, Entitlement(user_id=bruno.user.id))
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    assert [each.user_id for each in sheet.challenges] == [anne.user.id]
    await change(house, SIGN_CHEQUEBOOKS, "001", chloe)
    asked = await house.sheet(sheet.id)
    assert (mine(asked, bruno).status, mine(asked, bruno).group) == (ChallengeStatus.OPEN, "A")
    assert [event.news.kind for event in await house.inbox.read(bruno.user.id, 0, 9)] == ["challenge_opened"]
    assert (await approve(house, asked, bruno)).action.status is ActionStatus.APPROVED


async def test_a_right_lost_and_given_again_is_a_new_challenge(house: House, people: tuple[Person, ...]) -> None:
    _, bruno, chloe = people
    await put_policy(house, "chequebook", ALONE)
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    await change(house, NOTHING, "001", chloe)
    assert mine(await house.sheet(sheet.id), bruno).status is ChallengeStatus.CLOSED
    await change(house, SIGN_CHEQUEBOOKS, "001", chloe)
    given = mine(await house.sheet(sheet.id), bruno)
    assert (given.status, given.group) == (ChallengeStatus.OPEN, "A")
    assert given.id != mine(sheet, bruno).id


async def test_a_change_of_signing_power_moves_an_open_challenge_to_the_other_group(
    house: House, people: tuple[Person, ...]
) -> None:
    _, bruno, chloe = people
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    await change(house, SIGN_CHEQUEBOOKS, "001", chloe)
    moved = mine(await house.sheet(sheet.id), bruno)
    assert (moved.id, moved.group, moved.status) == (mine(sheet, bruno).id, "A", ChallengeStatus.OPEN)


async def test_a_right_ends_with_its_last_day_in_paris(house: House, people: tuple[Person, ...]) -> None:
    _, bruno, chloe = people
    await put_policy(house, "chequebook", ALONE)
    await change(house, {**SIGN_CHEQUEBOOKS, "until": "2026-11-23"}, "001", chloe)
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    house.clock.move_to(datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC))
    assert (await house.sweeping.sweep()).reviewed == 0
    here = await house.sign_in(bruno)
    house.clock.move_to(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))
    with pytest.raises(NotEntitled):
        await house.answers.answer(here.login.id, mine(sheet, bruno).id, bruno.code_key())
    with pytest.raises(NotEntitled):
        await house.answers.refuse(here.login.id, mine(sheet, bruno).id, RefusalReason.OTHER)
    assert (await house.card(bruno)).attempts_left == 3
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.PENDING
    assert (await house.sweeping.sweep()).reviewed == 1
    assert mine(await house.sheet(sheet.id), bruno).status is ChallengeStatus.CLOSED
    assert (await house.sweeping.sweep()).reviewed == 0


async def test_a_right_begins_with_its_first_day(house: House, people: tuple[Person, ...]) -> None:
    _, bruno, chloe = people
    await put_policy(house, "chequebook", ALONE)
    await change(house, {**SIGN_CHEQUEBOOKS, "from": "2026-11-24"}, "001", chloe)
    sheet = await house.hold("chequebook", CHEQUEBOOK)
    assert sheet.challenge_of(bruno.user.id) is None
    house.clock.move_to(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))
    await house.sweeping.sweep()
    assert mine(await house.sheet(sheet.id), bruno).status is ChallengeStatus.OPEN
    assert (await entitlement_of(house, bruno)).valid_from == date(2026, 11, 24)


async def test_a_long_list_of_pending_actions_is_looked_through_in_bites(
    house: House, people: tuple[Person, ...]
) -> None:
    _, bruno, chloe = people
    await put_policy(house, "chequebook", ALONE)
    sheets = [await house.hold("chequebook", CHEQUEBOOK) for _ in range(103)]
    await change(house, NOTHING, "001", chloe)
    assert 0 < await still_asked(house, bruno, sheets) <= 4
    await house.sweeping.sweep()
    assert await still_asked(house, bruno, sheets) == 0


async def still_asked(house: House, person: Person, sheets: list[ActionSheet]) -> int:
    now = [mine(await house.sheet(sheet.id), person).status for sheet in sheets]
    return now.count(ChallengeStatus.OPEN)


async def test_a_person_starts_what_their_entitlement_covers(house: House, people: tuple[Person, ...]) -> None:
    anne, _, chloe = people
    await put_policy(house, "chequebook", ALONE)
    assert (await start(house, anne, "chequebook", CHEQUEBOOK)).action.initiator == anne.user.id
    with pytest.raises(NotEntitled):
        await start(house, chloe, "chequebook", CHEQUEBOOK)
    await entitle(house, replace(entitlement(chloe, "B", [CHEQUEBOOKS]), accounts=frozenset()))
    with pytest.raises(NotEntitled):
        await start(house, chloe, "chequebook", CHEQUEBOOK)
