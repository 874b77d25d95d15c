"""Answering with an authenticator's code over HTTP."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import pytest

from approvals.credentials.totp import step_at
from approvals.evidence.file import read_file
from approvals.model.json import Json
from approvals.model.policy import Means
from tests.authenticators import Authenticator, give_authenticator
from tests.house import ALONE, House, Person, mine
from tests.server.http.site import Site


@pytest.fixture
async def people(house: House) -> tuple[Person, Person, Person]:
    """A house whose actions are signed with authenticators."""
    return await house.found(replace(ALONE, means=frozenset({Means.TOTP})))


@pytest.fixture
async def authenticator(house: House, people: tuple[Person, Person, Person]) -> Authenticator:
    return await give_authenticator(house, people[0])


async def test_the_challenge_names_its_means_and_no_reader(
    site: Site, house: House, people: tuple[Person, ...], authenticator: Authenticator
) -> None:
    asked = mine(await house.hold(), people[0])
    anne = await site.sign_in(people[0])
    shown = (await anne.get(f"/v1/challenges/{asked.id}")).body
    assert (shown["means"], shown["reader"], shown["status"]) == (["totp"], None, "open")
    body = {"method": "totp", "code": authenticator.show().code}
    assert (await anne.post(f"/v1/challenges/{asked.id}/answers", body)).body["answer"] == "accepted"
    evidence = read_file((await site.core.get(f"/v1/actions/{asked.action_id}/evidence")).content).evidence
    ((proof,),) = (signer.proofs for signer in evidence.signers if signer.proofs)
    verdict = cast("Mapping[str, Json]", proof["verdict"])
    assert (proof["card"], verdict["reason"]) == (None, "totp_right")
    assert verdict["time_step"] == step_at(house.clock.now())
    assert cast("Mapping[str, Json]", verdict["evidence"])["asserted_by"] == "bank"


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "１２３４５６", "123456\n"])  # noqa: RUF001  # full-width
async def test_what_is_no_six_digits_is_no_code(
    site: Site, house: House, people: tuple[Person, ...], code: str
) -> None:
    await give_authenticator(house, people[0])
    asked = mine(await house.hold(), people[0])
    anne = await site.sign_in(people[0])
    body = {"method": "totp", "code": code}
    assert (await anne.post(f"/v1/challenges/{asked.id}/answers", body)).code == "invalid_request"


async def test_an_unknown_method_is_no_code(site: Site, house: House, people: tuple[Person, ...]) -> None:
    await give_authenticator(house, people[0])
    asked = mine(await house.hold(), people[0])
    anne = await site.sign_in(people[0])
    body = {"method": "sms", "code": "123456"}
    assert (await anne.post(f"/v1/challenges/{asked.id}/answers", body)).code == "invalid_request"
