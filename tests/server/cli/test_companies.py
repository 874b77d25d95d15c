import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.keys.keyring import read_key_file
from approvals.model.certificate import Level
from approvals.model.ids import ActionKind
from approvals.model.person import LegalForm
from approvals.model.policy import Seat
from approvals.ports.book import Ledger
from approvals.rights import Matter, may_initiate, seats
from approvals.store.book import SqlBook
from approvals.store.database import open_database
from deploy.demo.places import COMPANIES, OTHER_PANS
from tests.server.cli.conftest import Operator, Said

CODE = "20260915"
PAN = "9250999000000019"
COMPANY = Path(__file__).parents[3] / "deploy" / "demo" / "company.toml"
REMITTANCE = ActionKind("remittance")

Result = TypeVar("Result")


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    known = {"claire.code": CODE, "claire.pan": PAN, "karim.code": "58213977"}
    for name, pan in OTHER_PANS.items():
        known |= {f"{name}.code": "58213977", f"{name}.pan": pan}
    for name, secret in known.items():
        (folder / name).write_text(f"{secret}\n")
    return folder


def read(operator: Operator, work: Callable[[Ledger], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        database = await open_database(operator.database_url)
        try:
            return await SqlBook(database).reading(work)
        finally:
            await database.close()

    return asyncio.run(run())


def import_changed(operator: Operator, secrets: Path, old: str, new: str) -> Said:
    """Import the demo's company with one thing changed in it."""
    text = COMPANY.read_text("utf-8")
    assert old in text
    changed = operator.folder / "company.toml"
    changed.write_text(text.replace(old, new, 1), "utf-8")
    return operator.types("import", str(changed), "--secrets", str(secrets))


def test_a_company_comes_in_whole(demo: Operator, secrets: Path) -> None:
    assert demo.types("import", str(COMPANY), "--secrets", str(secrets)).refusal is None

    async def look(ledger: Ledger) -> None:
        claire = await ledger.people.user_named("40718295", "1")
        karim = await ledger.people.user_named("40718295", "2")
        account = await ledger.accounts.with_iban("FR7630006000011234567890189")
        assert claire is not None
        assert karim is not None
        assert account is not None
        rights = await ledger.rights.of_subscription(claire.subscription_id)
        remittance = Matter(kind=REMITTANCE, account=account.iban, money=None)
        policy = await ledger.policies.find(claire.subscription_id, REMITTANCE, account.id)
        (card,) = await ledger.cards.of_users([claire.id, karim.id])
        assert seats(rights, remittance, date(2026, 11, 23)) == {claire.id: Seat(group="A")}
        assert may_initiate(rights.entitlements[karim.id], remittance, date(2026, 11, 23))
        assert (claire.is_main, karim.is_main) == (True, False)
        assert policy is not None
        assert [(clause.count, clause.group) for clause in policy.clauses] == [(1, "A")]
        assert (card.last4, card.profile_id, card.attempts_left) == ("0019", "secur-acces", 3)
        assert read_key_file(demo.keyring).open("pan", card.id, 1, card.pan_sealed) == PAN.encode()
        assert await ConfidentialCodes().verify(claire.code_hash, CODE)

    read(demo, look)


@pytest.mark.parametrize("name", COMPANIES)
def test_every_company_of_the_demo_comes_in(demo: Operator, secrets: Path, name: str) -> None:
    assert demo.types("import", str(COMPANY.with_name(name)), "--secrets", str(secrets)).refusal is None


def test_joint_signature_bands_ceilings_and_a_sole_trader_come_in_as_they_are_written(
    demo: Operator, secrets: Path
) -> None:
    for name in COMPANIES:
        demo.types("import", str(COMPANY.with_name(name)), "--secrets", str(secrets))

    async def look(ledger: Ledger) -> None:
        joint = await ledger.people.subscription_named("40718303")
        alone = await ledger.people.subscription_named("40718311")
        marc = await ledger.people.user_named("40718303", "2")
        assert joint is not None
        assert alone is not None
        assert marc is not None
        policy = await ledger.policies.find(joint.id, REMITTANCE, None)
        assert policy is not None
        (band,) = policy.bands
        assert [clause.group for clause in policy.clauses] == ["A", "B"]
        assert (band.currency, band.from_amount, band.clauses[0].count) == ("EUR", 5_000_000, 2)
        (ceiling,) = (await ledger.rights.of_user(marc.id)).ceilings
        assert (ceiling.currency, ceiling.per_remittance, ceiling.per_day) == ("EUR", 2_000_000, 5_000_000)
        assert (joint.legal_form, alone.legal_form) == (LegalForm.LEGAL_PERSON, LegalForm.SOLE_TRADER)

    read(demo, look)


def test_neither_code_nor_card_number_rests_in_clear(demo: Operator, secrets: Path) -> None:
    said = demo.types("import", str(COMPANY), "--secrets", str(secrets))
    rows = (demo.folder / "contreseing.db").read_bytes()
    assert b"Claire Fontaine" in rows
    for secret in (CODE, PAN):
        assert secret.encode() not in rows
        assert secret not in said.text


def test_outside_a_demo_advisers_are_needed_and_nothing_is_written(house: Operator, secrets: Path) -> None:
    said = house.types("import", str(COMPANY), "--secrets", str(secrets))
    assert said.code == "policy_missing"
    assert "advisers bootstrap" in str(said.refusal)
    assert "advisers" in str(said.refusal)
    assert read(house, lambda ledger: ledger.people.subscription_named("40718295")) is None


def test_the_same_company_twice_is_refused(demo: Operator, secrets: Path) -> None:
    demo.types("import", str(COMPANY), "--secrets", str(secrets))
    assert demo.types("import", str(COMPANY), "--secrets", str(secrets)).code == "invalid_request"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('siren = "552100554"', 'siren = "55"', "$.subscription.siren"),
        ("[[accounts]]", "[[acounts]]", "acounts"),
        ("[[accounts]]", "[[accounts", "line"),
        ('iban = "FR7630006000011234567890189"', 'iban = "FR7630006000011234567890188"', "accounts.iban"),
        ('iban = "FR4730006000010000000000189"', 'iban = "FR00"', "beneficiaries.iban"),
        ('kind = "beneficiary"', 'kind = "benefactor"', "kind"),
        ('number = "2"', 'number = "1"', "users.number"),
        ('profile = "secur-acces"', 'profile = "visa-dpa-fr"', "users.cards.profile"),
        ('code = "karim.code"', 'code = "../karim.code"', "$.users[1].code"),
        ('code = "karim.code"', 'code = "nobody.code"', "nobody.code"),
        ("count = 1", "count = 0", "$.policies[0].clauses[0].count"),
        ('siren = "552100554"', 'siren = "552100555"', "subscription.siren"),
        ('power = "A"', 'power = "A"\naccounts = ["FR1420041010050500013M02606"]', "account"),
        ('language = "fr"\ncode = "karim', 'language = "fr"\nmain = true\ncode = "karim', "users.main"),
        ('power = "A"', 'power = "A"\nceilings = [{ kind = "remittance", account = "x", per_day = -1 }]', "per_day"),
    ],
)
def test_a_mistake_in_the_file_is_named_and_nothing_is_written(
    demo: Operator, secrets: Path, old: str, new: str, place: str
) -> None:
    said = import_changed(demo, secrets, old, new)
    assert said.code == "invalid_request"
    assert place in str(said.refusal)
    assert read(demo, lambda ledger: ledger.people.subscription_named("40718295")) is None


ON_MONEY = 'kind = "remittance"\ncode_on_money = { decided_by = "The directors", decided_on = 2026-11-02 }'


def test_a_legal_person_may_keep_the_code_key_on_payments_and_is_warned_of(demo: Operator, secrets: Path) -> None:
    assert "CODE key" not in demo.types("check-config").text
    assert import_changed(demo, secrets, 'kind = "remittance"', ON_MONEY).refusal is None
    warned = " ".join(demo.types("check-config").text.split())
    assert "1 companies sign payments with the CODE key" in warned
    assert "40718295" in warned


def test_a_sole_trader_may_not_keep_the_code_key_on_payments(demo: Operator, secrets: Path) -> None:
    text = COMPANY.read_text("utf-8").replace('kind = "remittance"', ON_MONEY, 1)
    sole = demo.folder / "company.toml"
    sole.write_text(text.replace("[subscription]\n", '[subscription]\nlegal_form = "sole_trader"\n', 1), "utf-8")
    said = demo.types("import", str(sole), "--secrets", str(secrets))
    assert (said.code, "policies.code_on_money" in str(said.refusal)) == ("invalid_request", True)


def test_a_card_that_comes_with_its_last_day_is_looked_at_in_time(demo: Operator, secrets: Path) -> None:
    assert import_changed(demo, secrets, 'psn = "01"', 'psn = "01"\nexpires = 2029-11-30').refusal is None
    (card,) = read(demo, lambda ledger: ledger.cards.browse(None, 10))
    assert (card.expires_on, card.due_on) == (date(2029, 11, 30), date(2029, 10, 1))


@pytest.mark.parametrize("level", list(Level))
def test_a_policy_may_ask_a_level_of_certificates(demo: Operator, secrets: Path, level: Level) -> None:
    asking = f'kind = "remittance"\ncertificate_level = "{level}"'
    assert import_changed(demo, secrets, 'kind = "remittance"', asking).refusal is None

    async def look(ledger: Ledger) -> Level | None:
        claire = await ledger.people.user_named("40718295", "1")
        assert claire is not None
        policy = await ledger.policies.find(claire.subscription_id, REMITTANCE, None)
        assert policy is not None
        return policy.certificate_level

    assert read(demo, look) is level


def test_a_level_nobody_knows_is_refused_with_its_place(demo: Operator, secrets: Path) -> None:
    said = import_changed(demo, secrets, 'kind = "remittance"', 'kind = "remittance"\ncertificate_level = "****"')
    assert (said.code, "certificate_level" in str(said.refusal)) == ("invalid_request", True)
