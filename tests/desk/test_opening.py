"""Opening and withdrawing, on both databases: what is held, who is asked, what is refused (RULES 3, 5, 6)."""

from dataclasses import replace

import pytest

from approvals import statement
from approvals.desk.actions import OpeningRequest
from approvals.desk.opening import Asked
from approvals.desk.presence import Presence
from approvals.errors import (
    ActionClosed,
    Forbidden,
    IdempotencyKeyReused,
    InitiatorNotCaller,
    InitiatorUnknown,
    InvalidRequest,
    LoginEnded,
    NobodyCanSign,
    NotFound,
    PolicyMissing,
    UnknownAccount,
)
from approvals.model.action import ActionStatus
from approvals.model.api_key import Scope
from approvals.model.card import CardStatus
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ActionId, ActionKind, ApiKeyId
from approvals.model.json import Json
from approvals.model.policy import Policy, Signatures
from approvals.model.reader import CODE_KEY, CapMode
from tests.company import start
from tests.house import ALONE, BENEFICIARY, CHEQUEBOOK, CLIENT, CORE, PAYEE_IBAN, TWO_TOGETHER, House, Person, mine


def asking(
    payload: dict[str, Json] | None = None,
    *,
    kind: str = "beneficiary",
    initiator: str | None = "003",
    client: str | None = CLIENT,
) -> OpeningRequest:
    return OpeningRequest(
        asked=Asked(client_identifier=client, initiator=initiator),
        kind=ActionKind(kind),
        payload={**BENEFICIARY} if payload is None else payload,
    )


async def test_an_opened_action_is_held_and_its_signers_are_told(house: House) -> None:
    anne, bruno, _ = await house.found()
    sheet = await house.hold()
    assert sheet.action.status is ActionStatus.PENDING
    assert {challenge.user_id for challenge in sheet.challenges} == {anne.user.id, bruno.user.id}
    assert house.announcements.heads == [{anne.user.id: 1, bruno.user.id: 1}]


async def test_the_statement_is_the_same_for_every_signer_and_its_digest_covers_the_facts(house: House) -> None:
    await house.found()
    sheet = await house.hold()
    assert sheet.action.statement_digest == statement.digest(sheet.action.facts)
    assert sheet.action.facts["payload_sha256"] == sheet.action.payload_digest


async def test_a_beneficiary_is_linked_by_the_end_of_its_account_and_a_chequebook_takes_the_code_key(
    house: House,
) -> None:
    anne, _, _ = await house.found()
    linked = mine(await house.hold("beneficiary"), anne).reader_input
    assert linked is not None
    assert (linked.mode, linked.digits) == (CapMode.RESPOND, "21302606")
    assert mine(await house.hold("chequebook", CHEQUEBOOK), anne).reader_input == CODE_KEY


async def test_the_same_request_twice_opens_once(house: House) -> None:
    await house.found()
    key = RequestKey(caller="api_key:key_core", key="k1", request_digest="00")
    first = await house.actions.open(CORE, asking(), key)
    again = await house.actions.open(CORE, asking(), key)
    assert (first.replayed, again.replayed) == (False, True)
    assert first.sheets[0].id == again.sheets[0].id
    with pytest.raises(IdempotencyKeyReused):
        await house.actions.open(CORE, asking(), replace(key, request_digest="01"))


async def test_without_a_policy_nothing_is_opened(house: House) -> None:
    await house.found(kinds=("chequebook",))
    with pytest.raises(PolicyMissing):
        await house.hold("beneficiary")


async def test_a_policy_without_clauses_opens_nothing(house: House) -> None:
    await house.found(Policy(clauses=()))
    with pytest.raises(NobodyCanSign):
        await house.hold()


async def test_too_few_people_with_a_usable_card_open_nothing(house: House) -> None:
    anne, _, _ = await house.found(TWO_TOGETHER)
    await house.put_card(anne.card, status=CardStatus.LOCKED)
    with pytest.raises(NobodyCanSign):
        await house.hold()


async def test_an_initiator_nobody_names_is_refused_where_the_policy_excludes_them(house: House) -> None:
    await house.found()
    with pytest.raises(InitiatorUnknown):
        await house.hold(initiator="unknown")


async def test_an_initiator_nobody_names_is_taken_where_they_may_sign(house: House) -> None:
    await house.found(replace(ALONE, initiator_may_sign=True))
    assert (await house.hold(initiator="unknown")).action.initiator == "unknown"


async def test_the_initiator_is_not_asked_to_sign(house: House) -> None:
    anne, bruno, _ = await house.found()
    sheet = await house.hold(initiator=anne.user.number)
    assert [challenge.user_id for challenge in sheet.challenges] == [bruno.user.id]


async def test_an_initiator_of_no_such_number_is_refused(house: House) -> None:
    await house.found()
    with pytest.raises(InvalidRequest) as refused:
        await house.hold(initiator="777")
    assert refused.value.field == "initiator"


async def test_another_companys_account_is_refused(house: House) -> None:
    await house.found()
    with pytest.raises(UnknownAccount) as refused:
        await house.hold("chequebook", {**CHEQUEBOOK, "account": PAYEE_IBAN})
    assert refused.value.code == "account_unknown"


async def test_an_unknown_client_identifier_or_kind_is_refused(house: House) -> None:
    await house.found()
    with pytest.raises(NotFound):
        await house.actions.open(CORE, asking(client="00000000"))
    with pytest.raises(InvalidRequest):
        await house.actions.open(CORE, asking(kind="loan"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 71),
        ("change", "steal"),
        ("lists", "Fournisseurs"),
        ("lists", ["x" * 36]),
        ("colour", "blue"),
    ],
)
async def test_a_payload_that_is_wrong_is_refused_by_its_field(house: House, field: str, value: Json) -> None:
    await house.found()
    with pytest.raises(InvalidRequest) as refused:
        await house.actions.open(CORE, asking({**BENEFICIARY, field: value}))
    assert refused.value.field == field


@pytest.mark.parametrize("number", [0, 21, True, "3"])
async def test_a_count_out_of_bounds_is_refused(house: House, number: int | str) -> None:
    await house.found()
    with pytest.raises(InvalidRequest) as refused:
        await house.actions.open(CORE, asking({**CHEQUEBOOK, "number": number}, kind="chequebook"))
    assert refused.value.field == "number"


async def test_a_key_without_the_scope_opens_nothing(house: House) -> None:
    await house.found()
    with pytest.raises(Forbidden):
        await house.actions.open(replace(CORE, scopes=frozenset({Scope.READ})), asking())


# --- withdrawing ------------------------------------------------------------------------------------------


async def test_withdrawing_ends_the_action_and_twice_is_once(house: House) -> None:
    anne, _, _ = await house.found()
    sheet = await house.hold()
    assert (await house.withdraw(sheet)).action.status is ActionStatus.WITHDRAWN
    heads = len(house.announcements.heads)
    assert (await house.withdraw(sheet)).action.status is ActionStatus.WITHDRAWN
    told = [event.news.kind.value for event in await house.inbox.read(anne.user.id, 0, 10)]
    assert told == ["challenge_opened", "action_ended"]
    assert len(house.announcements.heads) == heads + 1


async def test_what_is_approved_cannot_be_withdrawn(house: House) -> None:
    anne, _, _ = await house.found()
    sheet, here = await house.hold(), await house.sign_in(anne)
    await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.answer(mine(sheet, anne).reader_input))
    with pytest.raises(ActionClosed) as refused:
        await house.withdraw(sheet)
    assert refused.value.status == "approved"


async def test_only_its_opener_withdraws_an_action(house: House) -> None:
    await house.found()
    sheet = await house.hold()
    with pytest.raises(NotFound):
        await house.actions.withdraw(replace(CORE, id=ApiKeyId("key_other")), sheet.id)
    with pytest.raises(NotFound):
        await house.actions.withdraw(CORE, ActionId("act_none"))


async def test_a_person_sees_what_they_started_and_what_they_are_asked_to_sign(house: House) -> None:
    anne, bruno, chloe = await house.found(Policy(clauses=(Signatures(count=1, group="A"),)))
    sheet = await house.hold(initiator="003")
    for person in (anne, chloe):
        assert (await house.actions.show(sheet.id, to=person.user.id)).id == sheet.id
    with pytest.raises(NotFound):
        await house.actions.show(sheet.id, to=bruno.user.id)


# --- people who open ----------------------------------------------------------------------------------------


async def test_a_signed_in_person_opens_in_their_own_name_and_takes_it_back(house: House) -> None:
    anne, bruno, _ = await house.found()
    sheet = await start(house, anne)
    assert (sheet.action.initiator, sheet.action.opened_by) == (anne.user.id, f"user:{anne.user.id}")
    assert [challenge.user_id for challenge in sheet.challenges] == [bruno.user.id]
    here = await presence_of(house, anne)
    assert (await house.actions.withdraw(here, sheet.id)).action.status is ActionStatus.WITHDRAWN


@pytest.mark.parametrize(("client", "initiator"), [(None, "002"), ("40099999", None), (CLIENT, "unknown")])
async def test_a_person_opens_for_nobody_else(house: House, client: str | None, initiator: str | None) -> None:
    anne, _, _ = await house.found()
    with pytest.raises(InitiatorNotCaller):
        await house.actions.open(await presence_of(house, anne), asking(client=client, initiator=initiator))


async def test_a_person_takes_back_only_what_they_opened(house: House) -> None:
    anne, _, _ = await house.found()
    sheet = await house.hold(initiator="001")
    with pytest.raises(NotFound):
        await house.actions.withdraw(await presence_of(house, anne), sheet.id)


async def test_a_login_that_ended_meanwhile_opens_nothing(house: House) -> None:
    anne, _, _ = await house.found()
    here = await presence_of(house, anne)
    await house.access.sign_out(here, here.login.id)
    with pytest.raises(LoginEnded):
        await house.actions.open(here, asking(initiator=None, client=None))


@pytest.mark.parametrize(("client", "initiator"), [(None, "003"), (CLIENT, None)])
async def test_a_key_names_company_and_initiator(house: House, client: str | None, initiator: str | None) -> None:
    await house.found()
    with pytest.raises(InvalidRequest):
        await house.actions.open(CORE, asking(client=client, initiator=initiator))


async def presence_of(house: House, person: Person) -> Presence:
    return await house.access.presence((await house.sign_in(person)).token)


async def test_powers_decide_who_is_asked(house: House) -> None:
    anne, _, _ = await house.found(Policy(clauses=(Signatures(count=1, group="A"),)))
    sheet = await house.hold()
    assert [challenge.user_id for challenge in sheet.challenges] == [anne.user.id]
