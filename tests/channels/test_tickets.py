import pytest
from websockets.exceptions import ConnectionClosed

from approvals.desk.sign_in import SignedIn
from channels.frames.closing import CloseCode
from tests.channels.stream import Enrolled, Phone, Served, StreamingHouse
from tests.house import Person


async def ticket_of(house: StreamingHouse, token: str) -> str:
    presence = await house.access.presence(token)
    return (await house.ways_in.tickets.give(presence)).text


async def screen_says(phone: Phone, ticket: str) -> None:
    await phone.receive()
    await phone.send({"type": "hello", "v": 1, "tab": "main", "ticket": ticket})


@pytest.fixture
async def signed_in(house: StreamingHouse, people: tuple[Person, ...]) -> SignedIn:
    return await house.sign_in(people[0])


async def test_a_screen_that_is_no_device_is_told_what_happens(
    house: StreamingHouse, served: Served, anne: Enrolled, signed_in: SignedIn
) -> None:
    async with served.phone(anne) as screen:
        await screen_says(screen, await ticket_of(house, signed_in.token))
        welcome, *_, synced = await screen.receive_until("synced")
        assert (welcome["level"], synced["type"]) == ("signed_in", "synced")
        opened = await house.hold()
        event = await screen.receive()
        assert (event["kind"], event["id"]) == ("challenge_opened", opened.id)
        assert event["action"] is not None


async def test_a_ticket_is_good_once(
    house: StreamingHouse, served: Served, anne: Enrolled, signed_in: SignedIn
) -> None:
    ticket = await ticket_of(house, signed_in.token)
    async with served.phone(anne) as first, served.phone(anne) as second:
        await screen_says(first, ticket)
        await first.receive_until("synced")
        await screen_says(second, ticket)
        assert await second.close_code() == CloseCode.NOT_AUTHENTICATED


async def test_a_ticket_is_good_for_thirty_seconds(
    house: StreamingHouse, served: Served, anne: Enrolled, signed_in: SignedIn
) -> None:
    ticket = await ticket_of(house, signed_in.token)
    house.clock.advance(seconds=30)
    async with served.phone(anne) as screen:
        await screen_says(screen, ticket)
        assert await screen.close_code() == CloseCode.NOT_AUTHENTICATED


async def test_a_ticket_of_a_login_that_was_signed_out_opens_nothing(
    house: StreamingHouse, served: Served, anne: Enrolled, signed_in: SignedIn
) -> None:
    ticket = await ticket_of(house, signed_in.token)
    await house.access.sign_out(await house.access.presence(signed_in.token), signed_in.login.id)
    async with served.phone(anne) as screen:
        await screen_says(screen, ticket)
        assert await screen.close_code() == CloseCode.NOT_AUTHENTICATED


async def test_a_ticket_made_up_for_a_login_opens_nothing(served: Served, anne: Enrolled, signed_in: SignedIn) -> None:
    async with served.phone(anne) as screen:
        await screen_says(screen, f"ctt_{signed_in.login.id}.{'x' * 43}")
        assert await screen.close_code() == CloseCode.NOT_AUTHENTICATED


async def test_a_browser_that_is_a_device_shows_its_ticket_for_the_login(
    house: StreamingHouse, served: Served, anne: Enrolled
) -> None:
    async with served.phone(anne) as phone:
        frames = await phone.greet(ticket=await ticket_of(house, anne.login_token))
        assert frames[0]["level"] == "signed_in"


async def test_a_ticket_of_somebody_else_leaves_a_device_device_bound(
    house: StreamingHouse, served: Served, anne: Enrolled, bruno: Enrolled
) -> None:
    async with served.phone(anne) as phone:
        frames = await phone.greet(ticket=await ticket_of(house, bruno.login_token))
        assert frames[0]["level"] == "device_bound"


async def test_a_screen_takes_no_login_of_somebody_else(
    house: StreamingHouse, served: Served, anne: Enrolled, bruno: Enrolled, signed_in: SignedIn
) -> None:
    async with served.phone(anne) as screen:
        await screen_says(screen, await ticket_of(house, signed_in.token))
        await screen.receive_until("synced")
        await screen.send({"type": "auth", "token": await ticket_of(house, bruno.login_token)})
        assert (await screen.receive())["code"] == "not_authenticated"


async def test_signing_out_closes_the_screen_at_once(
    house: StreamingHouse, served: Served, anne: Enrolled, signed_in: SignedIn
) -> None:
    async with served.phone(anne) as screen:
        await screen_says(screen, await ticket_of(house, signed_in.token))
        await screen.receive_until("synced")
        served.hub.end_login(signed_in.user.id, signed_in.login.id)
        with pytest.raises(ConnectionClosed):
            await screen.receive()
        assert await screen.close_code() == CloseCode.NOT_AUTHENTICATED
