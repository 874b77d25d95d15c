"""What a device is told of the events in its person's inbox: one notice a subject, as things stand now. Pure.

What was opened and is over before anybody was told is not told at all; what was told and is over is cleared.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from approvals.credentials.confirmation import LIFE as CONFIRMATION_LIFE
from approvals.desk.waking import Mail
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.ids import PushSubscriptionId
from approvals.model.inbox import Event, EventKind
from approvals.model.person import Language, UserStatus
from approvals.statement import Words
from channels.views.events import generic_words

MOST_APART: Final = 5
"""Approvals told one by one; more of them at once are told as several."""
ALERT_LIFE: Final = timedelta(days=1)
"""How long an alert or a clearing waits for a device that is off."""
_SIGN_IN: Final = "sign-in"
_APPROVALS: Final = "approvals"
_SEVERAL: Final[Words] = {
    Language.FR: "Plusieurs opérations attendent votre signature.",
    Language.EN: "Several operations await your signature.",
}
_PLACES: Final[Mapping[str, str]] = {
    _SIGN_IN: "/app",
    "card": "/app/mine",
    "certificate": "/app/mine",
    "device": "/app/mine",
    "access": "/app",
    "alert": "/desk/alerts",
    "code": "/app",
    "message": "/app/chat",
    "conversation": "/desk/conversations",
}
"""Where each subject of an alert is looked at. An alert's kind begins with its subject's name: `card_locked`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notification, or (`is_settled`) the clearing of one.

    `tag` is its subject, an action's id or a plain noun: a later notice with the same tag takes its place. `path` is
    opened by a tap. It is worth nothing after `life`; `is_urgent` wakes a sleeping device, for challenges alone.
    """

    tag: str
    kind: EventKind
    words: str
    path: str
    life: timedelta
    is_urgent: bool = False
    is_settled: bool = False


def notices_of(mail: Mail, now: datetime) -> Sequence[Notice]:
    """Return what the device is to be told.

    A locked person is told of card and access alone: what awaits their signature waits until they are unlocked.
    """
    language = mail.user.language
    alerts = list(_alerts(mail.events, language, now))
    if mail.user.status is UserStatus.LOCKED:
        return [alert for alert in alerts if alert.tag != _SIGN_IN]
    opened, settled = _approvals(mail, now)
    shown = [_summary(opened, language)] if len(opened) > MOST_APART else opened
    return [*settled[-MOST_APART:], *shown, *alerts]


def topic_of(subscription_id: PushSubscriptionId, tag: str) -> str:
    """Return what a push service tells repeated notices by: 32 characters that say nothing, and differ by device.

    RFC 8030 section 5.4 allows as many, of the base64url alphabet.
    """
    return base64.urlsafe_b64encode(sha256(f"{subscription_id}\n{tag}".encode()).digest()[:24]).decode()


def _alerts(events: Sequence[Event], language: Language, now: datetime) -> Iterator[Notice]:
    """Yield the last alert of each subject, unless it is too old to matter."""
    last: dict[str, Event] = {}
    for event in events:
        subject = _subject(event.news.kind)
        if subject is not None:
            last[subject] = event
    for subject, event in last.items():
        life = event.at + (CONFIRMATION_LIFE if subject == _SIGN_IN else ALERT_LIFE) - now
        if life > timedelta(0):
            kind = event.news.kind
            words = generic_words(kind, language)
            yield Notice(tag=subject, kind=kind, words=words, path=_PLACES[subject], life=life)


def _subject(kind: EventKind) -> str | None:
    if kind is EventKind.SIGN_IN_REQUESTED:
        return _SIGN_IN
    noun = kind.partition("_")[0]
    return noun if noun in _PLACES else None


def _approvals(mail: Mail, now: datetime) -> tuple[list[Notice], list[Notice]]:
    """Return the challenges to tell of, soonest to end first, and those whose notice is to be cleared."""
    kinds: dict[Challenge, set[EventKind]] = {}
    for event in mail.events:
        challenge = mail.challenges.get(event.news.challenge_id) if event.news.challenge_id else None
        if challenge is not None:
            kinds.setdefault(challenge, set()).add(event.news.kind)
    opened = sorted((each for each in kinds if _is_told(each, kinds[each], now)), key=lambda each: each.expires_at)
    settled = [each for each in kinds if _is_cleared(each, kinds[each])]
    language = mail.user.language
    return [_opened(each, language, now) for each in opened], [_settled(each, language) for each in settled]


def _is_told(challenge: Challenge, kinds: set[EventKind], now: datetime) -> bool:
    is_open = challenge.status is ChallengeStatus.OPEN and now < challenge.expires_at
    return is_open and EventKind.CHALLENGE_OPENED in kinds


def _is_cleared(challenge: Challenge, kinds: set[EventKind]) -> bool:
    """Where its opening is in the same mail, nobody was told of it."""
    has_ended = bool(kinds & {EventKind.CHALLENGE_ENDED, EventKind.ACTION_ENDED})
    return challenge.status is not ChallengeStatus.OPEN and has_ended and EventKind.CHALLENGE_OPENED not in kinds


def _opened(challenge: Challenge, language: Language, now: datetime) -> Notice:
    return Notice(
        tag=challenge.action_id,
        kind=EventKind.CHALLENGE_OPENED,
        words=generic_words(EventKind.CHALLENGE_OPENED, language),
        path=f"/app/approvals/{challenge.action_id}",
        life=challenge.expires_at - now,
        is_urgent=True,
    )


def _settled(challenge: Challenge, language: Language) -> Notice:
    return Notice(
        tag=challenge.action_id,
        kind=EventKind.CHALLENGE_ENDED,
        words=generic_words(EventKind.CHALLENGE_ENDED, language),
        path=f"/app/approvals/{challenge.action_id}",
        life=ALERT_LIFE,
        is_settled=True,
    )


def _summary(opened: Sequence[Notice], language: Language) -> Notice:
    return Notice(
        tag=_APPROVALS,
        kind=EventKind.CHALLENGE_OPENED,
        words=_SEVERAL[language],
        path="/app",
        life=max(notice.life for notice in opened),
        is_urgent=True,
    )
