"""Card keys in software: right, sealed, and forgotten when there are too many."""

from dataclasses import replace

import pytest

from approvals.cap.card_key import CardKeyReference
from approvals.cap.check import CheckedCard, Right, check_code
from approvals.cap.cryptogram import card_values, cryptogram_for, terminal_values
from approvals.cap.keys import SessionKey, derive_card_key
from approvals.cap.profile import CapProfile
from approvals.cap.tables import published_profiles
from approvals.cap.token import ARQC, CardResponse, code_of
from approvals.errors import CapKeyError, KeyringError
from approvals.keys.keyring import Keyring
from approvals.keys.software import SoftwareCardKeys, seal_issuer_key, seal_pan
from approvals.model.ids import CardId
from approvals.model.reader import CapMode, ReaderInput

ISSUER_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PAN = "4761739001010010"
CARD_ID = CardId("card_01")
KEYRING = Keyring({1: bytes(range(32))})
TYPED = ReaderInput(mode=CapMode.RESPOND, digits="21234567")


@pytest.fixture
def tree() -> CapProfile:
    return next(profile for profile in published_profiles() if profile.id == "mastercard-cap-tree")


def reference(profile: CapProfile) -> CardKeyReference:
    pan_sealed = seal_pan(KEYRING, CARD_ID, PAN)
    return CardKeyReference(
        card_id=CARD_ID, issuer_key_id="imk", key_version=1, pan_sealed=pan_sealed, psn="01", profile=profile
    )


def card_keys(*, cached_cards: int = 4096) -> SoftwareCardKeys:
    sealed = {("imk", 1): seal_issuer_key(KEYRING, "imk", 1, ISSUER_KEY)}
    return SoftwareCardKeys(KEYRING, sealed, cached_cards=cached_cards)


@pytest.mark.parametrize("derivation", [None, *SessionKey], ids=str)
@pytest.mark.parametrize("profile", published_profiles(), ids=lambda profile: profile.id)
def test_the_card_s_cryptogram_comes_from_the_sealed_keys(profile: CapProfile, derivation: SessionKey | None) -> None:
    card = reference(replace(profile, session_key=derivation or profile.session_key))
    key = derive_card_key(profile.card_key_option, ISSUER_KEY, PAN, "01")
    message = terminal_values(card.profile, TYPED) + card_values(card.profile, 7)
    expected = cryptogram_for(card.profile, key, atc=7, message=message)
    assert card_keys().cryptogram(card, 7, message) == expected


def test_mastercard_s_session_key_takes_the_challenge_from_the_message(tree: CapProfile) -> None:
    profile = replace(tree, session_key=SessionKey.MASTERCARD)
    message = terminal_values(profile, TYPED) + card_values(profile, 7)
    assert profile.unpredictable_number(message) == bytes.fromhex("21234567")


def test_a_code_is_checked_through_the_key_store(tree: CapProfile) -> None:
    keys, card = card_keys(), reference(tree)
    checked = CheckedCard(
        profile=tree, psn="01", last_atc=6, cryptogram=lambda atc, message: keys.cryptogram(card, atc, message)
    )
    key = derive_card_key(tree.card_key_option, ISSUER_KEY, PAN, "01")
    cryptogram = cryptogram_for(tree, key, atc=7, message=terminal_values(tree, TYPED) + card_values(tree, 7))
    response = CardResponse(psn="01", cid=ARQC, atc=7, cryptogram=cryptogram, iad=tree.iad)
    assert check_code(checked, TYPED, code_of(tree.layout, response)) == Right(atc=7)


def test_another_sequence_number_is_another_card(tree: CapProfile) -> None:
    keys, card = card_keys(), reference(tree)
    message = bytes(40)
    assert keys.cryptogram(card, 1, message) != keys.cryptogram(replace(card, psn="02"), 1, message)


def test_a_number_sealed_for_another_card_does_not_open(tree: CapProfile) -> None:
    stolen = replace(reference(tree), card_id=CardId("card_02"))
    with pytest.raises(KeyringError):
        card_keys().cryptogram(stolen, 1, bytes(40))


def test_an_issuer_key_that_is_not_held_is_named(tree: CapProfile) -> None:
    with pytest.raises(CapKeyError, match="imk version 2"):
        card_keys().cryptogram(replace(reference(tree), key_version=2), 1, bytes(40))


def test_a_forgotten_key_is_derived_again(tree: CapProfile) -> None:
    keys, card = card_keys(cached_cards=1), reference(tree)
    first = keys.cryptogram(card, 1, bytes(40))
    keys.cryptogram(replace(card, psn="02"), 1, bytes(40))
    assert keys.cryptogram(card, 1, bytes(40)) == first


def test_nothing_secret_is_shown_by_repr(tree: CapProfile) -> None:
    keys, card = card_keys(), reference(tree)
    keys.cryptogram(card, 1, bytes(40))
    key = derive_card_key(tree.card_key_option, ISSUER_KEY, PAN, "01")
    for shown in (repr(keys), repr(vars(keys)), repr(card)):
        assert repr(key) not in shown
        assert PAN not in shown
        assert repr(card.pan_sealed) not in shown
