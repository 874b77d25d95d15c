from collections.abc import Mapping

import pytest

from approvals.model.certificate import Level
from approvals.model.change import EntitlementPut, SubstitutionNamed, UserInvited
from approvals.model.entitlement import Ceiling, Entitlement, Substitution
from approvals.model.ids import ActionKind, SubstitutionId, UserId
from approvals.model.person import Language
from approvals.model.policy import Policy, Signatures
from approvals.ports.book import Ledger
from approvals.ports.rights import Use
from approvals.rights import business_day
from tests.company import entitle
from tests.house import ACCOUNT_IBAN, CLIENT, COMPANY, House, Person
from tests.server.http.site import Site

ADDRESS = f"/v1/subscriptions/{CLIENT}"


async def test_people_and_core_see_the_company(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    for reader in (anne, site.core):
        shown = await reader.get(ADDRESS)
        assert (shown.status, shown.body["siren"], shown.body["legal_form"]) == (200, "552100554", "legal_person")


@pytest.mark.parametrize("of", ["", "/people", "/accounts", "/policies", "/substitutions"])
async def test_another_company_is_not_told_from_none(site: Site, people: tuple[Person, ...], of: str) -> None:
    anne = await site.sign_in(people[0])
    for client in ("40099999", "x"):
        assert (await anne.get(f"/v1/subscriptions/{client}{of}")).code == "not_found"
    assert (await site.nobody.get(f"{ADDRESS}{of}")).code == "not_authenticated"


async def test_colleagues_are_named_to_colleagues_and_numbered_to_the_core(
    site: Site, people: tuple[Person, ...]
) -> None:
    anne = await site.sign_in(people[0])
    named = (await anne.get(f"{ADDRESS}/people")).items()
    assert [(each["number"], each["name"], each["status"]) for each in named] == [
        ("001", "Anne Morvan", "active"),
        ("002", "Bruno Keller", "active"),
        ("003", "Chloé Diallo", "active"),
    ]
    assert {each["name"] for each in (await site.core.get(f"{ADDRESS}/people")).items()} == {None}


async def test_a_company_names_its_accounts_to_its_people_and_the_core(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    for reader in (anne, site.core):
        (account,) = (await reader.get(f"{ADDRESS}/accounts")).items()
        assert account == {"iban": ACCOUNT_IBAN, "currency": "EUR", "label": "Courant"}


async def test_an_entitlement_is_shown_with_what_today_took_of_its_ceilings(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    kind = ActionKind("remittance")
    ceiling = Ceiling(kind=kind, account=ACCOUNT_IBAN, currency="EUR", per_day=500)
    await entitle(
        house, Entitlement(user_id=people[0].user.id, signs=frozenset({kind}), group="A", ceilings=(ceiling,))
    )
    await use(house, people[0], 120)
    (anne,) = (await site.core.get(f"{ADDRESS}/people", number="001")).items()
    assert anne["entitlement"] == {
        "initiates": [],
        "signs": ["remittance"],
        "power": "A",
        "accounts": None,
        "ceilings": [
            {
                "kind": "remittance",
                "account": ACCOUNT_IBAN,
                "currency": "EUR",
                "per_remittance": None,
                "per_day": 500,
                "used_today": 120,
            }
        ],
        "valid_from": None,
        "valid_until": None,
    }


async def use(house: House, person: Person, amount: int) -> None:
    day = business_day(house.clock.now())
    spent = Use(user_id=person.user.id, kind=ActionKind("remittance"), account=ACCOUNT_IBAN, day=day)
    await house.book.transaction(lambda ledger: ledger.rights.use(spent, amount, 500))


async def test_two_hundred_users_are_walked_in_pages_by_number(site: Site, house: House) -> None:
    async def work(ledger: Ledger) -> None:
        for n in range(4, 201):
            invited = UserInvited(
                subscription_id=COMPANY,
                user_id=UserId(f"usr_{n}"),
                number=f"{n:03d}",
                name=f"Personne {n}",
                language=Language.FR,
            )
            assert (await ledger.changes.apply(invited, house.clock.now())).refusal is None
            put = EntitlementPut(subscription_id=COMPANY, entitlement=Entitlement(user_id=invited.user_id))
            assert (await ledger.changes.apply(put, house.clock.now())).refusal is None

    await house.book.transaction(work)
    numbers: list[object] = []
    query: Mapping[str, str | int] = {}
    while True:
        page = await site.core.get(f"{ADDRESS}/people", limit=60, **query)
        numbers += [each["number"] for each in page.items()]
        if page.body["next"] is None:
            break
        query = {"after": page.text("next")}
    assert numbers == [f"{n:03d}" for n in range(1, 201)]
    assert len((await site.core.get(f"{ADDRESS}/people", status="active")).items()) == 3


async def test_policies_say_who_must_sign_what(site: Site) -> None:
    kinds = {each["kind"]: each["clauses"] for each in (await site.core.get(f"{ADDRESS}/policies")).items()}
    assert kinds["beneficiary"] == [{"count": 1, "group": None}]


async def test_substitutions_say_who_stands_in_for_whom(site: Site, house: House, people: tuple[Person, ...]) -> None:
    today = business_day(house.clock.now())
    named = Substitution(
        id=SubstitutionId("sbt_1"),
        subscription_id=COMPANY,
        absent_id=people[0].user.id,
        substitute_id=people[1].user.id,
        first_day=today,
        last_day=today,
    )
    change = SubstitutionNamed(substitution=named)
    await house.book.transaction(lambda ledger: ledger.changes.apply(change, house.clock.now()))
    anne = await site.sign_in(people[0])
    (shown,) = (await anne.get(f"{ADDRESS}/substitutions")).items()
    assert shown["first_day"] == "2026-11-23"
    assert isinstance(shown["substitute"], dict)
    assert shown["substitute"]["name"] == "Bruno Keller"


async def test_a_policy_shows_the_level_it_asks_of_certificates(
    site: Site, house: House, people: tuple[Person, ...]
) -> None:
    anne, kind = await site.sign_in(people[0]), ActionKind("chequebook")
    asking = Policy(clauses=(Signatures(count=1),), certificate_level=Level.TWO_STARS)
    await house.book.transaction(lambda ledger: ledger.policies.put(COMPANY, kind, None, asking))
    shown = (await anne.get(f"{ADDRESS}/policies")).items()
    levels = {str(each["kind"]): each["certificate_level"] for each in shown}
    assert levels.pop("chequebook") == "**"
    assert set(levels.values()) == {None}


async def test_people_find_their_own_company_without_its_identifier(site: Site, people: tuple[Person, ...]) -> None:
    anne = await site.sign_in(people[0])
    assert (await anne.get("/v1/subscriptions/mine")).body == (await anne.get(ADDRESS)).body
    assert (await site.core.get("/v1/subscriptions/mine")).code == "not_found"
