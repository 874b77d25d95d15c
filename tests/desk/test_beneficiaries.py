"""Beneficiaries on both databases: what is refused, what is shown before a change, lists, ten thousand of them."""

from dataclasses import replace

import pytest

from approvals import statement
from approvals.errors import PayloadRefused
from approvals.model.account import Beneficiary
from approvals.model.change import BeneficiaryPut
from approvals.model.ids import ActionKind
from approvals.model.json import Json
from approvals.model.page import Page
from approvals.model.person import Language
from approvals.operations import OPERATIONS
from approvals.ports.book import Ledger
from approvals.ports.company import BeneficiaryQuery
from deploy.demo.make_remittance import made_payee
from tests.house import BENEFICIARY, COMPANY, PAYEE_IBAN, House, Person, mine

EVERYBODY = BeneficiaryQuery(subscription_id=COMPANY)


async def ask(house: House, payload: dict[str, Json]) -> dict[str, Json]:
    """Open the action; return its facts."""
    return dict((await house.hold(payload=payload)).action.facts)


async def carry_out(house: House, payload: dict[str, Json], signer: Person) -> None:
    sheet = await house.hold(payload=payload)
    here, challenge = await house.sign_in(signer), mine(sheet, signer)
    await house.answers.answer(here.login.id, challenge.id, signer.answer(challenge.reader_input))


async def registered(house: House, query: BeneficiaryQuery = EVERYBODY, limit: int = 100) -> list[Beneficiary]:
    """Walk all pages."""
    page = await page_of(house, query, None, limit)
    found = list(page.items)
    while page.next is not None:
        page = await page_of(house, query, page.next, limit)
        found += page.items
    return found


async def page_of(house: House, query: BeneficiaryQuery, after: str | None, limit: int) -> Page[Beneficiary]:
    return await house.book.reading(lambda ledger: ledger.beneficiaries.browse(query, after, limit))


WRONG = [
    ("iban", "FR1420041010050500013M02607", "iban_wrong"),
    ("iban", "ZZ1420041010050500013M02606", "iban_wrong"),
    ("iban", "DE1420041010050500013M02606", "iban_length"),
    ("iban", "FR1420041010050500013M0260", "iban_length"),
    ("iban", 7, "iban_wrong"),
    ("bic", "NOTABIC", "bic_wrong"),
    ("bic", "DEUTDEFFXXX", "bic_other_country"),
    ("name", "M\N{CYRILLIC SMALL LETTER IE}nuiserie Le Goff", "name_homograph"),
    ("name", "\N{GREEK CAPITAL LETTER ALPHA}lpha Beton", "name_homograph"),
    ("name", "gpj.\u202eexe", "text_direction"),
    ("name", "שלום", "text_direction"),
    ("name", "Le\u200bGoff", "text_control"),
    ("name", "Le\nGoff", "text_control"),
    ("name", "a\x00b", "text_nul"),
    ("lists", ["Fournisseurs", "F\N{CYRILLIC SMALL LETTER O}urnisseurs"], "name_homograph"),
    ("lists", ["a\x00b"], "text_nul"),
]


@pytest.mark.parametrize(("field", "value", "code"), WRONG)
async def test_each_way_a_beneficiary_is_wrong_has_its_own_code(
    house: House, field: str, value: Json, code: str
) -> None:
    await house.found()
    with pytest.raises(PayloadRefused) as refused:
        await ask(house, {**BENEFICIARY, field: value})
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize("name", ["Société Générale d'Électricité n° 7 & Cⁱᵉ", "Банк Развития", "Ærø Øst", "Ελλάς"])
async def test_a_name_in_one_script_is_taken(house: House, name: str) -> None:
    await house.found()
    assert (await ask(house, {**BENEFICIARY, "name": name}))["name"] == name


@pytest.mark.parametrize("bic", ["BATIFRP1XXX", "BREDRERXXXX"])
async def test_a_bic_of_the_iban_s_country_or_its_territories_is_taken(house: House, bic: str) -> None:
    await house.found()
    assert (await ask(house, {**BENEFICIARY, "bic": bic}))["bic"] == bic


async def test_a_change_shows_what_was_and_what_will_be(house: House) -> None:
    anne, _, _ = await house.found()
    await carry_out(house, {**BENEFICIARY, "lists": ["Menuisiers", "Chantier Nord"]}, anne)
    facts = await ask(house, {**BENEFICIARY, "change": "change", "name": "Le Goff & Fils", "bic": "BATIFRP1XXX"})
    assert facts["before"] == {"name": "Menuiserie Le Goff", "bic": None, "lists": ["Chantier Nord", "Menuisiers"]}
    operation = OPERATIONS[ActionKind("beneficiary")]
    shown = {line.label: line.value for line in _text(operation.title, facts)}
    assert shown["Holder"] == "Menuiserie Le Goff → Le Goff & Fils"
    assert shown["BIC"] == "— → BATIFRP1XXX"
    assert shown["Lists"] == "Chantier Nord, Menuisiers → —"
    assert shown["IBAN"] == "FR14 2004 1010 0505 0001 3M02 606"


def _text(title: statement.Words, facts: dict[str, Json]) -> tuple[statement.Line, ...]:
    fields = OPERATIONS[ActionKind("beneficiary")].fields
    return statement.render(title, fields, facts, Language.EN).lines


async def test_a_removal_names_whom_and_takes_them_off_every_list(house: House) -> None:
    anne, _, _ = await house.found()
    await carry_out(house, {**BENEFICIARY, "lists": ["Menuisiers"]}, anne)
    removal: dict[str, Json] = {"change": "remove", "iban": PAYEE_IBAN}
    assert (await ask(house, removal))["name"] == "Menuiserie Le Goff"
    await carry_out(house, removal, anne)
    assert await registered(house) == []
    assert await house.book.reading(lambda ledger: ledger.beneficiaries.lists(COMPANY)) == []


@pytest.mark.parametrize("change", ["change", "remove"])
async def test_whom_nobody_registered_cannot_be_changed_or_removed(house: House, change: str) -> None:
    await house.found()
    payload: dict[str, Json] = {**BENEFICIARY, "change": change}
    if change == "remove":
        del payload["name"]
    with pytest.raises(PayloadRefused) as refused:
        await ask(house, payload)
    assert refused.value.code == "beneficiary_unknown"


async def test_adding_whom_is_there_already_says_so(house: House) -> None:
    anne, _, _ = await house.found()
    await carry_out(house, {**BENEFICIARY}, anne)
    with pytest.raises(PayloadRefused) as refused:
        await ask(house, {**BENEFICIARY})
    assert refused.value.code == "beneficiary_known"


async def test_a_beneficiary_joins_its_lists_when_the_action_is_decided(house: House) -> None:
    anne, _, _ = await house.found()
    await carry_out(house, {**BENEFICIARY, "lists": ["Menuisiers", "Chantier Nord"]}, anne)
    (found,) = await registered(house, replace(EVERYBODY, list="Menuisiers"))
    assert found.lists == ("Chantier Nord", "Menuisiers")
    assert await registered(house, replace(EVERYBODY, list="Autres")) == []


async def test_ten_thousand_beneficiaries_are_walked_and_searched(house: House) -> None:
    await house.found()
    names = [made_payee(n) for n in range(10_000)]
    for start in range(0, len(names), 500):
        await _register(house, names[start : start + 500])
    walked = await registered(house)
    assert len(walked) == len({each.iban for each in walked}) == 10_000
    plumbers = {iban for name, iban in names if name.startswith("Plomberie Lille 1")}
    found = await registered(house, replace(EVERYBODY, text="plomberie LILLE 1"))
    assert {each.iban for each in found} == plumbers != set()
    assert [each.name for each in await registered(house, replace(EVERYBODY, text=names[77][1]))] == [names[77][0]]


async def _register(house: House, names: list[tuple[str, str]]) -> None:
    async def work(ledger: Ledger) -> None:
        for name, iban in names:
            put = BeneficiaryPut(subscription_id=COMPANY, iban=iban, bic=None, name=name)
            await ledger.changes.apply(put, house.clock.now())

    await house.book.transaction(work)
