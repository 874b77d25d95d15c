"""Collections on both databases: one action a creditor account, same rules on duplicates and accounts (RULES 20)."""

from datetime import date

import pytest

from approvals import statement
from approvals.desk.actions import OpeningResult
from approvals.desk.opening import Asked
from approvals.desk.remittances import ReceiptRequest
from approvals.errors import DuplicateRemittance, RemittanceError, UnknownAccount
from approvals.model.json import Facts
from approvals.model.person import Language
from approvals.model.policy import CodeOnMoney, Policy, Signatures
from approvals.model.reader import CODE_KEY, CapMode
from approvals.operations.collection import CollectionOperation
from deploy.demo.make_collection import ICS, SIREN, Debits, bills, direct_debits, lcr
from deploy.demo.make_remittance import french_iban
from tests.desk.test_remittances import stream
from tests.house import ACCOUNT_IBAN, CLIENT, CORE, House, mine

DEBITS = b"".join(direct_debits("SDD-1", [Debits(id="D1", orders=3)]))
BILLS = lcr(bills(3))
DECISION = CodeOnMoney(decided_by="The directors", decided_on=date(2026, 11, 2))


async def send(house: House, file: bytes, content_type: str = "application/xml") -> OpeningResult:
    request = ReceiptRequest(asked=Asked(client_identifier=CLIENT, initiator="003"), content_type=content_type)
    return await house.remittances.receive(CORE, request, stream(file, 100))


def text_of(facts: Facts, language: Language) -> dict[str, str]:
    text = statement.render(CollectionOperation.title, CollectionOperation.fields, facts, language)
    return {line.label: line.value for line in text.lines}


async def test_direct_debits_are_held_with_account_ics_count_total_and_due_dates(house: House) -> None:
    await house.found()
    (sheet,) = (await send(house, DEBITS)).sheets
    assert sheet.action.kind == "collection"
    shown = text_of(sheet.action.facts, Language.FR)
    assert shown == {
        "Nature": "prélèvements SEPA",
        "Montant total": "303,03 EUR",
        "Nombre d'opérations": "3",
        "Compte crédité": statement.spaced_iban(ACCOUNT_IBAN),
        "ICS": ICS,
        "Échéances": "15/12/2026",
        "Référence du fichier": "SDD-1",
    }


async def test_bills_are_held_with_siren_and_cash_or_discount(house: House) -> None:
    await house.found()
    (sheet,) = (await send(house, lcr(bills(3, entry="1")), "text/plain")).sheets
    shown = text_of(sheet.action.facts, Language.EN)
    assert shown["Kind"] == "bills of exchange, promissory notes"
    assert (shown["SIREN"], shown["Crediting"], shown["Total"]) == (SIREN, "discount", "303.03 EUR")
    assert "payees" not in sheet.action.facts


async def test_bills_that_name_no_siren_are_the_company_s(house: House) -> None:
    await house.found()
    file = BILLS.replace(f"{SIREN:<15}".encode(), b" " * 15)
    (sheet,) = (await send(house, file, "text/plain")).sheets
    assert sheet.action.facts["siren"] == "552100554"


async def test_the_creditor_s_account_must_be_the_company_s(house: House) -> None:
    await house.found()
    other = lcr(bills(1, iban=french_iban(90_001)))
    with pytest.raises(UnknownAccount) as refused:
        await send(house, other, "text/plain")
    assert refused.value.code == "account_unknown"


@pytest.mark.parametrize(("file", "content_type"), [(DEBITS, "text/xml"), (BILLS, "text/plain")])
async def test_the_same_collection_twice_is_a_duplicate_while_the_first_is_alive(
    house: House, file: bytes, content_type: str
) -> None:
    await house.found()
    (sheet,) = (await send(house, file, content_type)).sheets
    with pytest.raises(DuplicateRemittance):
        await send(house, file, content_type)
    await house.withdraw(sheet)
    assert len((await send(house, file, content_type)).sheets) == 1


async def test_records_are_taken_as_text_alone_and_messages_as_either(house: House) -> None:
    await house.found()
    with pytest.raises(RemittanceError) as refused:
        await send(house, BILLS, "application/xml")
    assert refused.value.code == "xml_malformed"
    assert len((await send(house, DEBITS, "text/plain")).sheets) == 1


async def test_a_code_for_a_collection_is_its_own_and_may_be_put_on_the_code_key(house: House) -> None:
    anne, _, _ = await house.found()
    (sheet,) = (await send(house, DEBITS)).sheets
    asked = mine(sheet, anne).reader_input
    assert asked is not None
    assert (asked.mode, asked.digits[0], len(asked.digits)) == (CapMode.RESPOND, "5", 8)
    await house.book.transaction(
        lambda ledger: ledger.policies.put(
            sheet.action.subscription_id,
            sheet.action.kind,
            None,
            Policy(clauses=(Signatures(count=1),), code_on_money=DECISION),
        )
    )
    (bill,) = (await send(house, BILLS, "text/plain")).sheets
    assert mine(bill, anne).reader_input == CODE_KEY
