"""Payment files on both databases: one action per account and currency, duplicates, payees (RULES 17 and 19)."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

import pytest

from approvals.desk.actions import OpeningResult
from approvals.desk.opening import Asked
from approvals.desk.remittances import PayeesRequest, ReceiptRequest
from approvals.errors import (
    DuplicateRemittance,
    IdempotencyKeyReused,
    RemittanceError,
    UnknownDebtorAccount,
    UnregisteredPayees,
    UploadTooSlow,
)
from approvals.model.account import Account
from approvals.model.action import ActionStatus
from approvals.model.change import BeneficiaryPut
from approvals.model.idempotency import RequestKey
from approvals.model.ids import AccountId, UploadId
from approvals.model.person import Language
from approvals.model.policy import CodeOnMoney, Policy, Signatures
from approvals.model.reader import CODE_KEY, CapMode
from approvals.operations.remittance import RemittanceOperation
from approvals.ports.actions import ActionFilter
from approvals.ports.book import Ledger
from approvals.ports.payloads import PayeeOrder
from approvals.statement import render, spaced_iban
from deploy.demo.make_remittance import Batch, made_payee
from tests.house import ACCOUNT_IBAN, ALONE, CLIENT, COMPANY, CORE, House, mine
from tests.remittance.files import make_file, read

SECOND_IBAN = made_payee(90_001)[1]
DECISION = CodeOnMoney(decided_by="The directors", decided_on=date(2026, 11, 2))


async def stream(file: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(file), size):
        yield file[start : start + size]


async def send(house: House, file: bytes, key: RequestKey | None = None) -> OpeningResult:
    request = ReceiptRequest(asked=Asked(client_identifier=CLIENT, initiator="003"), content_type="application/xml")
    return await house.remittances.receive(CORE, request, stream(file), key)


async def give_second_account(house: House) -> None:
    account = Account(id=AccountId("acc_2"), subscription_id=COMPANY, iban=SECOND_IBAN, currency="EUR", label="Second")
    await house.book.transaction(lambda ledger: ledger.accounts.add(account))


async def register(house: House, *payees: tuple[str, str], days_ago: int = 60) -> None:
    house.clock.advance(days=-days_ago)

    async def work(ledger: Ledger) -> None:
        for name, iban in payees:
            put = BeneficiaryPut(subscription_id=COMPANY, iban=iban, bic=None, name=name)
            await ledger.changes.apply(put, house.clock.now())

    await house.book.transaction(work)
    house.clock.advance(days=days_ago)


async def test_a_file_is_held_with_what_will_be_signed(house: House) -> None:
    await house.found()
    file = make_file()
    (sheet,) = (await send(house, file)).sheets
    facts = sheet.action.facts
    assert (facts["total"], facts["count"]) == ({"amount": "303.03", "currency": "EUR"}, 3)
    assert (facts["account"], facts["dates"], facts["blocks"]) == (ACCOUNT_IBAN, ["2026-12-01"], ["B1"])
    assert facts["payload_sha256"] == sheet.action.payload_digest == hashlib.sha256(file).hexdigest()
    _, whole = read(file)
    assert facts["payees_sha256"] == whole.groups[0].digest


async def test_the_signer_reads_the_total_and_whom_it_is_paid_to(house: House) -> None:
    await house.found()
    name, iban = made_payee(7)
    (sheet,) = (await send(house, make_file(Batch(id="B1", orders=1, payees=[(name, iban)])))).sheets
    text = render(RemittanceOperation.title, RemittanceOperation.fields, sheet.action.facts, Language.EN)
    shown = {line.label: line.value for line in text.lines}
    total = cast("Mapping[str, str]", sheet.action.facts["total"])
    assert shown["Total"] == f"{total['amount']} EUR"
    assert f"{name} (unknown) {spaced_iban(iban)}" in shown.get("Payees", "")


async def test_the_file_is_given_back_as_it_came(house: House) -> None:
    await house.found()
    file = make_file(Batch(id="B1", orders=1500))
    (sheet,) = (await send(house, file)).sheets
    chunks = [chunk async for chunk in (await house.remittances.payload(sheet.id, CORE)).chunks]
    assert len(chunks) > 1
    assert b"".join(chunks) == file


async def test_two_accounts_in_one_file_are_two_actions_of_one_bundle(house: House) -> None:
    await house.found()
    await give_second_account(house)
    file = make_file(
        Batch(id="B1", orders=2), Batch(id="B2", orders=3, debtor_iban=SECOND_IBAN), Batch(id="B3", orders=1)
    )
    first, second = (await send(house, file)).sheets
    assert (first.action.facts["blocks"], second.action.facts["blocks"]) == (["B1", "B3"], ["B2"])
    assert first.action.bundle_id == second.action.bundle_id is not None


async def test_two_currencies_in_one_file_are_two_actions_and_in_one_block_refused(house: House) -> None:
    await house.found()
    file = make_file(Batch(id="B1", orders=1), Batch(id="B2", orders=1, currency="CHF"))
    totals = [sheet.action.facts["total"] for sheet in (await send(house, file)).sheets]
    assert totals == [{"amount": "100.00", "currency": "EUR"}, {"amount": "100.00", "currency": "CHF"}]
    mixed = make_file(Batch(id="B1", orders=2)).replace(b'Ccy="EUR"', b'Ccy="CHF"', 1)
    with pytest.raises(RemittanceError) as refused:
        await send(house, mixed)
    assert refused.value.code == "currency_mixed"


async def test_a_wrong_file_opens_nothing_and_its_upload_is_swept(house: House) -> None:
    await house.found()
    with pytest.raises(RemittanceError):
        await send(house, make_file().replace(b"<NbOfTxs>3<", b"<NbOfTxs>4<", 1))
    assert await orphans(house) == []
    house.clock.advance(days=1, hours=1)
    assert len(await orphans(house)) == 1
    await house.sweeping.sweep()
    assert await orphans(house) == []


async def test_a_file_that_takes_more_than_an_hour_opens_nothing(house: House) -> None:
    await house.found()
    request = ReceiptRequest(asked=Asked(client_identifier=CLIENT, initiator="003"), content_type="application/xml")

    async def trickle() -> AsyncIterator[bytes]:
        yield make_file()
        house.clock.advance(hours=1, seconds=1)

    with pytest.raises(UploadTooSlow):
        await house.remittances.receive(CORE, request, trickle())


async def orphans(house: House) -> list[UploadId]:
    before = house.clock.now() - timedelta(days=1)
    return list(await house.book.reading(lambda ledger: ledger.uploads.orphans(before, 10)))


async def test_an_account_that_is_not_the_companys_is_refused(house: House) -> None:
    await house.found()
    with pytest.raises(UnknownDebtorAccount):
        await send(house, make_file(Batch(id="B1", orders=1, debtor_iban=SECOND_IBAN)))


async def test_one_of_two_accounts_unknown_opens_neither_action(house: House) -> None:
    await house.found()
    with pytest.raises(UnknownDebtorAccount):
        await send(house, make_file(Batch(id="B1", orders=1), Batch(id="B2", orders=1, debtor_iban=SECOND_IBAN)))
    page = await house.book.reading(lambda ledger: ledger.actions.browse(ActionFilter(), None, 10))
    assert page.items == []


# --- duplicates -------------------------------------------------------------------------------------------


async def test_the_same_message_twice_is_a_duplicate_while_the_first_is_alive(house: House) -> None:
    anne, _, _ = await house.found()
    (sheet,) = (await send(house, make_file())).sheets
    with pytest.raises(DuplicateRemittance):
        await send(house, make_file(Batch(id="OTHER", orders=1)))
    here = await house.sign_in(anne)
    challenge = mine(sheet, anne)
    await house.answers.answer(here.login.id, challenge.id, anne.answer(challenge.reader_input))
    assert (await house.sheet(sheet.id)).action.status is ActionStatus.APPROVED
    with pytest.raises(DuplicateRemittance):
        await send(house, make_file())


async def test_a_corrected_file_passes_after_the_first_was_withdrawn(house: House) -> None:
    await house.found()
    (sheet,) = (await send(house, make_file())).sheets
    await house.withdraw(sheet)
    (again,) = (await send(house, make_file())).sheets
    assert again.action.status is ActionStatus.PENDING


async def test_the_same_request_with_the_same_file_opens_once(house: House) -> None:
    await house.found()
    key = RequestKey(caller="api_key:key_core", key="k1", request_digest="00")
    first, again = await send(house, make_file(), key), await send(house, make_file(), key)
    assert again.replayed
    assert [sheet.id for sheet in again.sheets] == [sheet.id for sheet in first.sheets]
    with pytest.raises(IdempotencyKeyReused):
        await send(house, make_file(Batch(id="OTHER", orders=1)), key)


# --- payees -----------------------------------------------------------------------------------------------


async def browse(house: House, request: PayeesRequest) -> list[str]:
    page = await house.remittances.payees(request)
    names = [payee.name for payee in page.items]
    return names if page.next is None else names + await browse(house, replace(request, after=page.next))


async def test_unknown_and_changed_payees_come_first_and_the_largest_next(house: House) -> None:
    await house.found()
    names = [made_payee(n) for n in range(5)]
    await register(house, names[0], (names[1][0], SECOND_IBAN), names[4])
    (sheet,) = (await send(house, make_file(Batch(id="B1", orders=5)))).sheets
    shown = sheet.action.facts["payees"]
    assert isinstance(shown, list)
    assert [payee["name"] for payee in shown] == [names[n][0] for n in (3, 2, 1, 4, 0)]
    assert [payee["standing"] for payee in shown] == ["unknown", "unknown", "changed", "known", "known"]
    assert sheet.action.facts["unregistered"] == 3
    assert await browse(house, PayeesRequest(action_id=sheet.id)) == [names[n][0] for n in (3, 2, 1, 4, 0)]


async def test_all_payees_can_be_walked_in_file_order_and_searched(house: House) -> None:
    await house.found()
    (sheet,) = (await send(house, make_file(Batch(id="B1", orders=120)))).sheets
    everyone = [made_payee(n)[0] for n in range(120)]
    walk = PayeesRequest(action_id=sheet.id, limit=7)
    assert await browse(house, replace(walk, order=PayeeOrder.FILE)) == everyone
    assert sorted(await browse(house, walk)) == sorted(everyone)
    plumbers = {name for name in everyone if name.startswith("Plomberie Lille 1")}
    assert set(await browse(house, replace(walk, text="PLOMBERIE lille 1"))) == plumbers != set()
    assert await browse(house, replace(walk, text=made_payee(11)[1])) == [everyone[11]]
    shown = sheet.action.facts["payees"]
    assert isinstance(shown, list)
    assert len(shown) == 20


async def test_a_policy_that_takes_registered_payees_only_refuses_the_others(house: House) -> None:
    await house.found(Policy(clauses=(Signatures(count=1),), unregistered_payees=False))
    with pytest.raises(UnregisteredPayees):
        await send(house, make_file())
    await register(house, *(made_payee(n) for n in range(3)))
    (sheet,) = (await send(house, make_file())).sheets
    assert sheet.action.facts["unregistered"] == 0


async def test_a_salary_batch_states_count_and_digest_only(house: House) -> None:
    await house.found()
    (sheet,) = (await send(house, make_file(Batch(id="B1", orders=3, purpose="SALA")))).sheets
    assert (sheet.action.facts["salary"], sheet.action.facts["payees"]) == (True, None)


# --- what the code binds ----------------------------------------------------------------------------------


async def test_one_payee_or_many_the_french_card_binds_total_and_payees_by_hashed_digits(house: House) -> None:
    anne, bruno, _ = await house.found()
    (sheet,) = (await send(house, make_file(Batch(id="B1", orders=1)))).sheets
    asked = mine(sheet, anne).reader_input
    assert asked is not None
    assert (asked.mode, asked.digits[0], len(asked.digits)) == (CapMode.RESPOND, "4", 8)
    assert mine(sheet, bruno).reader_input != asked


async def test_a_recorded_decision_puts_the_code_key_on_money(house: House) -> None:
    anne, _, _ = await house.found(Policy(clauses=ALONE.clauses, code_on_money=DECISION))
    (sheet,) = (await send(house, make_file())).sheets
    assert mine(sheet, anne).reader_input == CODE_KEY
