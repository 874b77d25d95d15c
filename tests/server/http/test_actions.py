from approvals.desk.house import HouseDesk
from approvals.model.api_key import Scope
from tests.house import ACCOUNT_IBAN, House, Person
from tests.server.http.site import OPENING, Site


async def test_the_core_holds_an_action_and_reads_it_back(site: Site) -> None:
    opened = await site.hold(reference="LOT-7")
    assert opened.status == 201
    assert opened.body["reference"] == "LOT-7"
    shown = await site.core.get(f"/v1/actions/{opened.body['id']}")
    assert shown.body == opened.body


async def test_the_core_is_shown_no_names(site: Site) -> None:
    opened = await site.hold()
    assert [name for name in ("Anne", "Bruno", "Chloé") if name in opened.content.decode()] == []
    assert opened.body["challenge"] is None


async def test_a_signer_is_shown_the_text_and_what_to_type(site: Site, people: tuple[Person, ...]) -> None:
    opened = await site.hold()
    anne = await site.sign_in(people[0])
    shown = await anne.get(f"/v1/actions/{opened.body['id']}")
    challenge = shown.node("challenge")
    assert shown.node("statement")["title"] == "Compte destinataire"
    assert isinstance(challenge["reader"], dict)
    assert challenge["reader"]["code_length"] == 8


async def test_the_core_reads_in_the_language_it_asks_for(site: Site) -> None:
    opened = await site.hold()
    shown = await site.core.get(f"/v1/actions/{opened.body['id']}", language="en")
    assert shown.node("statement")["title"] == "Beneficiary account"


async def test_somebody_who_signs_nothing_sees_nothing(site: Site, people: tuple[Person, ...]) -> None:
    opened = await site.hold(initiator="002")
    chloe = await site.sign_in(people[2])
    assert (await chloe.get(f"/v1/actions/{opened.body['id']}")).code == "not_found"
    assert (await chloe.get("/v1/actions")).items() == []


async def test_a_list_is_walked_page_by_page_newest_first(site: Site, house: House) -> None:
    ids = []
    for n in range(3):
        house.clock.advance(seconds=1)
        ids.append((await site.hold(reference=f"R{n}")).body["id"])
    first = await site.core.get("/v1/actions", limit=2)
    second = await site.core.get("/v1/actions", limit=2, after=first.text("next"))
    assert [item["id"] for item in first.items() + second.items()] == ids[::-1]
    assert second.body["next"] is None


async def test_a_list_is_narrowed_by_status_and_kind(site: Site) -> None:
    withdrawn, kept = await site.hold(), await site.hold()
    await site.core.post(f"/v1/actions/{withdrawn.body['id']}/withdrawal")
    pending = await site.core.get("/v1/actions", status="pending", kind="beneficiary")
    assert [item["id"] for item in pending.items()] == [kept.body["id"]]
    assert (await site.core.get("/v1/actions", kind="chequebook")).items() == []


async def test_a_cursor_we_never_gave_is_refused(site: Site) -> None:
    answered = await site.core.get("/v1/actions", after="abc")
    assert (answered.status, answered.code) == (422, "invalid_request")


async def test_withdrawing_twice_is_withdrawing_once(site: Site) -> None:
    opened = await site.hold()
    address = f"/v1/actions/{opened.body['id']}/withdrawal"
    once, twice = await site.core.post(address), await site.core.post(address)
    assert (once.status, once.body["status"]) == (200, "withdrawn")
    assert twice.body == once.body


async def test_a_person_opens_in_their_own_name_and_withdraws(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    opened = await anne.post("/v1/actions", {"kind": "beneficiary", "payload": OPENING["payload"]})
    assert (opened.status, opened.node("initiator")["number"]) == (201, "001")
    assert [item["id"] for item in (await anne.get("/v1/actions")).items()] == [opened.body["id"]]
    withdrawn = await anne.post(f"/v1/actions/{opened.body['id']}/withdrawal")
    assert withdrawn.body["status"] == "withdrawn"


async def test_a_change_of_rights_is_opened_signed_and_over_at_once(site: Site, people: tuple[Person, ...]) -> None:
    grant = {
        "change": "grant",
        "user": "003",
        "signs": ["remittance"],
        "power": "B",
        "ceilings": [{"kind": "remittance", "account": ACCOUNT_IBAN, "per_day": 500000}],
    }
    anne, bruno = await site.sign_in(people[0]), await site.sign_in(people[1])
    opened = await anne.post("/v1/actions", {"kind": "entitlement", "payload": grant})
    assert (opened.status, opened.node("statement")["title"]) == (201, "Gestion des habilitations")
    assert opened.items("requirements") == [{"group": None, "count": 1, "signed": 0}]
    asked = (await bruno.get(f"/v1/actions/{opened.body['id']}")).node("challenge")
    proof = {"method": "cap", "code": people[1].code_key().code}
    assert (await bruno.post(f"/v1/challenges/{asked['id']}/answers", proof)).status == 200
    shown = await anne.get(f"/v1/actions/{opened.body['id']}")
    assert (shown.body["status"], shown.items("requirements")[0]["signed"]) == ("released", 1)
    assert [each["status"] for each in shown.items("signatures")] == ["satisfied"]


async def test_what_rights_refuse_has_its_own_code_on_the_wire(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    own = await anne.post("/v1/actions", {"kind": "entitlement", "payload": {"change": "leave", "user": "001"}})
    assert (own.status, own.code) == (403, "self_granting")
    below = {"change": "grant", "user": "003"} | {
        "ceilings": [{"kind": "remittance", "account": ACCOUNT_IBAN, "per_day": -1}]
    }
    refused = await anne.post("/v1/actions", {"kind": "entitlement", "payload": below})
    assert (refused.status, refused.code, refused.body["field"]) == (422, "limit_below_zero", "per_day")
    chloe = await site.sign_in(people[2])
    unentitled = await chloe.post("/v1/actions", {"kind": "beneficiary", "payload": OPENING["payload"]})
    assert (unentitled.status, unentitled.code) == (403, "not_entitled")


async def test_a_person_neither_opens_for_somebody_else_nor_withdraws_what_the_core_opened(
    site: Site, people: tuple[Person, ...]
) -> None:
    opened = await site.hold(initiator="001")
    anne = await site.sign_in(people[0])
    refused = await anne.post("/v1/actions", OPENING)
    assert (refused.status, refused.code) == (403, "initiator_not_caller")
    assert (await anne.post(f"/v1/actions/{opened.body['id']}/withdrawal")).code == "not_found"


async def test_a_key_without_the_scope_is_known_and_refused(site: Site, house: House) -> None:
    reader = site.nobody.having(await house_key(house, "read"))
    answered = await reader.post("/v1/actions", OPENING)
    assert (answered.status, answered.code) == (403, "forbidden")
    assert (await reader.get("/v1/actions")).status == 200


async def test_a_kind_that_does_not_exist_is_refused_by_name(site: Site) -> None:
    answered = await site.hold(kind="cheque")
    assert (answered.code, answered.body["field"]) == ("invalid_request", "kind")


async def test_a_company_nobody_knows_opens_nothing(site: Site) -> None:
    assert (await site.hold(client_identifier="0000")).code == "not_found"


async def test_the_same_request_under_one_key_is_carried_out_once(site: Site) -> None:
    body = OPENING
    first, again = (
        await site.core.post("/v1/actions", body, key="k-1"),
        await site.core.post("/v1/actions", body, key="k-1"),
    )
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == first.body
    assert len((await site.core.get("/v1/actions")).items()) == 1


async def test_another_request_under_the_same_key_is_refused(site: Site) -> None:
    body = OPENING
    await site.core.post("/v1/actions", body, key="k-1")
    answered = await site.core.post("/v1/actions", {**body, "reference": "other"}, key="k-1")
    assert (answered.status, answered.code) == (409, "idempotency_key_reused")


async def test_a_key_that_cannot_be_read_is_refused(site: Site) -> None:
    answered = await site.core.post("/v1/actions", OPENING, key="clé" * 3)
    assert (answered.status, answered.code) == (400, "malformed_request")
    too_long = await site.core.post("/v1/actions", OPENING, key="k" * 256)
    assert too_long.code == "malformed_request"


async def house_key(house: House, scope: str) -> str:
    """An API key with one scope."""
    desk = HouseDesk(book=house.book, clock=house.clock, ids=house.ids)
    return (await desk.add_api_key("reader", frozenset({Scope(scope)}))).token


async def test_a_key_that_may_only_open_reads_nothing(site: Site, house: House) -> None:
    opener = site.nobody.having(await house_key(house, "open"))
    opened = await opener.post("/v1/actions", OPENING)
    address = f"/v1/actions/{opened.body['id']}"
    for path in ("/v1/actions", address, f"{address}/payload", f"{address}/payees", f"{address}/evidence"):
        answered = await opener.get(path)
        assert (answered.status, answered.code) == (403, "forbidden")
    assert (await opener.post(f"{address}/withdrawal")).code == "forbidden"


async def test_a_key_withdraws_only_what_it_opened(site: Site, house: House) -> None:
    opened = await site.hold()
    other = site.nobody.having(await house_key(house, "withdraw_own"))
    assert (await other.post(f"/v1/actions/{opened.body['id']}/withdrawal")).code == "not_found"
