"""A hand-over signed with the person's USB key: real server, authority, agent and SoftHSM2."""

import time
from base64 import b64encode, urlsafe_b64decode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from approvals.certificates.signature import SignedType, sign_in_payload
from approvals.model.ids import ActionKind
from approvals.model.policy import Policy
from tests.card_bridge.link.desk import Desk, at_desk
from tests.card_bridge.link.town import Town
from tests.card_bridge.usb_keys import KeyDesk
from tests.certified import BY_CERTIFICATE, BY_EITHER
from tests.flows.nodes import Node
from tests.holders import ANNE, token
from tests.house import COMPANY
from tests.log_watch import never_log
from tests.pki import Issued
from tests.revocation.authority_house import AuthorityHouse, running_authority
from tests.soft_token import MODULE, PIN, SoftTokens, see_tokens_anew

never_log(PIN)
DRIVER = ("--module", str(MODULE))


@pytest.fixture
async def authority() -> AsyncIterator[AuthorityHouse]:
    """An authority on the processes' clock."""
    async with running_authority() as running:
        running.this_update = now() - timedelta(minutes=1)
        yield running


@pytest.fixture
def keys(soft_tokens: SoftTokens, authority: AuthorityHouse, tmp_path: Path) -> Iterator[KeyDesk]:
    yield KeyDesk(tokens=soft_tokens, authority=authority.authority, folder=tmp_path)
    soft_tokens.remove("usb")
    see_tokens_anew()


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def issue(authority: AuthorityHouse, lasts: timedelta = timedelta(days=1)) -> Issued:
    wish = replace(ANNE, not_before=now() - timedelta(days=1), not_after=now() + lasts)
    return authority.issue(authority.authority.issue(wish))


async def rule(town: Town, authority: AuthorityHouse, policy: Policy) -> None:
    """The bank takes the authority, and beneficiaries are signed under this policy."""
    entry = authority.authority.entry(ocsp_url=authority.ocsp_url)
    book, kind = town.bank.house.book, ActionKind("beneficiary")
    await book.transaction(lambda ledger: ledger.authorities.put(entry))
    await book.transaction(lambda ledger: ledger.policies.put(COMPANY, kind, None, policy))


async def enrol(town: Town, node: Node, desk: Desk, issued: Issued) -> None:
    """The person enrols their certificate at their screen."""
    nonce = str((await town.bank.post(node, "/v1/nonces"))["nonce"])
    signed = sign_in_payload("test", town.origin, urlsafe_b64decode(nonce + "="))
    jws = token(issued).jws(SignedType.SIGN_IN, signed)
    body = {"certificate": b64encode(issued.der).decode(), "nonce": nonce, "jws": jws}
    await town.bank.post(node, "/v1/certificates", body, token=desk.login)


async def test_who_has_card_and_key_chooses_the_key_and_its_signature_releases(
    town: Town, authority: AuthorityHouse, keys: KeyDesk, tmp_path: Path
) -> None:
    issued = issue(authority)
    keys.plug_in(issued, "usb")
    await rule(town, authority, BY_EITHER)
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await enrol(town, node, desk, issued)
        await desk.pair(node, town.origin)
        desk.type("choice", "2")
        desk.type("key-pin", PIN)
        async with desk.bridge(*DRIVER):
            action_id = await town.hold_beneficiary(node)
            await town.hand_over(node, desk, action_id)
            await town.until_approved(node, action_id)
            await desk.until_said("Signé.")
    asked = (desk.home / "asked").read_text()
    assert "1 - la carte" in asked
    assert "2 - le certificat de Anne MORVAN (émis par AC Test" in asked
    assert "Menuiserie Le Goff" in asked
    assert await town.approvals_tried() == 1


async def test_where_no_card_signs_a_key_that_is_missing_is_asked_for_and_a_mistyped_pin_is_asked_again(
    town: Town, authority: AuthorityHouse, keys: KeyDesk, tmp_path: Path
) -> None:
    issued = issue(authority)
    await rule(town, authority, BY_CERTIFICATE)
    async with town.node() as node:
        desk = await at_desk(town.bank, node, town.bank.anne, tmp_path / "pc")
        await enrol(town, node, desk, issued)
        await desk.pair(node, town.origin)
        action_id = await town.hold_beneficiary(node)
        async with desk.bridge(*DRIVER):
            await town.hand_over(node, desk, action_id)
            await desk.until_said("Aucune clé USB de certificat")
        keys.plug_in(issue(authority, timedelta(hours=-1)), "usb")
        async with desk.bridge(*DRIVER):
            await town.hand_over(node, desk, action_id)
            await desk.until_said("Aucun certificat de la clé ne convient")
        keys.put_on("usb", issued, number="02")
        desk.type("key-pin", "000000")
        desk.type("key-pin-then", PIN)
        async with desk.bridge(*DRIVER):
            await town.hand_over(node, desk, action_id)
            await town.until_approved(node, action_id)
            await desk.until_said("Code PIN de la clé USB faux")
    assert await town.approvals_tried() == 1
