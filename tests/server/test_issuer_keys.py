"""The house's issuer keys in a token: settings, start, and a code checked through the server's own parts."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from approvals.cap.cryptogram import card_values, cryptogram_for, terminal_values
from approvals.cap.keys import derive_card_key
from approvals.cap.tables import published_profiles
from approvals.cap.token import ARQC, CardResponse, code_of
from approvals.checkers.confidential_code import ConfidentialCodes
from approvals.errors import CapKeyError, CapProfileError, CardKeysUnavailable, KeyringError
from approvals.keys.software import seal_pan
from approvals.model.card import Card, CardKind, CardMake, CardStatus
from approvals.model.ids import CardId, ProfileId, UserId
from approvals.model.proof import CapProof
from approvals.model.reader import CapMode, ReaderInput
from server.foundation import open_foundation
from server.issuer_keys import put_in_token, require_token
from server.joining import join_checking
from server.settings import IssuerKeysSettings
from server.settings_check import check
from tests.fakes import NobodyAsked
from tests.server.test_foundation import OWN, PUBLISHED, make_key_file, set_up, settings_of
from tests.soft_token import MODULE, PIN, SoftTokens

PROFILES = {profile.id: profile for profile in published_profiles()}
FRENCH = ProfileId("visa-dpa-fr")
LABEL = "issuer"


def in_token(folder: Path, token: str, pin: str = PIN) -> IssuerKeysSettings:
    file = folder / f"{token}.pin"
    file.touch(mode=0o600)
    file.write_text(pin)
    return IssuerKeysSettings(store="pkcs11", module=str(MODULE), token_label=token, pin_file=str(file))


def make_of(profile: str = FRENCH, version: int = 1) -> CardMake:
    return CardMake(profile_id=ProfileId(profile), issuer_key_id="maker", issuer_key_version=version)


def test_settings_of_a_token_go_together(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, tmp_path / "keyring.txt")
    half = replace(settings, issuer_keys=IssuerKeysSettings(store="pkcs11", token_label=LABEL))
    assert check(half) == [
        'issuer_keys.module: is needed for store = "pkcs11"',
        'issuer_keys.pin_file: is needed for store = "pkcs11"',
    ]
    other = replace(settings, issuer_keys=IssuerKeysSettings(token_label=LABEL))
    assert check(other) == ['issuer_keys.token_label: is for store = "pkcs11"']


def test_what_the_cards_need_of_the_token_is_required_at_the_start(soft_tokens: SoftTokens, tmp_path: Path) -> None:
    soft_tokens.make("house")
    settings = in_token(tmp_path, "house")
    put_in_token(settings, "maker", 1, OWN)
    require_token(settings, [make_of()], PROFILES, demo=False)
    with pytest.raises(CapKeyError, match="issuer-key/maker/2"):
        require_token(settings, [make_of(version=2)], PROFILES, demo=False)
    with pytest.raises(CapProfileError, match="EMV2000 tree"):
        require_token(settings, [make_of("mastercard-cap-tree")], PROFILES, demo=False)
    with pytest.raises(CardKeysUnavailable, match="refuses the PIN"):
        require_token(in_token(tmp_path, "house", "999999"), [], PROFILES, demo=False)
    with pytest.raises(CardKeysUnavailable, match="no token labelled nowhere"):
        require_token(in_token(tmp_path, "nowhere"), [], PROFILES, demo=False)


def test_a_published_test_key_in_a_token_serves_a_demo_alone(soft_tokens: SoftTokens, tmp_path: Path) -> None:
    soft_tokens.make("published")
    settings = in_token(tmp_path, "published")
    put_in_token(settings, "maker", 1, PUBLISHED)
    require_token(settings, [make_of()], PROFILES, demo=True)
    with pytest.raises(KeyringError, match="published test key"):
        require_token(settings, [make_of()], PROFILES, demo=False)


async def test_a_code_is_checked_with_an_issuer_key_that_is_in_the_token_alone(
    soft_tokens: SoftTokens, tmp_path: Path
) -> None:
    soft_tokens.make("serving")
    settings = replace(settings_of(tmp_path, make_key_file(tmp_path)), issuer_keys=in_token(tmp_path, "serving"))
    await set_up(settings, issuer_key=OWN[::-1])  # the database holds another key of that name: it is not asked
    put_in_token(settings.issuer_keys, "maker", 1, OWN)
    asked = ReaderInput(mode=CapMode.RESPOND, digits="21234567")
    hasher = ConfidentialCodes()
    async with open_foundation(settings, demo=False) as foundation:
        checker = join_checking(foundation, hasher, NobodyAsked()).checker
        card = _card(seal_pan(foundation.vault.keyring, CardId("crd_1"), "4970100000000154"))
        right = await checker.check_cap(card, asked, CapProof(code=_code(asked, 7)))
        wrong = await checker.check_cap(card, asked, CapProof(code=_code(ReaderInput(mode=CapMode.IDENTIFY), 7)))
    hasher.close()
    assert (right.right, right.atc) == (True, 7)
    assert not wrong.right


def _code(asked: ReaderInput, atc: int) -> str:
    """What the card shows: computed from the issuer key itself, as its maker could."""
    profile = PROFILES[FRENCH]
    key = derive_card_key(profile.card_key_option, OWN, "4970100000000154", "00")
    message = terminal_values(profile, asked) + card_values(profile, atc)
    cryptogram = cryptogram_for(profile, key, atc=atc, message=message)
    return code_of(profile.layout, CardResponse(psn="00", cid=ARQC, atc=atc, cryptogram=cryptogram, iad=profile.iad))


def _card(pan_sealed: bytes) -> Card:
    return Card(
        id=CardId("crd_1"),
        user_id=UserId("usr_1"),
        kind=CardKind.SECUR_ACCES,
        profile_id=FRENCH,
        issuer_key_id="maker",
        issuer_key_version=1,
        pan_sealed=pan_sealed,
        last4="0154",
        psn="00",
        status=CardStatus.ACTIVE,
        last_atc=6,
        attempts_left=3,
    )
