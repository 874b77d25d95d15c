"""A window whose app is woken by push: enrolled, subscribed, and handed what a push service on this machine was sent.

No browser reaches a real push service from here, so `PushManager.subscribe` fails: the window subscribes at the bank's
interface with keys of the test's making. All else is real: the bank encrypts and posts, the test decrypts as the
browser would, and Chromium delivers the words to the app's own service worker.
"""

import asyncio
import base64
import json
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Page

from tests.push.service import Browser, PushService, new_browser

_ENROL = """async () => {
  const here = await (await fetch('/v1/sessions/here', { headers: { 'Contreseing-Client': 'app' } })).json();
  const send = async (path, body) => (await fetch(path, { method: 'POST', body: JSON.stringify(body), headers: {
    'Contreseing-Client': 'app', 'Contreseing-CSRF': here.csrf, 'Content-Type': 'application/json' } })).json();
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const { nonce } = await (await fetch('/v1/nonces', { method: 'POST' })).json();
  const lines = ['contreseing device signature v1', 'enrolment', location.origin, nonce, ''].join('\\n');
  const signature = text(await crypto.subtle.sign(algorithm, keys.privateKey, new TextEncoder().encode(lines)));
  const public_key = text(await crypto.subtle.exportKey('raw', keys.publicKey));
  const { device, token } = await send('/v1/devices', { name: 'Téléphone', public_key, nonce, signature });
  const request = indexedDB.open('contreseing', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('shelf');
  const database = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const writing = database.transaction('shelf', 'readwrite');
  writing.objectStore('shelf').put({ id: device.id, token, user: here.user.id, keys }, 'device');
  await new Promise((resolve) => { writing.oncomplete = resolve; });
  database.close();
}"""
_SUBSCRIBE = """async (form) => {
  const here = await (await fetch('/v1/sessions/here', { headers: { 'Contreseing-Client': 'app' } })).json();
  const response = await fetch('/v1/push-subscriptions', { method: 'POST', body: JSON.stringify(form), headers: {
    'Contreseing-Client': 'app', 'Contreseing-CSRF': here.csrf, 'Content-Type': 'application/json' } });
  return response.status;
}"""
_LAST_SENT = """async () => {
  const response = await fetch('/v1/push-subscriptions', { headers: { 'Contreseing-Client': 'app' } });
  return (await response.json()).items[0].last_sent;
}"""
_SERVICE = """
  const subscription = {
    toJSON: () => (GIVEN),
    unsubscribe: async () => { localStorage.removeItem('subscribed'); return true; },
  };
  PushManager.prototype.getSubscription = async () => (localStorage.subscribed ? subscription : null);
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 87) throw new Error('not subscribed like this');
    localStorage.subscribed = 'yes';
    return subscription;
  };
"""
_READY = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  if (active.state === 'activated') return;
  await new Promise((resolve) => active.addEventListener('statechange', resolve, { once: true }));
}"""
_SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(({ title, body, tag, lang }) => ({ title, body, tag, lang }));
}"""


@dataclass(kw_only=True)
class Woken:
    """One window, and the half of its subscription that a browser keeps to itself."""

    page: Page
    session: CDPSession
    registration: str
    browser: Browser
    service: PushService
    delivered: int = 0
    handed: list[str] = field(default_factory=list)

    async def deliver(self) -> None:
        """Hand the bank's next message to the service worker."""
        await self.hand_over(await self.next_message())

    async def deliver_again(self) -> None:
        """Hand the last message over once more: a push service may deliver twice."""
        await self.hand_over(self.browser.opened(self.service.received[self.delivered - 1].body))

    async def next_message(self) -> dict[str, object]:
        """Wait for the bank's next message, and open it as the browser would."""
        async with asyncio.timeout(30):
            while True:
                if len(self.service.received) > self.delivered:
                    break
                await asyncio.sleep(0.01)
        self.delivered += 1
        return self.browser.opened(self.service.received[self.delivered - 1].body)

    async def hand_over(self, message: dict[str, object] | str) -> None:
        """Deliver this to the service worker, as the browser's push service would."""
        data = message if isinstance(message, str) else json.dumps(message)
        self.handed.append(data)
        await self._hand_over(data)

    async def _hand_over(self, data: str) -> None:
        told = {"origin": self.page.url.partition("/app")[0], "registrationId": self.registration, "data": data}
        await self.session.send("ServiceWorker.deliverPushMessage", told)

    async def told(self) -> None:
        """Wait until the bank has noted that the device was told."""
        async with asyncio.timeout(30):
            while True:
                if await self.page.evaluate(_LAST_SENT) is not None:
                    return
                await asyncio.sleep(0.05)

    async def shown(self, count: int) -> list[dict[str, Any]]:
        """The notifications on the screen, once there are so many.

        DevTools' delivery answers nothing and loses a message to a worker that is just starting. A push service would
        repeat it; so does this, every five seconds, and what comes twice is shown once.
        """
        async with asyncio.timeout(60):
            turn = 0
            while True:
                turn += 1
                found: list[dict[str, Any]] = await self.page.evaluate(_SHOWN)
                if len(found) == count:
                    return found
                await asyncio.sleep(0.1)
                if turn % 50 == 0:
                    for data in self.handed if len(found) < count else self.handed[-1:]:
                        await self._hand_over(data)


async def give_push_service(page: Page, browser: Browser, service: PushService) -> None:
    """Let every page of this window believe that its browser reaches this push service, and is subscribed once asked.

    This one thing is not Chromium's own: without a Google behind it, it has no push service at all.
    """
    target = browser.target(service.endpoint)
    keys = {"p256dh": _text(target.p256dh), "auth": _text(target.auth)}
    given = json.dumps({"endpoint": target.endpoint, "keys": keys})
    await page.context.grant_permissions(["notifications"])
    await page.context.add_init_script(_SERVICE.replace("GIVEN", given))


async def enrol(page: Page) -> None:
    """Make this window an enrolled device of whoever is signed in on it with code and card, and come back."""
    await page.evaluate(_ENROL)
    await page.goto("/app")


async def woken(page: Page, service: PushService) -> Woken:
    """Have this enrolled window woken through the service."""
    await page.context.grant_permissions(["notifications"])
    session = await page.context.new_cdp_session(page)
    seen: list[str] = []

    def note(told: dict[str, Any]) -> None:
        seen.extend(each["registrationId"] for each in told["registrations"])

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    await session.send("ServiceWorker.enable")
    await page.evaluate(_READY)
    async with asyncio.timeout(30):
        while True:
            if seen:
                break
            await asyncio.sleep(0.01)
    browser = new_browser()
    target = browser.target(service.endpoint)
    keys = {"p256dh": _text(target.p256dh), "auth": _text(target.auth)}
    form = {"channel": "web_push", "endpoint": target.endpoint, "keys": keys}
    assert await page.evaluate(_SUBSCRIBE, form) == 201
    return Woken(page=page, session=session, registration=seen[0], browser=browser, service=service)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
