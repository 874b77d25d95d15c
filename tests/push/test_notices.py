from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.model.challenge import ChallengeStatus
from approvals.model.inbox import EventKind
from approvals.model.person import Language, UserStatus
from channels.push.notices import MOST_APART, notices_of, topic_of
from tests.builders import NOW, TOMORROW
from tests.push.parcels import asked, event, mail, subscription_of


def test_a_challenge_is_told_urgently_and_for_as_long_as_it_can_be_signed() -> None:
    challenge = asked("act_1")
    told = mail(event(1, EventKind.CHALLENGE_OPENED, challenge), challenges=[challenge])
    (notice,) = notices_of(told, NOW + timedelta(hours=1))
    assert (notice.tag, notice.path) == ("act_1", "/app/approvals/act_1")
    assert notice.life == TOMORROW - NOW - timedelta(hours=1)
    assert notice.is_urgent
    assert not notice.is_settled
    assert notice.words == "Une opération attend votre signature."


def test_a_person_is_told_in_their_own_language() -> None:
    challenge = asked("act_1")
    told = mail(event(1, EventKind.CHALLENGE_OPENED, challenge), challenges=[challenge])
    (notice,) = notices_of(replace(told, user=replace(told.user, language=Language.EN)), NOW)
    assert notice.words == "An operation awaits your signature."


@pytest.mark.parametrize("end", [EventKind.CHALLENGE_ENDED, EventKind.ACTION_ENDED])
def test_what_was_told_and_is_over_is_cleared(end: EventKind) -> None:
    challenge = asked("act_1", ChallengeStatus.SATISFIED)
    (notice,) = notices_of(mail(event(9, end, challenge), challenges=[challenge]), NOW)
    assert (notice.tag, notice.is_settled, notice.is_urgent) == ("act_1", True, False)


def test_what_is_over_before_anybody_was_told_is_not_told() -> None:
    challenge = asked("act_1", ChallengeStatus.CLOSED)
    events = (event(1, EventKind.CHALLENGE_OPENED, challenge), event(2, EventKind.ACTION_ENDED, challenge))
    assert notices_of(mail(*events, challenges=[challenge]), NOW) == []


def test_a_challenge_past_its_time_is_not_told() -> None:
    challenge = asked("act_1")
    told = mail(event(1, EventKind.CHALLENGE_OPENED, challenge), challenges=[challenge])
    assert notices_of(told, TOMORROW) == []


def test_another_signer_s_progress_wakes_nobody() -> None:
    challenge = asked("act_1")
    assert notices_of(mail(event(1, EventKind.ACTION_PROGRESSED, challenge), challenges=[challenge]), NOW) == []


def test_many_challenges_at_once_are_told_as_several() -> None:
    challenges = [asked(f"act_{n}") for n in range(MOST_APART + 1)]
    events = [event(n, EventKind.CHALLENGE_OPENED, each) for n, each in enumerate(challenges, start=1)]
    (notice,) = notices_of(mail(*events, challenges=challenges), NOW)
    assert (notice.tag, notice.path) == ("approvals", "/app")
    assert notice.words == "Plusieurs opérations attendent votre signature."


def test_the_last_alert_of_a_subject_is_the_one_told() -> None:
    told = mail(
        event(1, EventKind.CARD_LAST_ATTEMPT), event(2, EventKind.CARD_LOCKED), event(3, EventKind.ACCESS_LOCKED)
    )
    notices = notices_of(told, NOW)
    assert [(notice.tag, notice.kind) for notice in notices] == [
        ("card", EventKind.CARD_LOCKED),
        ("access", EventKind.ACCESS_LOCKED),
    ]
    assert not any(notice.is_urgent for notice in notices)


def test_a_sign_in_is_told_while_the_screen_waits_for_it() -> None:
    told = mail(event(1, EventKind.SIGN_IN_REQUESTED))
    (notice,) = notices_of(told, NOW + timedelta(seconds=30))
    assert (notice.tag, notice.life) == ("sign-in", timedelta(seconds=90))
    assert notices_of(told, NOW + timedelta(minutes=2)) == []


def test_an_alert_a_day_old_is_not_told_any_more() -> None:
    assert notices_of(mail(event(1, EventKind.CARD_SENT)), NOW + timedelta(days=1)) == []


def test_a_locked_person_is_told_of_card_and_access_alone() -> None:
    challenge = asked("act_1")
    told = mail(
        event(1, EventKind.CHALLENGE_OPENED, challenge),
        event(2, EventKind.SIGN_IN_REQUESTED),
        event(3, EventKind.ACCESS_LOCKED),
        challenges=[challenge],
    )
    locked = replace(told, user=replace(told.user, status=UserStatus.LOCKED))
    assert [notice.kind for notice in notices_of(locked, NOW)] == [EventKind.ACCESS_LOCKED]


def test_what_concerns_a_card_bridge_wakes_no_phone() -> None:
    assert notices_of(mail(event(1, EventKind.HANDOVER_ASKED)), NOW) == []


def test_a_topic_tells_devices_apart_and_says_nothing() -> None:
    anne, bruno = subscription_of("usr_anne").id, subscription_of("usr_bruno").id
    topic = topic_of(anne, "act_1")
    assert len(topic) == 32
    assert topic.replace("-", "").replace("_", "").isalnum()
    assert topic == topic_of(anne, "act_1")
    assert len({topic, topic_of(bruno, "act_1"), topic_of(anne, "act_2")}) == 3
