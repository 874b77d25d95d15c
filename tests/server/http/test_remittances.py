import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from approvals.desk.remittances import LARGEST
from deploy.demo.make_collection import bills, lcr
from tests.house import CLIENT, Person
from tests.remittance.files import make_file
from tests.server.http.site import Site
from tests.server.spec import Answered

QUERY = {"client": CLIENT, "initiator": "003"}


async def send(
    site: Site, file: bytes, *, media_type: str = "application/xml", key: str | None = None, **query: str
) -> Answered:
    headers = {"Content-Type": media_type, **({"Idempotency-Key": key} if key else {})}
    return await site.core.call("POST", "/v1/remittances", content=file, headers=headers, query={**QUERY, **query})


async def test_a_file_opens_its_action_and_comes_back_byte_for_byte(site: Site) -> None:
    file = make_file()
    sent = await send(site, file, reference="PAIE-11")
    assert sent.status == 201
    (action,) = sent.items("actions")
    assert (action["kind"], action["status"], action["reference"]) == ("remittance", "pending", "PAIE-11")
    given = await site.core.call("GET", str(action["payload_url"]))
    assert given.content == file


async def test_payees_are_walked_in_pages_and_searched(site: Site) -> None:
    (action,) = (await send(site, make_file())).items("actions")
    address = str(action["payees_url"])
    first = await site.core.get(address, order="file", limit=2)
    second = await site.core.get(address, order="file", limit=2, after=first.text("next"))
    walked = first.items() + second.items()
    assert [payee["position"] for payee in walked] == [1, 2, 3]
    found = await site.core.get(address, text=str(walked[1]["iban"]))
    assert [payee["position"] for payee in found.items()] == [2]


async def test_a_signer_walks_the_payees_and_others_do_not(site: Site, people: tuple[Person, ...]) -> None:
    (action,) = (await send(site, make_file(), initiator="002")).items("actions")
    anne, chloe = await site.sign_in(people[0]), await site.sign_in(people[2])
    assert len((await anne.get(str(action["payees_url"]))).items()) == 3
    assert (await chloe.get(str(action["payees_url"]))).code == "not_found"
    assert (await anne.get(str(action["payload_url"]))).code == "not_authenticated"


async def test_the_same_file_again_is_a_duplicate_and_under_its_key_a_repeat(site: Site) -> None:
    file = make_file()
    first = await send(site, file, key="file-1")
    repeat = await send(site, file, key="file-1")
    assert repeat.headers["Idempotency-Replayed"] == "true"
    assert repeat.body == first.body
    again = await send(site, file)
    assert (again.status, again.code) == (409, "remittance_duplicate")
    other = await send(site, make_file().replace(b"MSG-1", b"MSG-2"), key="file-1")
    assert other.code == "idempotency_key_reused"


async def test_a_file_that_is_wrong_opens_nothing_and_says_where(site: Site) -> None:
    answered = await send(site, make_file().replace(b"<NbOfTxs>3<", b"<NbOfTxs>4<"))
    assert answered.status == 422
    assert answered.body["path"]
    assert (await site.core.get("/v1/actions")).items() == []


async def test_what_is_no_payment_file_is_not_read(site: Site) -> None:
    answered = await send(site, b"{}", media_type="application/json")
    assert (answered.status, answered.code) == (415, "media_type_unsupported")


async def test_a_file_in_another_encoding_than_utf_8_is_not_read(site: Site) -> None:
    answered = await send(site, make_file(), media_type="application/xml; charset=iso-8859-1")
    assert answered.code == "media_type_unsupported"


async def test_a_file_said_to_be_over_the_limit_is_refused_before_it_comes(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.origin.rpartition(":")[2]))
    head = (
        "POST /v1/remittances?client=1&initiator=unknown HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer ctk_core\r\n"
        f"Content-Type: application/xml\r\nContent-Length: {LARGEST + 1}\r\n\r\n"
    )
    writer.write(head.encode())
    async with asyncio.timeout(5):
        assert b"413" in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_metadata_that_is_missing_is_named(site: Site) -> None:
    answered = await site.core.call(
        "POST", "/v1/remittances", content=make_file(), headers={"Content-Type": "application/xml"}
    )
    assert (answered.status, answered.code) == (422, "invalid_request")
    assert "client" in answered.text("detail")


async def test_a_person_sends_a_file_in_their_own_name(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    answered = await anne.call("POST", "/v1/remittances", content=make_file(), headers={"Content-Type": "text/xml"})
    assert answered.status == 201
    refused = await anne.call(
        "POST", "/v1/remittances", content=make_file(), headers={"Content-Type": "text/xml"}, query=QUERY
    )
    assert refused.code == "initiator_not_caller"


async def test_an_upload_that_breaks_off_leaves_no_action(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    file = make_file()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.origin.rpartition(":")[2]))
    head = (
        f"POST /v1/remittances?client={CLIENT}&initiator=003 HTTP/1.1\r\nHost: test\r\n"
        f"Authorization: Bearer ctk_core\r\nContent-Type: application/xml\r\nContent-Length: {len(file)}\r\n\r\n"
    )
    writer.write(head.encode() + file[:500])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await reader.read() == b""
    assert (await site.core.get("/v1/actions")).items() == []
    assert "unexpected error" not in caplog.messages


async def test_a_file_of_unsaid_length_is_taken_as_it_comes(site: Site) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        file = make_file()
        for start in range(0, len(file), 700):
            yield file[start : start + 700]

    async with site.session.post(
        f"{site.origin}/v1/remittances",
        data=pieces(),
        params=QUERY,
        headers={"Authorization": "Bearer ctk_core", "Content-Type": "text/plain"},
    ) as response:
        assert response.status == 201


async def test_bills_of_exchange_are_sent_as_text_and_come_back_as_text(site: Site) -> None:
    file = lcr(bills(3))
    sent = await send(site, file, media_type="text/plain")
    assert sent.status == 201
    (action,) = sent.items("actions")
    assert (action["kind"], action["payees_url"]) == ("collection", None)
    given = await site.core.call("GET", str(action["payload_url"]))
    assert (given.content, given.headers["Content-Type"]) == (file, "text/plain")


async def test_a_record_that_is_wrong_is_told_by_its_line(site: Site) -> None:
    answered = await send(site, lcr(bills(3)[1:]), media_type="text/plain")
    assert (answered.status, answered.code, answered.body["path"]) == (422, "record_unexpected", "line 1")


async def test_a_summary_says_what_would_be_signed_and_keeps_nothing(site: Site, people: tuple[Person, ...]) -> None:
    anne, file = await site.sign_in(people[0]), make_file()
    headers = {"Content-Type": "application/xml"}
    told = await anne.call("POST", "/v1/remittances/summaries", content=file, headers=headers)
    (action,) = told.items("actions")
    assert (told.status, action["kind"], told.body["size"]) == (200, "remittance", len(file))
    assert (await anne.get("/v1/actions")).items("items") == []
    before = site.house.clock.now() + timedelta(days=1)
    assert await site.house.book.reading(lambda ledger: ledger.uploads.orphans(before, 5)) == []
    (opened,) = (await anne.call("POST", "/v1/remittances", content=file, headers=headers)).items("actions")
    assert (opened["payload_sha256"], opened["kind"]) == (told.body["sha256"], "remittance")
    broken = await anne.call("POST", "/v1/remittances/summaries", content=file[:-9], headers=headers)
    assert broken.status == 422
