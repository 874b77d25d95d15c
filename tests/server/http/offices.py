"""Two advisers at work over HTTP: one asks, the other approves."""

from approvals.model.adviser import Role
from approvals.model.change import AdviserAssigned
from tests.house import COMPANY, House
from tests.server.http.site import Site
from tests.server.spec import Answered, Api
from tests.staff import CHOSEN, Banker, Staff


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


async def take_in(site: Site, staff: Staff, bankers: tuple[Banker, Banker], role: Role) -> tuple[Banker, Api]:
    """One more of the bank's people, of this role, with an empty portfolio."""
    here = [await staff.enter(banker) for banker in bankers]
    payload = {"adviser": "003", "name": "Inès Roy", "language": "fr", "role": role.value}
    act = await staff.ask(here[0], "adviser_addition", {**payload})
    for banker, presence in zip(bankers, here, strict=True):
        await staff.approve(banker, presence, await staff.house.sheet(act.id))
    newcomer = (await staff.desk.colleagues())[2].user
    letter = await staff.letters.print("api_key:printer", newcomer.id)
    banker = await staff.activate("003", letter.secret)
    return banker, await enter(site, banker)


async def look_after(house: House, banker: Banker) -> None:
    """Put the company into this adviser's portfolio."""
    given = AdviserAssigned(company_id=COMPANY, adviser_id=banker.user.id)
    await house.book.transaction(lambda ledger: ledger.changes.apply(given, house.clock.now()))
