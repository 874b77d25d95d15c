"""The stream as a device meets it: a real server, a real socket, the whole bank behind it."""

from approvals.model.ids import ChallengeId
from approvals.model.json import Json
from approvals.model.sheet import ActionSheet
from tests.cards import hand_over
from tests.channels.stream import Enrolled, Frame, Served
from tests.house import CHEQUEBOOK, PAYEE_IBAN, Person, mine, release_of


def kinds(frames: list[Frame]) -> list[Json]:
    return [frame["type"] for frame in frames]


def events(frames: list[Frame]) -> list[Json]:
    return [frame["s"] for frame in frames if frame["type"] == "event"]


def answer(sheet: ActionSheet, person: Person, req: str = "r1", code: str | None = None) -> dict[str, Json]:
    """What the phone sends once the person has typed the reader's code."""
    challenge = mine(sheet, person)
    typed = person.answer(challenge.reader_input).code if code is None else code
    return {
        "type": "answer",
        "req": req,
        "challenge": challenge.id,
        "proof": {"method": "cap", "code": typed},
    }


def wrong(sheet: ActionSheet, person: Person) -> str:
    return person.wrong(mine(sheet, person).reader_input).code


async def attempts_left(served: Served, sheet: ActionSheet, person: Person) -> int:
    return mine(await served.house.sheet(sheet.id), person).attempts_left


# --- approving ---------------------------------------------------------------------------------------------


async def test_an_action_is_read_signed_and_told_over_one_socket(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        sheet = await served.house.hold()
        opened = (await phone.receive_until("event"))[-1]
        assert opened["kind"] == "challenge_opened"
        assert PAYEE_IBAN[-4:] in str(opened["action"])
        await phone.send(answer(sheet, anne.person))
        frames = await phone.receive_until("result")
        assert "'answer': 'accepted'" in str(frames[-1]["answered"])
        ended = next(frame for frame in [*frames, await phone.receive()] if frame["type"] == "event")
        assert ended["kind"] in {"action_ended", "challenge_ended"}
    assert await release_of(served.house, sheet) is not None


async def test_a_wrong_code_is_a_verdict_with_the_attempts_left(served: Served, anne: Enrolled) -> None:
    sheet = await served.house.hold()
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        await phone.send(answer(sheet, anne.person, code=wrong(sheet, anne.person)))
        result = (await phone.receive_until("result"))[-1]
        assert result["answered"] == {"answer": "proof_refused", "attempts_left": 2, "warning": None}


async def test_of_two_cards_the_one_meant_is_asked_for_and_then_signs(served: Served, anne: Enrolled) -> None:
    new = await hand_over(served.house, anne.person)
    sheet = await served.house.hold("chequebook", CHEQUEBOOK)
    code = new.code_key().code
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        await phone.send(answer(sheet, new, code=code))
        refused = (await phone.receive_until("result"))[-1]
        assert "card_choice_needed" in str(refused["error"])
        assert f"'last4': '{new.card.last4}'" in str(refused["error"])
        proof = {"method": "cap", "code": code, "card": new.card.id}
        await phone.send({**answer(sheet, new, req="r2", code=code), "proof": proof})
        result = (await phone.receive_until("result"))[-1]
        assert "'answer': 'accepted'" in str(result["answered"])


async def test_the_same_request_twice_is_answered_once_even_after_a_reconnect(served: Served, anne: Enrolled) -> None:
    sheet = await served.house.hold()
    sent = answer(sheet, anne.person, code=wrong(sheet, anne.person))
    verdicts = []
    for _ in range(2):
        async with served.phone(anne) as phone:
            await phone.greet_signed_in()
            await phone.send(sent)
            verdicts.append((await phone.receive_until("result"))[-1])
    assert verdicts[0] == verdicts[1]
    assert await attempts_left(served, sheet, anne.person) == 2


async def test_another_code_under_the_same_request_is_refused_and_spends_nothing(
    served: Served, anne: Enrolled
) -> None:
    sheet = await served.house.hold()
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        await phone.send(answer(sheet, anne.person, code=wrong(sheet, anne.person)))
        await phone.receive_until("result")
        await phone.send(answer(sheet, anne.person))
        error = (await phone.receive_until("result"))[-1]["error"]
        assert isinstance(error, dict)
        assert error["code"] == "idempotency_key_reused"
    assert await attempts_left(served, sheet, anne.person) == 2


async def test_a_refusal_is_taken_and_the_others_hear_of_it(served: Served, anne: Enrolled, bruno: Enrolled) -> None:
    sheet = await served.house.hold()
    async with served.phone(anne) as phone, served.phone(bruno) as other:
        await phone.greet_signed_in()
        await other.greet_signed_in()
        refuse = {
            "type": "refuse",
            "req": "r1",
            "challenge": mine(sheet, anne.person).id,
            "reason": "not_me",
        }
        await phone.send(refuse)
        assert (await phone.receive_until("result"))[-1]["refused"] == {"status": "refused"}
        heard = (await other.receive_until("event"))[-1]["action"]
        assert isinstance(heard, dict)
        assert heard["status"] == "rejected"


async def test_somebody_else_s_challenge_is_not_there(served: Served, anne: Enrolled, bruno: Enrolled) -> None:
    sheet = await served.house.hold()
    async with served.phone(bruno) as phone:
        await phone.greet_signed_in()
        await phone.send(answer(sheet, anne.person))
        error = (await phone.receive_until("result"))[-1]["error"]
        assert isinstance(error, dict)
        assert error["code"] == "not_found"


async def test_an_unknown_challenge_is_answered_not_closed(served: Served, anne: Enrolled) -> None:
    sheet = await served.house.hold()
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        await phone.send({**answer(sheet, anne.person), "challenge": ChallengeId("chl_none")})
        assert (await phone.receive_until("result"))[-1]["req"] == "r1"


# --- two levels --------------------------------------------------------------------------------------------


async def test_a_phone_nobody_is_signed_in_on_learns_no_content(served: Served, anne: Enrolled) -> None:
    sheet = await served.house.hold()
    async with served.phone(anne) as phone:
        frames = await phone.greet()
    opened = next(frame for frame in frames if frame.get("kind") == "challenge_opened")
    assert opened["id"] == sheet.id
    assert opened["action"] is None
    assert "Le Goff" not in str(frames)


async def test_an_auth_raises_the_level_and_five_idle_minutes_drop_it(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        await phone.send({"type": "auth", "token": anne.login_token})
        assert (await phone.receive())["level"] == "signed_in"
        served.house.clock.advance(seconds=29)
        await phone.send({"type": "ping", "s": 0})
        await phone.receive_until("pong")
        served.house.clock.advance(minutes=4, seconds=31)
        served.tick()
        dropped = (await phone.receive_until("level"))[-1]
        assert dropped == {"type": "level", "level": "device_bound", "expires": None}
        await served.house.hold()
        assert (await phone.receive_until("event"))[-1]["action"] is None


async def test_a_person_is_warned_before_the_end_and_stays_by_acting_over_http(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        served.house.clock.advance(minutes=4)
        served.tick()
        assert (await phone.receive_until("auth_needed"))[-1]["in"] == 60_000
        presence = await served.house.access.presence(anne.login_token)
        await served.house.access.touch(presence)
        served.house.clock.advance(minutes=1)
        await phone.send({"type": "ping", "s": 0})
        await phone.receive_until("pong")
        served.tick()
        assert (await phone.receive_until("level"))[-1]["level"] == "signed_in"


async def test_a_signed_out_person_gets_no_content_though_nobody_told_the_connection(
    served: Served, anne: Enrolled
) -> None:
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        presence = await served.house.access.presence(anne.login_token)
        await served.house.access.sign_out(presence, presence.login.id)
        await served.house.hold()
        frames = await phone.receive_until("event")
        assert kinds(frames) == ["level", "event"]
        assert frames[-1]["action"] is None


async def test_an_ended_login_drops_the_level_at_once_when_the_house_says_so(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet_signed_in()
        presence = await served.house.access.presence(anne.login_token)
        served.hub.end_login(presence.user.id, presence.login.id)
        assert (await phone.receive())["level"] == "device_bound"


async def test_another_person_s_login_raises_nothing(served: Served, anne: Enrolled, bruno: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        await phone.send({"type": "auth", "token": bruno.login_token})
        assert (await phone.receive())["code"] == "not_authenticated"


# --- resume ------------------------------------------------------------------------------------------------


async def test_a_phone_that_was_away_gets_what_it_missed_with_the_numbers_it_has(
    served: Served, anne: Enrolled
) -> None:
    async with served.phone(anne) as phone:
        first = await phone.greet()
    epoch, head = first[0]["epoch"], first[0]["head"]
    assert isinstance(head, int)
    for _ in range(5):
        await served.house.hold()
    async with served.phone(anne) as phone:
        frames = await phone.greet(epoch=epoch, after=head)
    assert events(frames) == [head + n for n in range(1, 6)]
    assert frames[-1] == {"type": "synced", "s": head + 5}


async def test_what_expired_meanwhile_comes_as_expired(served: Served, anne: Enrolled) -> None:
    await served.house.hold()
    served.house.clock.advance(hours=25)
    signed_in = await served.house.sign_in(anne.person)
    async with served.phone(anne) as phone:
        frames = await phone.greet()
        assert signed_in.token
    assert "reader" not in str(frames)


async def test_an_unknown_history_is_reset_and_goes_on_live(served: Served, anne: Enrolled) -> None:
    await served.house.hold()
    async with served.phone(anne) as phone:
        frames = await phone.greet(epoch="another", after=1)
        assert kinds(frames) == ["welcome", "reset", "synced"]
        assert frames[1]["reason"] == "epoch"
        await served.house.hold()
        assert (await phone.receive_until("event"))[-1]["s"] == frames[1]["head"] + 1  # type: ignore[operator]


async def test_what_was_acknowledged_is_kept_for_the_device(served: Served, anne: Enrolled) -> None:
    await served.house.hold()
    async with served.phone(anne) as phone:
        head = (await phone.greet())[-1]["s"]
        await phone.send({"type": "ack", "s": head})
        await phone.send({"type": "ping", "s": head})
        await phone.receive_until("pong")
    await served.house.cursors.write()
    (device,) = await served.house.devices.mine(anne.person.user.id)
    assert device.cursor == head


async def test_a_lost_hint_costs_time_and_no_event(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as phone:
        await phone.greet()
        served.house.live.hub = None
        await served.house.hold()
        await served.hub.reread_heads()
        assert (await phone.receive_until("event"))[-1]["kind"] == "challenge_opened"


async def test_every_tab_of_a_person_hears_the_same(served: Served, anne: Enrolled) -> None:
    async with served.phone(anne) as one, served.phone(anne) as two:
        await one.greet(tab="a")
        await two.greet(tab="b")
        await served.house.hold()
        assert await one.receive() == await two.receive()
