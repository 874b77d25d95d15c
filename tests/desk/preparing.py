"""What tests of Verification of Payee do again and again: send, carry on, look at what came of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import cast

from approvals import statement
from approvals.desk.actions import OpeningRequest, OpeningResult
from approvals.desk.opening import Asked
from approvals.desk.preparations import PreparationDesk
from approvals.desk.remittances import ReceiptRequest
from approvals.model.action import Action
from approvals.model.idempotency import RequestKey
from approvals.model.ids import ActionKind
from approvals.model.json import Facts, Json
from approvals.model.person import Language
from approvals.model.preparation import Preparation, PreparationStatus
from approvals.model.verification import NamedAccount, PayeeVerdict
from approvals.operations import OPERATIONS
from deploy.demo.make_remittance import made_payee
from tests.desk.test_remittances import stream
from tests.fakes import Directory
from tests.house import BENEFICIARY, CLIENT, CORE, PAYEE_IBAN, House

KEY = RequestKey(caller="api_key:key_core", key="k1", request_digest="00")
SECOND_IBAN = made_payee(90_001)[1]


def known_payees() -> Directory:
    return Directory({made_payee(n)[1]: made_payee(n)[0] for n in range(10_000)} | {PAYEE_IBAN: "Menuiserie Le Goff"})


async def send(house: House, file: bytes, key: RequestKey | None = None) -> OpeningResult:
    request = ReceiptRequest(asked=Asked(client_identifier=CLIENT, initiator="003"), content_type="application/xml")
    return await house.remittances.receive(CORE, request, stream(file, 100_000), key)


async def add(house: House, key: RequestKey | None = None, **payload: Json) -> OpeningResult:
    request = OpeningRequest(
        asked=Asked(client_identifier=CLIENT, initiator="003"),
        kind=ActionKind("beneficiary"),
        payload={**BENEFICIARY, **payload},
    )
    return await house.actions.open(CORE, request, key)


def begun(result: OpeningResult) -> Preparation:
    assert result.preparation is not None
    assert (result.preparation.status, result.sheets) == (PreparationStatus.CHECKING, ())
    return result.preparation


async def finish(house: House) -> None:
    while await house.preparations.advance():
        pass


@dataclass(frozen=True, slots=True)
class Asking:
    """The PayeeCheck port, as a test wants it answered."""

    answer: Callable[[NamedAccount], Awaitable[PayeeVerdict]]

    async def check(self, payee: NamedAccount) -> PayeeVerdict:
        return await self.answer(payee)


def with_check(house: House, check: Callable[[NamedAccount], Awaitable[PayeeVerdict]]) -> PreparationDesk:
    """Another node's desk, which asks somebody else."""
    return PreparationDesk(
        book=house.book, clock=house.clock, actions=house.actions, holding=house.holding, check=Asking(check)
    )


async def state_of(house: House, preparation: Preparation) -> Preparation:
    return (await house.preparations.show(CORE, preparation.id)).preparation


async def opened(house: House, result: OpeningResult) -> list[Action]:
    """Carry the preparation to its end; return its actions."""
    preparation = begun(result)
    await finish(house)
    sheet = await house.preparations.show(CORE, preparation.id)
    assert sheet.preparation.status is PreparationStatus.OPENED
    return [each.action for each in sheet.actions]


def verification(facts: Facts) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", facts["verification"])


def text_of(action: Action, language: Language) -> list[str]:
    operation = OPERATIONS[action.kind]
    lines = statement.render(operation.title, operation.fields, action.facts, language).lines
    start = next(n for n, line in enumerate(lines) if line.label.startswith(("Vérification", "Verification")))
    rest = [line for line in lines[start + 1 :] if not line.label]
    return [lines[start].value, *(line.value for line in rest)]
