"""Verification of Payee on both databases: what waits, what is signed, what stops it (RULES 21)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from approvals import statement
from approvals.desk.remittances import PayeesRequest
from approvals.errors import (
    DuplicateRemittance,
    IdempotencyKeyReused,
    NobodyCanSign,
    NotFound,
    PayloadRefused,
    PolicyMissing,
    PreparationClosed,
    UnknownDebtorAccount,
)
from approvals.model.account import Account
from approvals.model.action import ActionStatus
from approvals.model.card import CardStatus
from approvals.model.ids import AccountId, ApiKeyId, PreparationId
from approvals.model.json import Json
from approvals.model.person import Language
from approvals.model.preparation import PreparationStatus
from approvals.model.verification import NamedAccount, PayeeAnswer, PayeeVerdict
from approvals.operations.verification import MOST_LISTED
from approvals.ports.actions import ActionFilter
from approvals.ports.payloads import PayeeOrder
from approvals.store.book import SqlBook
from deploy.demo.make_remittance import Batch, made_payee
from tests.desk.preparing import (
    KEY,
    SECOND_IBAN,
    add,
    begun,
    finish,
    known_payees,
    opened,
    send,
    state_of,
    text_of,
    verification,
    with_check,
)
from tests.fakes import Directory
from tests.house import CHEQUEBOOK, COMPANY, CORE, PAYEE_IBAN, House, mine
from tests.joined_desks import Parts
from tests.remittance.files import make_file


@pytest.fixture
def directory() -> Directory:
    return known_payees()


@pytest.fixture
def house(book: SqlBook, tmp_path: Path, directory: Directory) -> House:
    return House(Parts(book=book, folder=tmp_path, payee_check=directory))


# --- what waits -------------------------------------------------------------------------------------------


async def test_while_payees_are_asked_about_there_is_no_action_and_nothing_to_sign(house: House) -> None:
    await house.found()
    begun(await send(house, make_file()))
    begun(await add(house))
    page = await house.book.reading(lambda ledger: ledger.actions.browse(ActionFilter(), None, 10))
    assert page.items == []
    assert house.announcements.heads == []


async def test_when_all_answers_are_in_the_action_opens_and_its_signers_are_told(
    house: House, directory: Directory
) -> None:
    anne, bruno, _ = await house.found()
    (action,) = await opened(house, await send(house, make_file()))
    assert action.status is ActionStatus.PENDING
    assert verification(action.facts) == {
        "answers": {"MTCH": 3, "CMTC": 0, "NMTC": 0, "NOAP": 0},
        "findings": [],
        "unlisted": 0,
    }
    assert house.announcements.heads == [{anne.user.id: 1, bruno.user.id: 1}]
    assert [payee.iban for payee in directory.asked] == [made_payee(n)[1] for n in range(3)]
    assert {payee.bic for payee in directory.asked} == {"AGRIFRPP"}
    here = await house.sign_in(anne)
    sheet = await house.sheet(action.id)
    await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.answer(mine(sheet, anne).reader_input))
    assert (await house.sheet(action.id)).action.status is ActionStatus.APPROVED


async def test_every_near_or_no_match_is_in_the_text_with_the_name_returned(house: House, directory: Directory) -> None:
    await house.found()
    close, wrong, silent = (made_payee(n)[1] for n in range(3))
    directory.holders |= {close: "Menuiserie Dupont", wrong: "Someone Else"}
    del directory.holders[silent]
    (action,) = await opened(house, await send(house, make_file(Batch(id="B1", orders=4))))
    iban = statement.spaced_iban
    assert text_of(action, Language.FR) == [
        "1 conforme(s), 1 proche(s), 1 non conforme(s), 1 sans réponse",
        f"{made_payee(0)[0]} {iban(close)} : nom proche, le compte est celui de Menuiserie Dupont",
        f"{made_payee(1)[0]} {iban(wrong)} : le compte n'est pas à ce nom",
    ]
    assert text_of(action, Language.EN)[1:] == [
        f"{made_payee(0)[0]} {iban(close)}: close match, the account is held by Menuiserie Dupont",
        f"{made_payee(1)[0]} {iban(wrong)}: the account is not held under this name",
    ]
    assert action.statement_digest == statement.digest(action.facts)


async def test_no_answer_at_all_never_blocks(house: House, directory: Directory) -> None:
    await house.found()
    directory.holders.clear()
    (action,) = await opened(house, await send(house, make_file()))
    assert text_of(action, Language.EN) == ["3 not verifiable"]


@pytest.mark.parametrize("change", ["add", "change"])
async def test_a_beneficiary_added_or_changed_is_verified_too(house: House, directory: Directory, change: str) -> None:
    anne, _, _ = await house.found()
    if change == "change":
        (first,) = await opened(house, await add(house))
        sheet, here = await house.sheet(first.id), await house.sign_in(anne)
        asked = mine(sheet, anne).reader_input
        await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.answer(asked))
    (action,) = await opened(house, await add(house, change=change, name="Menuiserie Goff", bic="BATIFRP1XXX"))
    assert directory.asked[-1] == NamedAccount(name="Menuiserie Goff", iban=PAYEE_IBAN, bic="BATIFRP1XXX")
    assert text_of(action, Language.EN)[1].endswith("close match, the account is held by Menuiserie Le Goff")


async def test_one_payee_of_many_orders_is_asked_about_once_and_counted_with_each(
    house: House, directory: Directory
) -> None:
    await house.found()
    directory.holders[made_payee(1)[1]] = "Someone Else"
    file = make_file(Batch(id="B1", orders=250, payees=(made_payee(0), made_payee(1))))
    (action,) = await opened(house, await send(house, file))
    assert len(directory.asked) == 2
    assert verification(action.facts)["answers"] == {"MTCH": 125, "CMTC": 0, "NMTC": 125, "NOAP": 0}
    assert len(cast("Sequence[Json]", verification(action.facts)["findings"])) == 1


async def test_each_action_of_a_file_states_the_answers_about_its_own_payees(
    house: House, directory: Directory
) -> None:
    await house.found()
    account = Account(id=AccountId("acc_2"), subscription_id=COMPANY, iban=SECOND_IBAN, currency="EUR", label="Second")
    await house.book.transaction(lambda ledger: ledger.accounts.add(account))
    directory.holders[made_payee(1)[1]] = "Someone Else"
    file = make_file(
        Batch(id="B1", orders=2),
        Batch(id="B2", orders=1, debtor_iban=SECOND_IBAN),
        Batch(id="B3", orders=2, currency="CHF"),
    )
    first, second, swiss = await opened(house, await send(house, file))
    assert verification(first.facts)["answers"] == {"MTCH": 1, "CMTC": 0, "NMTC": 1, "NOAP": 0}
    assert verification(second.facts)["answers"] == {"MTCH": 1, "CMTC": 0, "NMTC": 0, "NOAP": 0}
    assert "verification" not in swiss.facts
    assert first.bundle_id == second.bundle_id == swiss.bundle_id is not None


async def test_of_a_salary_batch_the_facts_hold_counts_alone(house: House, directory: Directory) -> None:
    await house.found()
    directory.holders[made_payee(0)[1]] = "Someone Else"
    (action,) = await opened(house, await send(house, make_file(Batch(id="B1", orders=2, purpose="SALA"))))
    assert verification(action.facts) == {"answers": {"MTCH": 1, "CMTC": 0, "NMTC": 1, "NOAP": 0}}


async def test_of_very_many_findings_the_facts_hold_the_first_and_how_many_more(
    house: House, directory: Directory
) -> None:
    await house.found()
    directory.holders = dict.fromkeys(directory.holders, "Someone Else")
    (action,) = await opened(house, await send(house, make_file(Batch(id="B1", orders=MOST_LISTED + 7))))
    found = verification(action.facts)
    findings = cast("Sequence[Mapping[str, Json]]", found["findings"])
    assert (len(findings), found["unlisted"]) == (MOST_LISTED, 7)
    assert [each["name"] for each in findings[:3]] == [made_payee(n)[0] for n in range(3)]
    assert text_of(action, Language.EN)[-1] == "and 7 more, to be seen in the list of payees"


async def test_the_list_of_payees_says_what_was_answered_about_each(house: House, directory: Directory) -> None:
    await house.found()
    directory.holders[made_payee(1)[1]] = f"{made_payee(1)[0].split()[0]} Dupont"
    (action,) = await opened(house, await send(house, make_file(Batch(id="B1", orders=3, purpose="SALA"))))
    page = await house.remittances.payees(PayeesRequest(action_id=action.id, order=PayeeOrder.FILE, limit=2))
    rest = await house.remittances.payees(PayeesRequest(action_id=action.id, order=PayeeOrder.FILE, after=page.next))
    risky = await house.remittances.payees(PayeesRequest(action_id=action.id, limit=2))
    verdicts = [payee.verdict for payee in (*page.items, *rest.items)]
    match = PayeeVerdict(answer=PayeeAnswer.MATCH)
    assert verdicts[0] == verdicts[2] == match
    returned = directory.holders[made_payee(1)[1]]
    assert verdicts[1] == PayeeVerdict(answer=PayeeAnswer.CLOSE_MATCH, returned_name=returned)
    assert len(risky.items) == 2


# --- where no check is due --------------------------------------------------------------------------------


async def test_what_pays_nobody_in_euro_opens_at_once(house: House, directory: Directory) -> None:
    await house.found()
    assert (await house.hold("chequebook", CHEQUEBOOK)).action.status is ActionStatus.PENDING
    swiss = await send(house, make_file(Batch(id="B1", orders=2, currency="CHF")))
    assert [sheet.action.status for sheet in swiss.sheets] == [ActionStatus.PENDING]
    assert directory.asked == []


async def test_a_package_of_a_company_that_opted_out_opens_at_once_and_says_since_when(
    house: House, directory: Directory
) -> None:
    await house.found()
    await house.book.transaction(lambda ledger: ledger.preparations.opt_out(COMPANY, date(2026, 11, 1)))
    (sheet,) = (await send(house, make_file())).sheets
    assert text_of(sheet.action, Language.FR) == ["renonciation de l'entreprise du 01/11/2026"]
    assert text_of(sheet.action, Language.EN) == ["opted out on 2026-11-01"]
    assert directory.asked == []


async def test_one_order_alone_is_no_package_and_a_company_may_want_its_checks_back(house: House) -> None:
    await house.found()
    await house.book.transaction(lambda ledger: ledger.preparations.opt_out(COMPANY, date(2026, 11, 1)))
    begun(await send(house, make_file(Batch(id="B1", orders=1))))
    begun(await add(house))
    await house.book.transaction(lambda ledger: ledger.preparations.opt_out(COMPANY, None))
    begun(await send(house, make_file().replace(b"MSG-1", b"MSG-2")))


# --- what stops it ----------------------------------------------------------------------------------------


async def test_what_could_not_be_opened_is_told_at_once_and_nobody_is_asked(house: House, directory: Directory) -> None:
    anne, bruno, _ = await house.found(kinds=("remittance",))
    with pytest.raises(PolicyMissing):
        await add(house)
    with pytest.raises(UnknownDebtorAccount):
        await send(house, make_file(Batch(id="B1", orders=2, debtor_iban=SECOND_IBAN)))
    await house.put_card(anne.card, status=CardStatus.LOCKED)
    await house.put_card(bruno.card, status=CardStatus.LOCKED)
    with pytest.raises(NobodyCanSign):
        await send(house, make_file())
    await finish(house)
    assert directory.asked == []


async def test_what_can_no_more_be_opened_in_the_end_says_why_and_opens_nothing(house: House) -> None:
    anne, bruno, _ = await house.found()
    preparation = begun(await send(house, make_file()))
    await house.put_card(anne.card, status=CardStatus.LOCKED)
    await house.put_card(bruno.card, status=CardStatus.LOCKED)
    await finish(house)
    ended = await state_of(house, preparation)
    assert (ended.status, ended.refusal, ended.actions) == (PreparationStatus.REFUSED, "nobody_can_sign", ())
    page = await house.book.reading(lambda ledger: ledger.actions.browse(ActionFilter(), None, 10))
    assert page.items == []


async def test_a_beneficiary_added_twice_meanwhile_is_added_once(house: House) -> None:
    anne, _, _ = await house.found()
    first = begun(await add(house))
    house.clock.advance(seconds=1)
    second = begun(await add(house))
    for _ in range(3):  # asked for the first, for the second; the first is opened
        house.clock.advance(seconds=1)
        assert await house.preparations.advance()
    (sheet,) = (await house.preparations.show(CORE, first.id)).actions
    here = await house.sign_in(anne)
    await house.answers.answer(here.login.id, mine(sheet, anne).id, anne.answer(mine(sheet, anne).reader_input))
    await finish(house)
    ended = await state_of(house, second)
    assert (ended.status, ended.refusal) == (PreparationStatus.REFUSED, "beneficiary_known")
    with pytest.raises(PayloadRefused):
        await add(house)


async def test_a_preparation_is_withdrawn_by_its_opener_and_opens_nothing(house: House, directory: Directory) -> None:
    await house.found()
    preparation = begun(await send(house, make_file(Batch(id="B1", orders=250))))
    assert await house.preparations.advance()
    asked = len(directory.asked)
    with pytest.raises(NotFound):
        await house.preparations.withdraw(replace(CORE, id=ApiKeyId("key_other")), preparation.id)
    withdrawn = await house.preparations.withdraw(CORE, preparation.id)
    assert withdrawn.preparation.status is PreparationStatus.WITHDRAWN
    await finish(house)
    assert len(directory.asked) == asked == 100
    again = await house.preparations.withdraw(CORE, preparation.id)
    assert again.preparation == await state_of(house, preparation)
    assert (await send(house, make_file(Batch(id="B1", orders=250)))).preparation is not None


async def test_one_that_is_open_is_withdrawn_as_an_action_no_more_as_a_preparation(house: House) -> None:
    await house.found()
    result = await send(house, make_file())
    await opened(house, result)
    with pytest.raises(PreparationClosed) as refused:
        await house.preparations.withdraw(CORE, begun(result).id)
    assert refused.value.status == "opened"
    with pytest.raises(NotFound):
        await house.preparations.show(CORE, PreparationId("prp_none"))


async def test_a_withdrawal_while_a_batch_is_asked_about_wins(house: House, directory: Directory) -> None:
    await house.found()
    preparation = begun(await send(house, make_file()))
    check = directory.check

    async def slow(payee: NamedAccount) -> PayeeVerdict:
        await house.preparations.withdraw(CORE, preparation.id)
        return await check(payee)

    house.preparations = with_check(house, slow)
    assert await house.preparations.advance()
    ended = await state_of(house, preparation)
    assert (ended.status, ended.done) == (PreparationStatus.WITHDRAWN, 0)
    assert not await house.preparations.advance()


async def test_the_same_file_is_a_duplicate_while_the_first_is_prepared_and_after(house: House) -> None:
    await house.found()
    result = await send(house, make_file())
    with pytest.raises(DuplicateRemittance):
        await send(house, make_file())
    await opened(house, result)
    with pytest.raises(DuplicateRemittance):
        await send(house, make_file())


async def test_the_same_request_again_shows_its_preparation_as_it_is_now(house: House) -> None:
    await house.found()
    first = begun(await send(house, make_file(), KEY))
    again = await send(house, make_file(), KEY)
    assert again.replayed
    assert again.preparation is not None
    assert again.preparation.id == first.id
    await finish(house)
    late = await send(house, make_file(), KEY)
    assert late.preparation is not None
    assert (late.preparation.status, len(late.sheets)) == (PreparationStatus.OPENED, 1)
    with pytest.raises(IdempotencyKeyReused):
        await send(house, make_file(Batch(id="OTHER", orders=1)), KEY)
