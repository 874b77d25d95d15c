"""Devices that are woken by push: the key they subscribe to, and each person's own subscriptions."""

from approvals.credentials.refusals import DeviceNeeded, PushNotServed, PushTargetRefused
from approvals.desk.presence import Presence
from approvals.errors import NotFound
from approvals.model.ids import DeviceId, PushSubscriptionId
from approvals.model.page import Page
from approvals.model.push import FcmTarget, PushSubscription, PushTarget, WebPushTarget
from channels.frames.content import PageContent
from channels.views.lists import page_content
from channels.views.times import milliseconds
from server.http.binary import decoded, encoded
from server.http.desks import Desks
from server.http.gates import Person, PersonWatching
from server.http.intake import Json, NoBody
from server.http.push_forms import FcmForm, PushKeyContent, PushSubscriptionContent, WebPushForm
from server.http.replies import Reply
from server.http.routes import NOTHING, Call, Gives, NoQuery, Route, Row


async def show_key(desks: Desks, _call: Call[Presence, None, NoQuery]) -> Reply:
    return Reply(body=PushKeyContent(key=encoded(desks.push.vapid_key())))


async def subscribe(desks: Desks, call: Call[Presence, WebPushForm | FcmForm, NoQuery]) -> Reply:
    subscription = await desks.push.subscribe(call.caller.login.id, _target(call.body))
    return Reply(body=_content(subscription, here=subscription.device_id))


async def list_subscriptions(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    subscriptions = await desks.push.mine(call.caller.user.id)
    here = call.caller.login.device_id
    return Reply(body=page_content(Page(items=subscriptions, next=None), lambda each: _content(each, here=here)))


async def unsubscribe(desks: Desks, call: Call[Presence, None, NoQuery]) -> Reply:
    await desks.push.unsubscribe(call.caller.login.id, PushSubscriptionId(call.path["subscription"]))
    return Reply()


def _target(form: WebPushForm | FcmForm) -> PushTarget:
    if isinstance(form, FcmForm):
        return FcmTarget(registration=form.token)
    keys = form.keys
    return WebPushTarget(endpoint=form.endpoint, p256dh=decoded(keys.p256dh), auth=decoded(keys.auth))


def _content(subscription: PushSubscription, *, here: DeviceId | None) -> PushSubscriptionContent:
    sent = subscription.last_sent_at
    return PushSubscriptionContent(
        id=subscription.id,
        device=subscription.device_id,
        channel=subscription.channel,
        created=milliseconds(subscription.created_at),
        last_sent=None if sent is None else milliseconds(sent),
        last_outcome=subscription.last_outcome,
        current=subscription.device_id == here,
    )


ROWS: tuple[Row, ...] = (
    Route(
        method="GET",
        path="/v1/push/key",
        summary="Get the key a browser subscribes to for Web Push",
        who=PersonWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=show_key,
        gives=Gives(status=200, struct=PushKeyContent),
        errors=(PushNotServed,),
    ),
    Route(
        method="POST",
        path="/v1/push-subscriptions",
        summary="Have the device one is signed in on woken by push; what woke it before no longer does",
        who=Person(),
        intake=Json[WebPushForm | FcmForm](WebPushForm, FcmForm),
        query=NoQuery,
        handler=subscribe,
        gives=Gives(status=201, struct=PushSubscriptionContent),
        errors=(DeviceNeeded, PushNotServed, PushTargetRefused),
    ),
    Route(
        method="GET",
        path="/v1/push-subscriptions",
        summary="List one's devices that are woken by push, and when and how each last was",
        who=PersonWatching(),
        intake=NoBody(),
        query=NoQuery,
        handler=list_subscriptions,
        gives=Gives(status=200, struct=PageContent[PushSubscriptionContent]),
    ),
    Route(
        method="DELETE",
        path="/v1/push-subscriptions/{subscription}",
        summary="Have one of one's devices woken no more",
        who=Person(),
        intake=NoBody(),
        query=NoQuery,
        handler=unsubscribe,
        gives=NOTHING,
        errors=(NotFound,),
    ),
)
