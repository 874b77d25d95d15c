"""What people of the house's company open themselves, and what they may do: written as an action decided would."""

from collections.abc import Mapping
from dataclasses import replace

from approvals.desk.actions import OpeningRequest
from approvals.desk.opening import Asked
from approvals.model.entitlement import Entitlement
from approvals.model.ids import ActionKind
from approvals.model.json import Json
from approvals.model.person import UserStatus
from approvals.model.policy import Policy
from approvals.model.sheet import ActionSheet
from approvals.ports.book import Ledger
from tests.house import BENEFICIARY, COMPANY, House, Person


async def start(
    house: House, person: Person, kind: str = "beneficiary", payload: Mapping[str, Json] = BENEFICIARY
) -> ActionSheet:
    """A person signs in and opens an action themselves."""
    presence = await house.access.presence((await house.sign_in(person)).token)
    request = OpeningRequest(
        asked=Asked(client_identifier=None, initiator=None), kind=ActionKind(kind), payload=payload
    )
    return (await house.actions.open(presence, request)).sheets[0]


async def entitle(house: House, granted: Entitlement) -> None:
    """Write what a person may do, over whatever they might."""

    async def work(ledger: Ledger) -> None:
        before = await ledger.rights.of_user(granted.user_id)
        assert await ledger.rights.put(COMPANY, replace(granted, version=before.version))

    await house.book.transaction(work)


async def put_policy(house: House, kind: str, policy: Policy) -> None:
    """Write who must sign a kind of action."""
    await house.book.transaction(lambda ledger: ledger.policies.put(COMPANY, ActionKind(kind), None, policy))


async def put_person(house: House, person: Person, *, attempts_left: int) -> None:
    """Write how many attempts a person has left."""
    current = await house.user(person)
    changed = replace(current, attempts_left=attempts_left)
    await house.book.transaction(lambda ledger: ledger.people.save_user(changed))


async def put_status(house: House, person: Person, status: UserStatus) -> None:
    """Write where a person stands."""
    changed = replace(await house.user(person), status=status)
    await house.book.transaction(lambda ledger: ledger.people.save_user(changed))
