"""The bank's own people around a House: two supervisors who founded it, and whoever they take in."""

from dataclasses import dataclass

from approvals.checkers.totp import SealedTotpChecker
from approvals.credentials.totp import SEED_KIND
from approvals.desk.actions import OpeningRequest
from approvals.desk.adviser_enrolment import Claim
from approvals.desk.adviser_sign_in import AdviserSignInRequest
from approvals.desk.advisers import Founder
from approvals.desk.answered import Answered
from approvals.desk.opening import Asked
from approvals.desk.presence import Presence
from approvals.desk.staff import Staff as StaffDesks
from approvals.desk.staff import StaffParts, join_staff
from approvals.model.adviser import HOUSE_CLIENT
from approvals.model.ids import ActionKind, UserId
from approvals.model.json import Json
from approvals.model.person import User
from approvals.model.proof import TotpProof
from approvals.model.sheet import ActionSheet
from tests.authenticators import Authenticator
from tests.house import House
from tests.log_watch import never_log

CHOSEN = "correct horse 7 battery"
ADDRESS = "192.0.2.40"


@dataclass(frozen=True, slots=True)
class Banker:
    """One of the bank's people, with password and authenticator."""

    user: User
    authenticator: Authenticator

    @property
    def number(self) -> str:
        return self.user.number

    def request(
        self, *, typed: str = CHOSEN, totp: TotpProof | None = None, address: str = ADDRESS
    ) -> AdviserSignInRequest:
        """What they type at the door."""
        second = totp or self.authenticator.show()
        return AdviserSignInRequest(number=self.number, address=address, password=typed, second=second)


def staff_desks(house: House) -> StaffDesks:
    """The desks of the bank's own people, joined as the composition root joins them."""
    return join_staff(
        StaffParts(
            book=house.book,
            clock=house.clock,
            ids=house.ids,
            hasher=house.hasher,
            totp=SealedTotpChecker(house.keyring),
            keyring=house.keyring,
            terms=house.terms,
        )
    )


class Staff:
    """The desks of the bank's own people, and what tests do with them."""

    def __init__(self, house: House) -> None:
        self.house = house
        joined = staff_desks(house)
        self.desk, self.sign_in, self.enrolment = joined.advisers, joined.sign_in, joined.enrolment
        self.audit = joined.audit
        self.letters = house.ways_in.letters
        never_log(CHOSEN)

    async def found(self) -> tuple[Banker, Banker]:
        """Bootstrap, and let both in: supervisors 001 and 002."""
        founders = await self.found_waiting()
        first, second = [await self.activate(founder.number, founder.secret) for founder in founders]
        return first, second

    async def found_waiting(self) -> list[Founder]:
        """Bootstrap; nobody came in yet."""
        founders = [
            Founder(number=number, name=name, secret=self.house.ids.letter_secret())
            for number, name in (("001", "Denise Royer"), ("002", "Farid Benali"))
        ]
        await self.desk.bootstrap(founders[0], founders[1], house_name="Banque d'essai")
        return founders

    async def activate(self, number: str, secret: str) -> Banker:
        """Go through the first entry of an adviser, and wait for the next time step."""
        claim = Claim(number=number, address=ADDRESS, secret=secret)
        shown = await self.enrolment.begin(claim, CHOSEN)
        never_log(secret, shown.seed)
        banker = await self.banker(number)
        await self.enrolment.confirm(claim, banker.authenticator.show())
        self.house.clock.advance(seconds=30)
        return banker

    async def banker(self, number: str) -> Banker:
        """The adviser of this number with the authenticator they were last shown."""

        async def seed_of(user_id: UserId) -> bytes:
            seeds = await self.house.book.reading(lambda ledger: ledger.secrets.of_kind(SEED_KIND))
            newest = max((seed for seed in seeds if seed.id == user_id), key=lambda seed: seed.version)
            return self.house.keyring.open(newest.kind, newest.id, newest.version, newest.sealed)

        user = await self.house.book.reading(lambda ledger: ledger.people.user_named(HOUSE_CLIENT, number))
        assert user is not None
        return Banker(user, Authenticator(await seed_of(user.id), self.house.clock))

    async def enter(self, banker: Banker) -> Presence:
        """Sign in, and wait for the next time step."""
        signed_in = await self.sign_in.run(banker.request())
        self.house.clock.advance(seconds=30)
        return await self.house.access.presence(signed_in.token)

    async def ask(self, presence: Presence, kind: str, payload: dict[str, Json]) -> ActionSheet:
        """Open an act."""
        request = OpeningRequest(
            asked=Asked(client_identifier=None, initiator=None), kind=ActionKind(kind), payload=payload
        )
        return (await self.house.actions.open(presence, request)).sheets[0]

    async def approve(self, banker: Banker, presence: Presence, sheet: ActionSheet) -> Answered:
        """Answer one's own challenge, and wait for the next time step."""
        challenge = sheet.challenge_of(banker.user.id)
        assert challenge is not None
        answered = await self.house.answers.answer(presence.login.id, challenge.id, banker.authenticator.show())
        self.house.clock.advance(seconds=30)
        return answered
