"""The assistant over HTTP: anyone asks, in either language; a live code is refused, and nothing is kept."""

import pytest

from tests.server.http.site import Site


@pytest.mark.parametrize(("language", "text"), [("fr", "on m'a volé ma carte hier"), ("en", "my card was stolen")])
async def test_who_is_not_signed_in_is_answered(site: Site, language: str, text: str) -> None:
    asked = await site.nobody.post("/v1/help/questions", {"text": text, "language": language})
    assert (asked.status, asked.node("answer")["id"], asked.body["suggestions"]) == (200, "card_lost", [])


async def test_what_is_not_known_is_met_with_three_suggestions(site: Site) -> None:
    asked = await site.nobody.post("/v1/help/questions", {"text": "quel temps fera-t-il demain ?"})
    assert asked.body["answer"] is None
    assert len(asked.items("suggestions")) == 3


@pytest.mark.parametrize("text", ["mon code est 12345678", "1234 5678 ne marche pas", "123456", "1.2.3.4.5.6.7.8"])
async def test_a_live_code_is_refused_and_not_said_again(site: Site, text: str) -> None:
    asked = await site.nobody.post("/v1/help/questions", {"text": text})
    assert (asked.status, asked.code) == (422, "code_in_message")
    assert text not in str(asked.body)


@pytest.mark.parametrize("form", [{"text": ""}, {"text": "a" * 1001}, {"text": "a", "language": "de"}, {}])
async def test_other_forms_are_not_taken(site: Site, form: dict[str, str]) -> None:
    assert (await site.nobody.post("/v1/help/questions", form)).status in {400, 422}


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_all_it_knows_is_listed(site: Site, language: str) -> None:
    known = (await site.nobody.get(f"/v1/help?language={language}")).items("items")
    assert len({entry["id"] for entry in known}) == len(known) > 30
    assert all(entry["question"] and entry["answer"] for entry in known)
