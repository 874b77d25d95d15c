"""Issuer keys in a token, as the operator sets them up and is told what is wrong."""

import json
from pathlib import Path

import pytest

from approvals.keys.pkcs11 import require_issuer_key
from approvals.keys.token_session import TokenPlace, TokenSession
from tests.log_watch import never_log
from tests.server.cli.conftest import Operator
from tests.server.cli.test_keys import secrets_of
from tests.soft_token import MODULE, PIN, SoftTokens

never_log(PIN)
ISSUER_KEY = "8F1D4C0AB7E93562D0C48B7A61F52E93"


def point_at(house: Operator, label: str, *, module: Path = MODULE, pin: str = PIN) -> None:
    """Write the section that names a token."""
    pin_file = house.folder / "token.pin"
    pin_file.touch(mode=0o600)
    pin_file.write_text(pin)
    values = {"store": "pkcs11", "module": str(module), "token_label": label, "pin_file": str(pin_file)}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    before = house.settings.read_text("utf-8").partition("[issuer_keys]")[0]
    house.settings.write_text("\n".join([before, "[issuer_keys]", *lines]), "utf-8")


def test_an_issuer_key_goes_into_the_token_and_nowhere_else(house: Operator, soft_tokens: SoftTokens) -> None:
    soft_tokens.make("imported")
    point_at(house, "imported")
    said = house.types("keys", "import-issuer", "cards", "--version", "2", prompted=f"{ISSUER_KEY}\n")
    assert said.refusal is None
    assert ISSUER_KEY not in said.text
    assert secrets_of(house, "issuer-key") == []
    require_issuer_key(TokenSession(TokenPlace(module=MODULE, label="imported", pin=PIN)), "cards", 2)
    assert "sound" in house.types("check-config").text


@pytest.mark.parametrize(
    ("label", "module", "pin", "told"),
    [
        ("checked", "/nowhere/none.so", PIN, "there is no PKCS#11 module none.so"),
        ("absent", str(MODULE), PIN, "no token labelled absent"),
        ("checked", str(MODULE), "000000", "it refuses the PIN"),
        ("checked", str(MODULE), "", "is empty"),
    ],
)
def test_check_config_says_what_is_wrong_with_the_token(
    house: Operator, soft_tokens: SoftTokens, label: str, module: str, pin: str, told: str
) -> None:
    soft_tokens.make("checked")
    point_at(house, label, module=Path(module), pin=pin)
    said = house.types("check-config")
    soft_tokens.remove("checked")
    assert said.code == "card_keys_unavailable"
    assert told in str(said.refusal)
