from approvals.model.change import BeneficiaryPut
from approvals.ports.book import Ledger
from approvals.store.payees import fold
from deploy.demo.make_remittance import made_payee
from tests.house import CLIENT, COMPANY, Person
from tests.server.http.site import Site


async def register(site: Site, count: int) -> None:
    async def work(ledger: Ledger) -> None:
        for n in range(count):
            name, iban = made_payee(n)
            lists = ("Chantier Nord",) if n % 2 else ()
            put = BeneficiaryPut(subscription_id=COMPANY, iban=iban, bic=None, name=name, lists=lists)
            await ledger.changes.apply(put, site.house.clock.now())

    await site.house.book.transaction(work)


async def test_a_person_walks_the_beneficiaries_of_their_company(site: Site, people: tuple[Person, ...]) -> None:
    await register(site, 5)
    anne = await site.sign_in(people[0])
    first = await anne.get("/v1/beneficiaries", limit=3)
    rest = await anne.get("/v1/beneficiaries", limit=3, after=first.text("next"))
    names = [str(each["name"]) for each in first.items() + rest.items()]
    assert names == sorted((made_payee(n)[0] for n in range(5)), key=fold)


async def test_the_core_says_whose_and_searches(site: Site) -> None:
    await register(site, 5)
    found = await site.core.get("/v1/beneficiaries", client=CLIENT, text=made_payee(3)[1])
    assert [each["name"] for each in found.items()] == [made_payee(3)[0]]
    assert (await site.core.get("/v1/beneficiaries")).code == "invalid_request"
    assert (await site.core.get("/v1/beneficiaries", client="00000000")).code == "not_found"


async def test_lists_are_named_and_walked(site: Site, people: tuple[Person, ...]) -> None:
    await register(site, 4)
    anne = await site.sign_in(people[0])
    assert (await anne.get("/v1/beneficiary-lists")).body["items"] == ["Chantier Nord"]
    on_it = await anne.get("/v1/beneficiaries", list="Chantier Nord")
    assert [each["lists"] for each in on_it.items()] == [["Chantier Nord"], ["Chantier Nord"]]


async def test_a_beneficiary_s_lists_are_opened_over_http_and_a_wrong_name_is_told_by_its_code(site: Site) -> None:
    payload = {"change": "add", "name": "Le Goff", "iban": "FR1420041010050500013M02606", "lists": ["Menuisiers"]}
    held = await site.hold(payload=payload)
    assert held.node("statement")["title"] == "Compte destinataire"
    wrong = await site.hold(payload={**payload, "name": "L\N{CYRILLIC SMALL LETTER IE} Goff"})
    assert (wrong.status, wrong.code, wrong.body["field"]) == (422, "name_homograph", "name")
