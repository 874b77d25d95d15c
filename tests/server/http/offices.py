"""Two advisers at work over HTTP: one asks, the other approves."""

from tests.server.http.site import Site
from tests.server.spec import Answered, Api
from tests.staff import CHOSEN, Banker


class Office:
    """Denise asks, Farid approves, each over a connection of their own."""

    def __init__(self, *, site: Site, denise: Api, farid: Api, bankers: tuple[Banker, Banker]) -> None:
        self.site = site
        self.denise = denise
        self.farid = farid
        self.bankers = bankers

    async def approve(self, opened: Answered) -> Answered:
        """Farid answers his challenge."""
        shown = await self.farid.get(f"/v1/actions/{opened.text('id')}")
        challenge = shown.node("challenge")
        code = self.bankers[1].authenticator.show().code
        return await self.farid.post(f"/v1/challenges/{challenge['id']}/answers", {"method": "totp", "code": code})


async def enter(site: Site, banker: Banker) -> Api:
    form = {"number": banker.number, "password": CHOSEN, "totp": banker.authenticator.show().code}
    signed_in = await site.nobody.post("/v1/advisers/sessions", form)
    assert signed_in.status == 201
    site.house.clock.advance(seconds=30)
    return site.nobody.having(signed_in.text("token"))
