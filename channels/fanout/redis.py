"""Hints over Redis's publish and subscribe: one channel a house, one subscriber and one sender a node.

Both go on for ever, whatever becomes of Redis, and nobody waits for either: an approval whose hint is lost is told
when heads are next read again. Every confirmed subscription asks for that, since hints were missed before it.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Final

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError

from channels.fanout.hints import FanoutFigures, Hint, Listener
from channels.fanout.outbox import Outbox

log: Final = logging.getLogger(__name__)

_PATIENCE: Final = 2.0  # seconds to connect, and for an answer
_SILENCE: Final = 5.0  # seconds without a message before the subscriber asks whether anybody is there
_LARGEST: Final = 1024 * 1024  # bytes; ours have less than a quarter of it
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0


class _Message(msgspec.Struct, frozen=True, kw_only=True):
    """What one node says to all."""

    node: str
    hints: Sequence[Hint]


_DECODER: Final = msgspec.json.Decoder(_Message)


@asynccontextmanager
async def redis_fanout(
    url: str,
    *,
    environment: str,
    node: str,
    subscribed: Callable[[], None],
    draw: Callable[[float, float], float],
) -> AsyncIterator["RedisFanout"]:
    """Make a fan-out and let go of its connections after it; Redis need not be there yet.

    `node` is this process's own name, `subscribed` is called when hints flow again, `draw` picks a number between two.
    """
    client = Redis.from_url(
        url,
        socket_timeout=_PATIENCE,
        socket_connect_timeout=_PATIENCE,
        retry=Retry(NoBackoff(), 0),  # trying again is ours, so that every new subscription is noticed
        client_name="contreseing",
    )
    try:
        yield RedisFanout(client, channel=channel_of(environment), node=node, subscribed=subscribed, draw=draw)
    finally:
        await client.aclose()


def channel_of(environment: str) -> str:
    """Return the channel of a house; houses and versions that share a Redis do not hear each other."""
    return f"contreseing:{environment}:hints:v1"


class RedisFanout:
    """Satisfies `hints.Fanout`."""

    def __init__(
        self,
        client: Redis,
        *,
        channel: str,
        node: str,
        subscribed: Callable[[], None],
        draw: Callable[[float, float], float],
    ) -> None:
        self._client = client
        self._channel = channel
        self._node = node
        self._subscribed = subscribed
        self._draw = draw
        self._listeners: list[Listener] = []
        self._outbox = Outbox()
        self._wake = asyncio.Event()
        self._is_loss_told = False
        self.figures = FanoutFigures(is_connected=False)

    def publish(self, hint: Hint) -> None:
        self.figures.dropped += self._outbox.put(hint)
        self._wake.set()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def jobs(self) -> Sequence[Coroutine[None, None, None]]:
        return self._subscribe_for_ever(), self._send_for_ever()

    # --- hearing ------------------------------------------------------------------------------------------

    async def _subscribe_for_ever(self) -> None:
        failures = 0
        while True:
            before = self.figures.subscriptions
            try:
                async with self._client.pubsub() as subscription:
                    await subscription.subscribe(self._channel)
                    await self._hear(subscription)
            except Exception as error:  # noqa: BLE001  # whatever it is, the next subscription may do better
                self._note_loss(error)
            failures = 1 if self.figures.subscriptions > before else failures + 1
            await asyncio.sleep(self._pause(failures))

    async def _hear(self, subscription: PubSub) -> None:
        """Hear until the connection breaks. Raises TimeoutError when the other end is silent twice over."""
        silences = 0
        while silences < 2:
            message = await subscription.get_message(timeout=_SILENCE)
            if message is None:
                silences += 1
                await subscription.ping()
                continue
            silences = 0
            if message["type"] == "subscribe":
                self._note_subscription()
            elif message["type"] == "message":
                self._take(message["data"])
        raise TimeoutError

    def _take(self, told: bytes) -> None:
        message = _read(told)
        if message is None:
            self._note_stranger(told)
            return
        if message.node == self._node:
            return
        self.figures.heard += len(message.hints)
        for hint in message.hints:
            for listener in self._listeners:
                listener(hint)

    def _note_subscription(self) -> None:
        self.figures.is_connected = True
        self.figures.subscriptions += 1
        self._is_loss_told = False
        log.info("fan-out subscribed", extra={"subscriptions": self.figures.subscriptions})
        self._subscribed()

    def _note_stranger(self, told: bytes) -> None:
        """The first is logged, all are counted: somebody may send thousands a second."""
        if self.figures.ignored == 0:
            log.warning("fan-out heard what is no hint of ours: who else uses its channel?", extra={"bytes": len(told)})
        self.figures.ignored += 1

    def _note_loss(self, error: Exception) -> None:
        """An outage is logged once; the driver's text may name what it connected to, and stays out."""
        self.figures.is_connected = False
        if self._is_loss_told:
            return
        self._is_loss_told = True
        to_mend = _to_mend(error)
        if to_mend is None:
            log.warning("fan-out lost, subscribing again", extra={"error": type(error).__qualname__})
        else:
            log.error("fan-out refused until it is mended", extra={"mend": to_mend})

    # --- telling ------------------------------------------------------------------------------------------

    async def _send_for_ever(self) -> None:
        failures = 0
        while True:
            await self._wake.wait()
            self._wake.clear()
            while hints := self._outbox.take():
                failures = 0 if await self._sends(hints) else failures + 1
                if failures:
                    await asyncio.sleep(self._pause(failures))

    async def _sends(self, hints: Sequence[Hint]) -> bool:
        """Send one message; on failure it is gone."""
        message = msgspec.json.encode(_Message(node=self._node, hints=hints))
        try:
            await self._client.publish(self._channel, message)
        except Exception as error:  # noqa: BLE001  # a hint is never worth more than the line that says it was lost
            self.figures.dropped += len(hints)
            log.debug("hints dropped", extra={"hints": len(hints), "error": type(error).__qualname__})
            return False
        self.figures.sent += len(hints)
        return True

    def _pause(self, failures: int) -> float:
        """Full jitter, doubling: the nodes do not come back as one."""
        return self._draw(0.0, min(_FIRST_PAUSE * 2 ** min(failures, 16), _LONGEST_PAUSE))


def _read(told: bytes) -> _Message | None:
    """Return a message of a node's; None for anything else that came over the channel."""
    if len(told) > _LARGEST:
        return None
    try:
        return _DECODER.decode(told)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _to_mend(error: BaseException | None) -> str | None:
    """Say what is wrong with the settings, or None where the next subscription may do better by itself."""
    while error is not None:
        match error:
            case ssl.SSLCertVerificationError():
                return "Redis's certificate is not trusted: name its CA by ssl_ca_certs in fanout.redis_url"
            case AuthenticationError():
                return "Redis refuses user or password of fanout.redis_url"
            case _:
                error = error.__cause__ or error.__context__
    return None
