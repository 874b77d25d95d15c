import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from approvals.errors import InvalidRequest
from approvals.model.push import FcmTarget
from channels.push.fcm import FcmSender, open_fcm
from channels.push.outcomes import Gone, Later, Outcome, Parcel, Refused, Sent, Shut
from server.clock import SystemClock
from tests.push.google import Google, environment, google, part, refusal, write_key_file
from tests.push.parcels import opened, settled

PHONE = FcmTarget(registration="phone-of-anne")
OTHER = FcmTarget(registration="phone-of-bruno")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Google]:
    async with google(tmp_path) as (found, variables):
        with environment(variables):
            yield found


@pytest.fixture
async def sender(served: Google, tmp_path: Path) -> AsyncIterator[FcmSender]:
    assert served.messages == []
    async with open_fcm(write_key_file(tmp_path / "fcm.json"), SystemClock(), timedelta(seconds=2)) as opened_sender:
        yield opened_sender


async def test_a_phone_is_shown_generic_words_and_given_an_opaque_id(served: Google, sender: FcmSender) -> None:
    assert await sender.send([opened(PHONE)]) == [Sent()]
    (message,) = served.messages
    assert message["token"] == PHONE.registration
    assert message["notification"] == {"title": "Contreseing", "body": "Une opération attend votre signature."}
    assert message["data"] == {
        "kind": "challenge_opened",
        "tag": "act_1",
        "path": "/app/approvals/act_1",
        "lang": "fr",
        "settled": "0",
    }


async def test_a_challenge_is_urgent_and_kept_for_the_time_it_has_left(served: Google, sender: FcmSender) -> None:
    await sender.send([opened(PHONE)])
    (message,) = served.messages
    assert part(message, "android", "priority") == "high"
    assert part(message, "android", "ttl") == "82800s"
    assert part(message, "android", "notification", "tag") == "act_1"
    assert part(message, "apns", "headers", "apns-priority") == "10"


async def test_messages_of_one_action_collapse_and_its_end_shows_nothing(served: Google, sender: FcmSender) -> None:
    await sender.send([opened(PHONE), opened(PHONE, "act_2"), settled(PHONE)])
    keys: dict[object, set[object]] = {"act_1": set(), "act_2": set()}
    for message in served.messages:
        keys[part(message, "data", "tag")] |= {
            part(message, "android", "collapse_key"),
            part(message, "apns", "headers", "apns-collapse-id"),
        }
    assert [len(each) for each in keys.values()] == [1, 1]
    assert keys["act_1"] != keys["act_2"]
    (end,) = [message for message in served.messages if part(message, "data", "settled") == "1"]
    assert "notification" not in end
    assert part(end, "apns", "headers", "apns-push-type") == "background"


async def test_a_batch_signs_in_once(served: Google, sender: FcmSender) -> None:
    outcomes = await sender.send([opened(FcmTarget(registration=f"phone-{n}")) for n in range(20)])
    assert outcomes == [Sent()] * 20
    assert served.sign_ins == 1
    assert set(served.authorizations) == {"Bearer access-1"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal(404, "NOT_FOUND", "UNREGISTERED"), Gone("unregistered")),
        (refusal(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), Gone("sender_id_mismatch")),
        (refusal(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), Later("quota_exceeded")),
        (
            refusal(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", Retry_After="600"),
            Later("quota_exceeded", timedelta(minutes=10)),
        ),
        (refusal(503, "UNAVAILABLE", Retry_After="30"), Later("unavailable", timedelta(seconds=30))),
        (refusal(500, "INTERNAL"), Later("internal")),
        (refusal(400, "INVALID_ARGUMENT"), Refused("invalid_argument")),
        (refusal(403, "PERMISSION_DENIED"), Shut("permission_denied")),
        (refusal(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), Shut("not_authenticated")),
        (lambda: web.Response(status=200, text="<html>"), Later("unknown")),
        (lambda: web.Response(status=502, text="bad gateway"), Later("unknown")),
    ],
)
async def test_what_fcm_answers_decides(
    served: Google, sender: FcmSender, answer: Callable[[], web.Response], outcome: Outcome
) -> None:
    served.answers[PHONE.registration] = [answer]
    assert await sender.send([opened(PHONE), opened(OTHER)]) == [outcome, Sent()]


async def test_a_long_wait_is_not_slept_through(served: Google, sender: FcmSender) -> None:
    served.answers[PHONE.registration] = [refusal(503, "UNAVAILABLE", Retry_After="3600")]
    began = asyncio.get_running_loop().time()
    assert await sender.send([opened(PHONE)]) == [Later("unavailable", timedelta(hours=1))]
    assert asyncio.get_running_loop().time() - began < 30
    assert len(served.messages) == 1


async def test_a_service_that_does_not_answer_is_given_up_in_time(served: Google, sender: FcmSender) -> None:
    served.is_slow = True
    (outcome,) = await sender.send([opened(PHONE)])
    assert isinstance(outcome, Later)


async def test_a_key_file_google_refuses_shuts_the_channel(served: Google, sender: FcmSender) -> None:
    refused = web.json_response
    served.tokens = [lambda: refused({"error": "invalid_grant", "error_description": "Invalid JWT"}, status=400)]
    assert await sender.send([opened(PHONE), opened(OTHER)]) == [Shut("token_refused")] * 2
    assert served.messages == []
    assert await sender.send([opened(PHONE)]) == [Sent()]


async def test_a_token_endpoint_in_trouble_is_asked_later(served: Google, sender: FcmSender) -> None:
    served.tokens = [lambda: web.json_response({"error": "internal_failure"}, status=500)] * 8
    assert await sender.send([opened(PHONE)]) == [Later("token_unavailable")]


async def test_a_network_that_is_down_is_tried_later(tmp_path: Path) -> None:
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:1"}
    async with open_fcm(write_key_file(tmp_path / "fcm.json"), SystemClock(), timedelta(seconds=1)) as sender:
        with environment(nowhere):
            assert await sender.send([opened(PHONE)]) == [Later("token_unreachable")]


async def test_several_messages_to_one_phone_are_judged_together(served: Google, sender: FcmSender) -> None:
    served.answers[PHONE.registration] = [lambda: web.json_response({"name": "1"}), refusal(500, "INTERNAL")]
    one, two = opened(PHONE), opened(PHONE, "act_2")
    both = Parcel(mail=one.mail, notices=[*one.notices, *two.notices])
    assert await sender.send([both, opened(OTHER)]) == [Later("internal"), Sent()]


@pytest.mark.parametrize("content", ["", "{}", '{"type": "authorized_user"}'])
async def test_a_file_that_is_no_service_account_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "fcm.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidRequest, match="no key file of a service account"):
        async with open_fcm(file, SystemClock()):
            pass
