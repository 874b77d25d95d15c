"""What people type into a form's texts: a live code, a trick or two megabytes are refused before anything is kept."""

import pytest

from tests.house import Person
from tests.server.http.site import OPENING, Site
from tests.server.spec import Api

PAYEE = {"change": "add", "name": "Menuiserie Le Goff", "iban": "FR1420041010050500013M02606"}


@pytest.fixture
async def anne(site: Site, people: tuple[Person, Person, Person]) -> Api:
    return await site.sign_in(people[0])


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"name": "39514287"}, "name", "text_code"),
        ({"name": "le code 3951 4287"}, "name", "text_code"),
        ({"lists": ["Chantier Nord", "code 395-142"]}, "lists", "text_code"),
        ({"name": "Zoé \u202egro.knab"}, "name", "text_direction"),
        ({"name": "Menuiserie\u200b Le Goff"}, "name", "text_control"),
    ],
)
async def test_a_code_or_a_trick_is_refused_at_its_field(
    site: Site, anne: Api, typed: dict[str, object], field: str, code: str
) -> None:
    refused = await anne.post("/v1/actions", {"kind": "beneficiary", "payload": {**PAYEE, **typed}})
    assert (refused.status, refused.code, refused.body["field"]) == (422, code, field)
    assert (await site.core.get("/v1/actions")).items() == []


async def test_a_name_the_core_knows_may_hold_digits(site: Site) -> None:
    opened = await site.hold(payload={**PAYEE, "name": "SCI 39514287"})
    assert (opened.status, OPENING["kind"]) == (201, opened.body["kind"])


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_two_megabytes_in_a_form_are_refused_unread(site: Site, anne: Api) -> None:
    payload = {**PAYEE, "name": "é" * 1024 * 1024}
    refused = await anne.post("/v1/actions", {"kind": "beneficiary", "payload": payload})
    assert (refused.status, refused.code) == (413, "payload_too_large")
    assert (await site.core.get("/v1/actions")).items() == []


async def test_a_script_in_a_form_is_a_name_like_another(anne: Api) -> None:
    script = "<script>alert(1)</script>"
    opened = await anne.post("/v1/actions", {"kind": "beneficiary", "payload": {**PAYEE, "name": script}})
    assert opened.status == 201
    assert script in opened.content.decode()
