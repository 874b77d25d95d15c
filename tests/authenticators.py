"""Authenticators in advisers' hands: they show the code of the moment."""

from dataclasses import dataclass

from approvals.credentials.totp import SEED_KIND, SEED_SIZE, code_at, step_at
from approvals.model.adviser import Adviser, Role
from approvals.model.proof import TotpProof
from approvals.ports.book import Ledger
from approvals.ports.vault import SealedSecret
from tests.fakes import SteppedClock
from tests.house import House, Person


@dataclass(frozen=True, slots=True)
class Authenticator:
    """One adviser's app; `clock` is the phone's."""

    seed: bytes
    clock: SteppedClock

    def show(self, *, steps: int = 0) -> TotpProof:
        """Read the code of now, or of so many steps later.

        Not told to the log watch: a log of some size holds any six digits by chance. Seeds are.
        """
        return TotpProof(code=code_at(self.seed, step_at(self.clock.now()) + steps))

    def wrong(self) -> TotpProof:
        """A code of no step near."""
        near = {self.show(steps=steps).code for steps in range(-2, 3)}
        return TotpProof(code=next(f"{n:06}" for n in range(10) if f"{n:06}" not in near))


async def give_authenticator(house: House, person: Person, role: Role = Role.ADVISER) -> Authenticator:
    """Make the person an adviser whose authenticator is enrolled."""
    seed = person.user.id.encode().ljust(SEED_SIZE, b".")

    async def work(ledger: Ledger) -> None:
        sealed = house.keyring.seal(SEED_KIND, person.user.id, 1, seed)
        await ledger.secrets.put(
            SealedSecret(kind=SEED_KIND, id=person.user.id, version=1, sealed=sealed, created_at=house.clock.now())
        )
        await ledger.advisers.add(Adviser(user_id=person.user.id, role=role, seed_version=1))

    await house.book.transaction(work)
    return Authenticator(seed, house.clock)
