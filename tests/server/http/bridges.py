"""A card bridge as it calls the server over HTTP."""

from dataclasses import dataclass

from approvals.credentials.device import ENROLMENT, signed_bytes
from approvals.credentials.handover import Act, purpose
from approvals.model.ids import HandoverId
from tests.house import Person
from tests.server.http.site import ORIGIN, Site
from tests.server.http.test_devices import written
from tests.server.spec import Answered, Api, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """`key` is the person whose device key stands for the bridge's; `api` calls with the bridge's token."""

    site: Site
    key: Person
    device: str
    api: Api

    async def signed(self, signed_for: str) -> dict[str, Json]:
        nonce = (await self.site.nobody.post("/v1/nonces")).text("nonce")
        signature = written(self.key.sign(signed_bytes(signed_for, ORIGIN, nonce, self.device)))
        return {"device": self.device, "nonce": nonce, "signature": signature}

    async def act(self, act: Act, handover: str, form: dict[str, Json], *, request: str | None = None) -> Answered:
        path = {Act.TAKE: "digits", Act.ANSWER: "answers", Act.GIVE_BACK: "return"}[act]
        device = await self.signed(purpose(act, HandoverId(handover)))
        return await self.api.post(f"/v1/handovers/{handover}/{path}", {**form, "device": device}, key=request)


async def type_code(site: Site, code: str, key: Person) -> Answered:
    nonce = (await site.nobody.post("/v1/nonces")).text("nonce")
    form = {
        "code": code,
        "name": "Poste",
        "public_key": written(key.public_key()),
        "nonce": nonce,
        "signature": written(key.sign(signed_bytes(ENROLMENT, ORIGIN, nonce, ""))),
    }
    return await site.nobody.post("/v1/pairings/codes", form)


async def pair(site: Site, screen: Api, key: Person) -> Bridge:
    """Pair a bridge with a screen that signed in with code and card just now."""
    offered = await screen.post("/v1/pairings")
    paired = await type_code(site, offered.text("code"), key)
    assert paired.status == 201
    confirmation = f"/v1/enrolments/{offered.text('id')}/confirmation"
    assert (await screen.post(confirmation, {"digits": paired.text("digits")})).status == 201
    device, token = str(paired.node("device")["id"]), paired.text("token")
    return Bridge(site=site, key=key, device=device, api=site.nobody.having(token))
