import asyncio
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typing_extensions import override

from approvals.ports.world import Clock
from channels.push.outcomes import Gone, Later, Outcome, Parcel, Refused, Sent
from channels.push.web_push import MOST_BYTES, PublicAddresses, VapidTokens, WebPushSender, encrypted, is_public
from server.clock import SystemClock
from tests.fakes import SteppedClock
from tests.push.parcels import opened, settled
from tests.push.service import Answer, PushService, answer, new_browser, push_service
from tests.server.outside.receiver import speaking

CONTACT = "mailto:exploitation@bank.test"
KEY = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
BROWSER = new_browser()


def sender(session: ClientSession, clock: Clock | None = None, limit: float = 10) -> WebPushSender:
    now = clock or SystemClock()
    return WebPushSender(
        session=session,
        tokens=VapidTokens(KEY, CONTACT, now),
        origin="https://bank.test",
        clock=now,
        limit=timedelta(seconds=limit),
    )


def parcel(service: PushService) -> Parcel:
    return opened(BROWSER.target(service.endpoint))


async def tell(session: ClientSession, *script: Answer) -> Outcome:
    async with push_service(*script) as service:
        (outcome,) = await sender(session).send([parcel(service)])
        return outcome


async def test_the_browser_alone_can_read_what_it_is_told(session: ClientSession) -> None:
    async with push_service() as service:
        assert await sender(session).send([parcel(service)]) == [Sent()]
    (received,) = service.received
    assert BROWSER.opened(received.body) == {
        "web_push": 8030,
        "mutable": True,
        "notification": {
            "title": "Contreseing",
            "body": "Une opération attend votre signature.",
            "lang": "fr",
            "tag": "act_1",
            "navigate": "https://bank.test/app/approvals/act_1",
            "silent": False,
            "data": {"kind": "challenge_opened", "settled": False},
        },
    }
    assert b"act_1" not in received.body
    assert received.headers["content-encoding"] == "aes128gcm"


async def test_a_challenge_is_urgent_and_kept_for_the_time_it_has_left(session: ClientSession) -> None:
    async with push_service() as service:
        await sender(session).send([parcel(service)])
    headers = service.received[0].headers
    assert (headers["urgency"], headers["ttl"]) == ("high", str(23 * 3600))


async def test_the_push_service_is_told_who_asks(session: ClientSession) -> None:
    clock = SystemClock()
    async with push_service() as service:
        await sender(session, clock).send([parcel(service)])
    claims = service.received[0].claims()
    expires, now = claims["exp"], clock.now().timestamp()
    assert claims["aud"] == service.origin
    assert claims["sub"] == CONTACT
    assert isinstance(expires, int)
    assert now < expires < now + 24 * 3600  # RFC 8292 section 2


async def test_a_token_serves_for_half_of_its_life(session: ClientSession) -> None:
    clock = SteppedClock()
    async with push_service() as service:
        telling = sender(session, clock)
        for hours in (0, 5, 2):
            clock.advance(hours=hours)
            await telling.send([parcel(service)])
    first, second, third = (each.headers["authorization"] for each in service.received)
    assert first == second != third


async def test_a_second_message_of_one_action_takes_the_first_one_s_place(session: ClientSession) -> None:
    async with push_service() as service:
        target = BROWSER.target(service.endpoint)
        await sender(session).send([opened(target), opened(target, "act_2"), settled(target)])
    one, other, end = (each.headers["topic"] for each in service.received)
    assert one == end != other
    assert BROWSER.opened(service.received[2].body)["notification"] == {
        "title": "Contreseing",
        "body": "Une demande de signature est close.",
        "lang": "fr",
        "tag": "act_1",
        "navigate": "https://bank.test/app/approvals/act_1",
        "silent": True,
        "data": {"kind": "challenge_ended", "settled": True},
    }
    assert service.received[2].headers["urgency"] == "normal"


async def test_the_length_of_a_message_does_not_tell_what_it_says(session: ClientSession) -> None:
    async with push_service() as service:
        target = BROWSER.target(service.endpoint)
        await sender(session).send([opened(target), settled(target)])
    first, second = (len(each.body) for each in service.received)
    assert first == second <= 4096


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Sent()),
        (202, Sent()),
        (404, Gone("http_404")),
        (410, Gone("http_410")),
        (413, Refused("http_413")),
        (400, Refused("http_400")),
        (403, Later("http_403")),
        (500, Later("http_500")),
    ],
)
async def test_what_the_push_service_answers_decides(session: ClientSession, status: int, outcome: Outcome) -> None:
    assert await tell(session, answer(status)) == outcome


@pytest.mark.parametrize("status", [429, 503])
async def test_a_service_that_asks_to_wait_is_heard(session: ClientSession, status: int) -> None:
    outcome = await tell(session, answer(status, Retry_After="120"))
    assert outcome == Later(f"http_{status}", timedelta(minutes=2))


async def test_a_redirect_is_not_followed(session: ClientSession) -> None:
    async with push_service() as inside:
        outcome = await tell(session, answer(307, Location=inside.endpoint))
        assert inside.received == []
    assert outcome == Later("http_307")


async def test_a_service_that_does_not_answer_is_given_up_in_time(session: ClientSession) -> None:
    async with speaking(say_nothing) as url:
        slow = opened(BROWSER.target(url))
        assert await sender(session, limit=0.2).send([slow]) == [Later("timeout")]


async def test_an_answer_that_is_no_http_is_tried_later(session: ClientSession) -> None:
    async with speaking(say_nonsense) as url:
        assert await sender(session).send([opened(BROWSER.target(url))]) == [Later("unreachable")]


async def say_nothing(_writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def say_nonsense(writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.push.test ESMTP\r\n")
    await writer.drain()


async def test_a_service_that_is_down_is_tried_later(session: ClientSession) -> None:
    async with push_service() as service:
        gone = parcel(service)
    assert await sender(session).send([gone]) == [Later("unreachable")]


class Rebound(AbstractResolver):
    """A name server that points where its owner likes."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    @override
    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._addresses
        ]

    @override
    async def close(self) -> None:
        return None


async def test_a_name_that_points_into_the_house_is_not_asked() -> None:
    with pytest.raises(OSError, match="no public address"):
        await PublicAddresses(Rebound("10.0.0.8", "::1")).resolve("updates.push.test", 443)
    found = await PublicAddresses(Rebound("10.0.0.8", "93.184.216.34")).resolve("updates.push.test", 443)
    assert [each["host"] for each in found] == ["93.184.216.34"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
    ],
)
def test_addresses_inside_the_house_are_known(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_internet_are_known() -> None:
    assert all(is_public(address) for address in ("93.184.216.34", "2606:2800:220:1::1"))


def test_nothing_longer_than_services_take_is_encrypted() -> None:
    target = BROWSER.target("https://updates.push.test/x")
    assert len(encrypted(target, b"x" * MOST_BYTES)) == 4096
    with pytest.raises(ValueError, match="too long"):
        encrypted(target, b"x" * (MOST_BYTES + 1))
