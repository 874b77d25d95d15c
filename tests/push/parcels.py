"""Mail for one device, made by hand; `dataclasses.replace` changes what a test is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from approvals.desk.waking import Mail
from approvals.model.challenge import Challenge, ChallengeStatus
from approvals.model.ids import DeviceId, PushSubscriptionId, UserId
from approvals.model.inbox import Event, EventKind, News
from approvals.model.push import FcmTarget, PushChannel, PushSubscription, PushTarget
from channels.push.notices import notices_of
from channels.push.outcomes import Parcel
from tests.builders import NOW, make_challenge, make_user

ANNE = "usr_anne"
REGISTRATION = "registration-of-anne"


def subscription_of(user: str = ANNE, channel: PushChannel = PushChannel.WEB_PUSH) -> PushSubscription:
    return PushSubscription(
        id=PushSubscriptionId(f"psh_{user}"),
        user_id=UserId(user),
        device_id=DeviceId(f"dev_{user}"),
        channel=channel,
        target_sealed=b"sealed",
        target_digest=b"digest",
        created_at=NOW,
        told_up_to=0,
        next_at=NOW,
    )


def asked(action: str, status: ChallengeStatus = ChallengeStatus.OPEN) -> Challenge:
    return replace(make_challenge(action, ANNE), status=status)


def event(s: int, kind: EventKind, challenge: Challenge | None = None, at: datetime = NOW) -> Event:
    ids = (challenge.action_id, challenge.id) if challenge else (None, None)
    return Event(s=s, at=at, news=News(user_id=UserId(ANNE), kind=kind, action_id=ids[0], challenge_id=ids[1]))


def mail(
    *events: Event, challenges: Sequence[Challenge] = (), target: PushTarget | None = None, user: str = ANNE
) -> Mail:
    to = target or FcmTarget(registration=REGISTRATION)
    channel = PushChannel.FCM if isinstance(to, FcmTarget) else PushChannel.WEB_PUSH
    return Mail(
        subscription=subscription_of(user, channel),
        target=to,
        user=make_user(user),
        events=events,
        challenges={challenge.id: challenge for challenge in challenges},
        up_to=events[-1].s if events else 0,
    )


def opened(target: PushTarget, action: str = "act_1", user: str = ANNE) -> Parcel:
    """One challenge opened an hour ago, to be told now."""
    challenge = asked(action)
    made = mail(event(1, EventKind.CHALLENGE_OPENED, challenge), challenges=[challenge], target=target, user=user)
    return Parcel(mail=made, notices=notices_of(made, NOW + timedelta(hours=1)))


def settled(target: PushTarget, action: str = "act_1") -> Parcel:
    challenge = asked(action, ChallengeStatus.SATISFIED)
    made = mail(event(2, EventKind.CHALLENGE_ENDED, challenge), challenges=[challenge], target=target)
    return Parcel(mail=made, notices=notices_of(made, NOW))
