"""Letters of activation, as adviser, core and printer bring them about."""

from approvals.desk.first_entry import FirstEntryRequest
from approvals.model.change import ActivationRenewed
from approvals.model.person import UserStatus
from approvals.ports.book import Ledger
from tests.company import put_status
from tests.house import CLIENT, House, Person
from tests.log_watch import never_log

NEW_CODE = "840271"


async def order(house: House, person: Person, status: UserStatus | None = None) -> None:
    """Renew the person's code, as two advisers approved it; `status` is where the person stands then."""

    async def work(ledger: Ledger) -> None:
        await ledger.changes.apply(ActivationRenewed(user_id=person.user.id), house.clock.now())

    await house.book.transaction(work)
    if status is not None:
        await put_status(house, person, status)


async def letter(house: House, person: Person) -> str:
    """What the person reads in their letter."""
    printed = await house.ways_in.letters.print("api_key:key_printer", person.user.id)
    never_log(printed.secret)
    return printed.secret


async def invited(house: House, person: Person) -> str:
    """Make somebody of the house one who was only invited; return their letter's secret."""
    await order(house, person, UserStatus.INVITED)
    return await letter(house, person)


def entry(person: Person, secret: str, code: str = NEW_CODE, address: str = "192.0.2.7") -> FirstEntryRequest:
    never_log(code)
    return FirstEntryRequest(
        client_identifier=CLIENT, user_number=person.user.number, address=address, secret=secret, code=code
    )
