import logging

import pytest

from tests.server.http.site import Site
from tests.server.spec import PROBLEM

JSON = {"Content-Type": "application/json"}


async def test_an_address_nobody_serves_is_a_problem(site: Site) -> None:
    answered = await site.nobody.get("/v2/anything")
    assert (answered.status, answered.code) == (404, "route_not_found")


async def test_a_method_an_address_does_not_take_is_told_which_it_takes(site: Site) -> None:
    answered = await site.nobody.call("PUT", "/v1/actions")
    assert (answered.status, answered.code) == (405, "method_not_allowed")
    assert answered.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b"\xff\xfe", b'{"kind": "\xff"}', b'{"kind": "\\ud800"}'])
async def test_what_is_not_json_is_told_so(site: Site, body: bytes) -> None:
    answered = await site.core.call("POST", "/v1/actions", content=body, headers=JSON)
    assert (answered.status, answered.code) == (400, "malformed_request")


async def test_json_nested_without_end_breaks_nothing(site: Site) -> None:
    body = b'{"payload": {"name": ' + b"[" * 60_000
    answered = await site.core.call("POST", "/v1/actions", content=body, headers=JSON)
    assert answered.status in {400, 422}


async def test_a_field_nobody_knows_is_refused_by_name(site: Site) -> None:
    answered = await site.hold(colour="blue")
    assert (answered.status, answered.code) == (422, "invalid_request")
    assert "colour" in answered.text("detail")


async def test_a_field_of_the_wrong_type_is_named_by_its_path(site: Site) -> None:
    answered = await site.hold(payload={"name": 1.5})
    assert answered.code == "invalid_request"
    assert answered.text("field").startswith("payload")


async def test_a_body_of_64_kib_is_read_and_one_byte_more_is_not(site: Site) -> None:
    whole = await site.core.call("POST", "/v1/actions", content=b"{}" + b" " * 65_534, headers=JSON)
    assert whole.code == "invalid_request"
    answered = await site.core.call("POST", "/v1/actions", content=b"{}" + b" " * 65_535, headers=JSON)
    assert (answered.status, answered.code) == (413, "payload_too_large")


async def test_a_body_of_another_type_is_refused(site: Site) -> None:
    for media_type in ("text/plain", "application/xml", "application/json; charset=utf-16"):
        answered = await site.core.call("POST", "/v1/actions", content=b"{}", headers={"Content-Type": media_type})
        assert (answered.status, answered.code) == (415, "media_type_unsupported")


async def test_a_packed_body_is_refused(site: Site) -> None:
    headers = {**JSON, "Content-Encoding": "gzip"}
    answered = await site.core.call("POST", "/v1/actions", content=b"\x1f\x8b", headers=headers)
    assert answered.status in {400, 415}


async def test_a_body_where_none_is_taken_is_refused(site: Site) -> None:
    answered = await site.nobody.post("/v1/nonces", {"surprise": True})
    assert (answered.status, answered.code) == (400, "malformed_request")


async def test_a_query_parameter_nobody_knows_or_that_comes_twice_is_refused(site: Site) -> None:
    assert (await site.core.get("/v1/actions", color="blue")).code == "invalid_request"
    twice = await site.core.call("GET", "/v1/actions?limit=1&limit=2")
    assert (twice.code, twice.body["field"]) == ("invalid_request", "limit")
    assert (await site.core.get("/v1/actions", limit=0)).body["field"] == "limit"


async def test_a_text_with_a_nul_is_refused_and_nothing_breaks(site: Site) -> None:
    answered = await site.hold(reference="a\0b")
    assert (answered.status, answered.code) == (422, "invalid_request")


async def test_a_fault_of_ours_tells_its_number_and_nothing_else(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.schema.trouble = RuntimeError("what a caller sent")
    with caplog.at_level(logging.ERROR):
        answered = await site.nobody.get("/health/ready")
    assert (answered.status, answered.code) == (500, "internal_error")
    assert answered.body["request"] == answered.headers["X-Request-Id"]
    assert b"what a caller" not in answered.content
    assert [record.message for record in caplog.records] == ["unexpected error"]


async def test_a_problem_names_the_request_the_log_knows(site: Site) -> None:
    answered = await site.nobody.get("/v1/cards")
    assert answered.headers["Content-Type"] == PROBLEM
    assert answered.body["request"] == answered.headers["X-Request-Id"]


async def test_no_answer_may_be_framed_cached_or_sniffed(site: Site) -> None:
    answered = await site.nobody.get("/v1/cards")
    assert answered.headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors 'none'")
    assert answered.headers["Cache-Control"] == "no-store"
    assert answered.headers["Referrer-Policy"] == "no-referrer"
    assert answered.headers["Server"] == "contreseing"


async def test_the_access_log_holds_no_address_query_or_body(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        opened = await site.hold(reference="SECRET-REFERENCE")
        await site.core.get(f"/v1/actions/{opened.body['id']}", language="en")
        await site.core.get("/v1/cafe/SECRET-PATH")
    told = [record.__dict__ for record in caplog.records if record.message == "request served"]
    assert [line["route"] for line in told] == ["/v1/actions", "/v1/actions/{action}", "none"]
    assert "SECRET" not in str(told)
