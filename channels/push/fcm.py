"""Firebase Cloud Messaging, by Google's own library: batches of messages sent in one worker thread, errors by class.

The library waits for nobody's loop, so it runs beside it. It would also sleep through every Retry-After in its thread,
however long, and has no option against it: its retries are taken from its session, and are ours.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import firebase_admin
from firebase_admin import credentials, exceptions, messaging
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import Request
from requests.adapters import HTTPAdapter

from approvals.errors import InvalidRequest
from approvals.model.person import Language
from approvals.model.push import FcmTarget
from approvals.ports.world import Clock
from channels.push.notices import Notice, topic_of
from channels.push.outcomes import Gone, Later, Outcome, Parcel, Refused, Sent, Shut, read_retry_after, worst

_SERVICE: Final = "https://fcm.googleapis.com"
_CONNECTIONS: Final = 64
_TITLE: Final = "Contreseing"


class FcmSender:
    """Satisfies `outcomes.PushSender`."""

    at_once = 50  # the library starts a thread a message; 500 are its most

    def __init__(
        self,
        *,
        app: firebase_admin.App,
        thread: ThreadPoolExecutor,
        clock: Clock,
        limit: timedelta,
    ) -> None:
        """`thread` is the one worker; `limit` bounds one request for a token."""
        self._app = app
        self._thread = thread
        self._clock = clock
        self._request = partial(Request(), timeout=limit.total_seconds())

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        made = [_messages(parcel) for parcel in parcels]
        flat = [each for messages in made for each in messages]
        results = iter(await self._in_thread(partial(self._send, flat)))
        return [worst([next(results) for _ in messages]) for messages in made]

    async def _in_thread(self, work: Callable[[], Sequence[Outcome]]) -> Sequence[Outcome]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _send(self, messages: Sequence[messaging.Message]) -> Sequence[Outcome]:
        """Send them all, in the worker thread. What keeps us out altogether is told of every message."""
        try:
            self._sign_in()
            batch = messaging.send_each(list(messages), app=self._app)
        except TransportError:
            return [Later("token_unreachable")] * len(messages)
        except GoogleAuthError as error:
            outcome = Later("token_unavailable") if error.retryable else Shut("token_refused")
            return [outcome] * len(messages)
        except exceptions.FirebaseError as error:
            return [outcome_of(error, self._clock.now())] * len(messages)
        now = self._clock.now()
        return [Sent() if each.success else outcome_of(each.exception, now) for each in batch.responses]

    def _sign_in(self) -> None:
        """Fetch the access token once, before the threads of a batch would each fetch their own."""
        credential = self._app.credential.get_credential()
        if not credential.valid:
            credential.refresh(self._request)


_CLASSES: Final[Sequence[tuple[type[exceptions.FirebaseError], Outcome]]] = (
    (messaging.UnregisteredError, Gone("unregistered")),
    (messaging.SenderIdMismatchError, Gone("sender_id_mismatch")),
    (messaging.QuotaExceededError, Later("quota_exceeded")),
    (exceptions.ResourceExhaustedError, Later("quota_exceeded")),
    (exceptions.UnavailableError, Later("unavailable")),
    (exceptions.InternalError, Later("internal")),
    (exceptions.DeadlineExceededError, Later("timeout")),
    (exceptions.InvalidArgumentError, Refused("invalid_argument")),
    (exceptions.UnauthenticatedError, Shut("not_authenticated")),
    (exceptions.PermissionDeniedError, Shut("permission_denied")),
)
"""What each class of the library's errors means; a class stands before those it is made of."""


def outcome_of(error: exceptions.FirebaseError, now: datetime) -> Outcome:
    """Say what an error means; of one nobody knows, that it may pass."""
    found = next((outcome for kind, outcome in _CLASSES if isinstance(error, kind)), Later("unknown"))
    if not isinstance(found, Later) or error.http_response is None:
        return found
    return Later(found.reason, read_retry_after(error.http_response.headers.get("Retry-After"), now))


def _messages(parcel: Parcel) -> Sequence[messaging.Message]:
    mail = parcel.mail
    if not isinstance(mail.target, FcmTarget):
        return []
    token, language = mail.target.registration, mail.user.language
    return [_message(token, notice, topic_of(mail.subscription.id, notice.tag), language) for notice in parcel.notices]


def _message(token: str, notice: Notice, topic: str, language: Language) -> messaging.Message:
    """A notice is shown by the system; a clearing is for the app alone, which takes the notice away."""
    shown = None if notice.is_settled else messaging.Notification(title=_TITLE, body=notice.words)
    return messaging.Message(
        token=token,
        data={
            "kind": notice.kind.value,
            "tag": notice.tag,
            "path": notice.path,
            "lang": language.value,
            "settled": "1" if notice.is_settled else "0",
        },
        notification=shown,
        android=_android(notice, topic),
        apns=_apns(notice, topic),
    )


def _android(notice: Notice, topic: str) -> messaging.AndroidConfig:
    return messaging.AndroidConfig(
        collapse_key=topic,
        priority="high" if notice.is_urgent else "normal",
        ttl=notice.life,
        notification=None if notice.is_settled else messaging.AndroidNotification(tag=notice.tag),
    )


def _apns(notice: Notice, topic: str) -> messaging.APNSConfig:
    headers: Mapping[str, str] = {
        "apns-collapse-id": topic,
        "apns-push-type": "background" if notice.is_settled else "alert",
        "apns-priority": "10" if notice.is_urgent else "5",
    }
    aps = messaging.Aps(content_available=True) if notice.is_settled else messaging.Aps(thread_id=notice.tag)
    return messaging.APNSConfig(headers=dict(headers), payload=messaging.APNSPayload(aps=aps))


@asynccontextmanager
async def open_fcm(file: Path, clock: Clock, limit: timedelta = timedelta(seconds=10)) -> AsyncIterator[FcmSender]:
    """Reach FCM meanwhile with a service account's key file. Raises InvalidRequest where it is none.

    The library finds a proxy and a CA of one's own in the environment (HTTPS_PROXY, REQUESTS_CA_BUNDLE).
    """
    try:
        credential = credentials.Certificate(str(file))
    except (OSError, ValueError):
        raise InvalidRequest(f"{file.name} is no key file of a service account", field="push.fcm_key_file") from None
    app = firebase_admin.initialize_app(credential, {"httpTimeout": limit.total_seconds()}, name=f"push {id(clock)}")
    _take_retries_away(app)
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fcm")
    try:
        yield FcmSender(app=app, thread=thread, clock=clock, limit=limit)
    finally:
        thread.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(firebase_admin.delete_app, app)  # it runs a loop of its own


def _take_retries_away(app: firebase_admin.App) -> None:
    session = messaging._get_messaging_service(app)._client.session  # noqa: SLF001  # no option does it, see above
    session.mount(_SERVICE, HTTPAdapter(pool_connections=1, pool_maxsize=_CONNECTIONS))
