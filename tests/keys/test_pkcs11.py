"""Card keys in a token: the same cryptograms as in software, and nothing left behind. SoftHSM2 is the token."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pkcs11 import Attribute, Session

from approvals.cap.card_key import CardKeyReference
from approvals.cap.cryptogram import card_values, terminal_values
from approvals.cap.des import Padding
from approvals.cap.keys import CardKeyOption, KeyTree, SessionKey
from approvals.cap.profile import CapProfile
from approvals.cap.tables import published_profiles
from approvals.errors import CapKeyError, CapProfileError, CardKeysUnavailable
from approvals.keys.keyring import Keyring
from approvals.keys.pkcs11 import TokenCardKeys, check_value, is_derivable, put_issuer_key, require_issuer_key
from approvals.keys.software import SoftwareCardKeys, seal_issuer_key, seal_pan
from approvals.keys.token_session import TokenPlace, TokenSession, read_pin
from approvals.model.ids import CardId
from approvals.model.reader import CapMode, ReaderInput
from tests.log_watch import never_log
from tests.soft_token import MODULE, PIN, SoftTokens, restart_service

ISSUER_KEY = bytes.fromhex("8F1D4C0AB7E93562D0C48B7A61F52E93")
KEYRING = Keyring({1: bytes(range(32))})
TYPED = ReaderInput(mode=CapMode.RESPOND, digits="21234567")
DERIVABLE = [profile for profile in published_profiles() if is_derivable(profile)]
SESSION_KEYS = st.sampled_from(SessionKey)


never_log(PIN)


def session_with(label: str, pin: str = PIN, module: Path = MODULE) -> TokenSession:
    return TokenSession(TokenPlace(module=module, label=label, pin=pin))


@pytest.fixture(scope="module")
def issuer_place(soft_tokens: SoftTokens) -> TokenPlace:
    """A token that holds version 1 of the issuer key `imk`."""
    soft_tokens.make("issuer")
    place = TokenPlace(module=MODULE, label="issuer", pin=PIN)
    put_issuer_key(TokenSession(place, is_writing=True), "imk", 1, ISSUER_KEY)
    return place


@pytest.fixture
def issuer_token(issuer_place: TokenPlace) -> Iterator[TokenSession]:
    session = TokenSession(issuer_place, is_writing=True)
    yield session
    session.close()


def in_software(keyring: Keyring = KEYRING) -> SoftwareCardKeys:
    return SoftwareCardKeys(keyring, {("imk", 1): seal_issuer_key(keyring, "imk", 1, ISSUER_KEY)})


def reference(profile: CapProfile, pan: str = "4761739001010010", psn: str = "01") -> CardKeyReference:
    card_id = CardId("crd_1")
    pan_sealed = seal_pan(KEYRING, card_id, pan)
    return CardKeyReference(
        card_id=card_id, issuer_key_id="imk", key_version=1, pan_sealed=pan_sealed, psn=psn, profile=profile
    )


@pytest.mark.parametrize("profile", DERIVABLE, ids=lambda profile: profile.id)
def test_a_token_gives_the_cryptograms_of_every_profile_it_can(issuer_token: TokenSession, profile: CapProfile) -> None:
    message = terminal_values(profile, TYPED) + card_values(profile, 7)
    card = reference(profile)
    assert TokenCardKeys(KEYRING, issuer_token).cryptogram(card, 7, message) == in_software().cryptogram(
        card, 7, message
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pan=st.text("0123456789", min_size=12, max_size=19),
    psn=st.text("0123456789", min_size=2, max_size=2),
    atc=st.integers(0, 0xFFFF),
    message=st.binary(min_size=0, max_size=80),
    option=st.sampled_from(CardKeyOption),
    session_key=SESSION_KEYS,
    padding=st.sampled_from(Padding),
)
def test_a_token_computes_as_software_does(
    issuer_token: TokenSession,
    pan: str,
    psn: str,
    atc: int,
    message: bytes,
    option: CardKeyOption,
    session_key: SessionKey,
    padding: Padding,
) -> None:
    profile = replace(DERIVABLE[0], card_key_option=option, session_key=session_key, padding=padding)
    whole = bytes(64) + message  # the unpredictable number is read from its beginning
    card = reference(profile, pan, psn)
    assert TokenCardKeys(KEYRING, issuer_token).cryptogram(card, atc, whole) == in_software().cryptogram(
        card, atc, whole
    )


def test_derived_keys_are_gone_when_the_cryptogram_is_there(issuer_token: TokenSession) -> None:
    def held(token: Session) -> int:
        return len(list(token.get_objects()))

    before = issuer_token.use(held)
    for session_key in SessionKey:
        profile = replace(DERIVABLE[0], session_key=session_key)
        TokenCardKeys(KEYRING, issuer_token).cryptogram(reference(profile), 1, bytes(64))
    assert issuer_token.use(held) == before == 1


def test_the_keys_of_a_tree_are_refused(issuer_token: TokenSession) -> None:
    profile = replace(DERIVABLE[0], session_key=KeyTree(branches=4, height=8))
    with pytest.raises(CapProfileError, match="EMV2000 tree"):
        TokenCardKeys(KEYRING, issuer_token).cryptogram(reference(profile), 1, bytes(64))


def test_an_issuer_key_the_token_does_not_hold_is_named(issuer_token: TokenSession) -> None:
    with pytest.raises(CapKeyError, match="issuer-key/imk/2"):
        require_issuer_key(issuer_token, "imk", 2)


def test_an_issuer_key_is_written_once(issuer_token: TokenSession) -> None:
    with pytest.raises(CapKeyError, match="already"):
        put_issuer_key(issuer_token, "imk", 1, ISSUER_KEY)


def test_a_key_that_could_leave_the_token_is_refused(soft_tokens: SoftTokens) -> None:
    soft_tokens.make("loose")
    session = TokenSession(TokenPlace(module=MODULE, label="loose", pin=PIN), is_writing=True)
    put_issuer_key(session, "imk", 1, ISSUER_KEY)

    def copy(token: Session) -> None:
        (key,) = token.get_objects()
        key.copy({Attribute.LABEL: "issuer-key/imk/2", Attribute.DERIVE: False, Attribute.TOKEN: True})

    session.use(copy)
    with pytest.raises(CapKeyError, match="CKA_DERIVE"):
        require_issuer_key(session, "imk", 2)


def test_an_extractable_key_is_refused(soft_tokens: SoftTokens, tmp_path: Path) -> None:
    soft_tokens.make("extractable")
    key = tmp_path / "key.bin"
    key.write_bytes(ISSUER_KEY + ISSUER_KEY[:8])
    words = ("--type", "secrkey", "--key-type", "DES3:24", "--label", "issuer-key/imk/1", "--extractable")
    soft_tokens.load("extractable", "--write-object", str(key), *words)
    session = TokenSession(TokenPlace(module=MODULE, label="extractable", pin=PIN), is_writing=True)

    def allow_deriving(token: Session) -> None:
        (found,) = token.get_objects()
        found[Attribute.DERIVE] = True

    session.use(allow_deriving)
    with pytest.raises(CapKeyError, match="can leave the token"):
        require_issuer_key(session, "imk", 1)


def test_a_session_that_was_lost_is_opened_again(issuer_token: TokenSession) -> None:
    keys, card = TokenCardKeys(KEYRING, issuer_token), reference(DERIVABLE[0])
    before = keys.cryptogram(card, 1, bytes(64))
    restart_service()
    assert keys.cryptogram(card, 1, bytes(64)) == before


def test_a_token_taken_away_is_unavailable_and_serves_again_when_back(soft_tokens: SoftTokens) -> None:
    soft_tokens.make("travelling")
    session = TokenSession(TokenPlace(module=MODULE, label="travelling", pin=PIN), is_writing=True)
    put_issuer_key(session, "imk", 1, ISSUER_KEY)
    keys, card = TokenCardKeys(KEYRING, session), reference(DERIVABLE[0])
    before = keys.cryptogram(card, 1, bytes(64))
    soft_tokens.remove("travelling")
    restart_service()
    with pytest.raises(CardKeysUnavailable, match="no token labelled travelling"):
        keys.cryptogram(card, 1, bytes(64))
    soft_tokens.make("travelling")
    put_issuer_key(session, "imk", 1, ISSUER_KEY)
    assert keys.cryptogram(card, 1, bytes(64)) == before


def test_a_wrong_pin_is_offered_once(soft_tokens: SoftTokens) -> None:
    soft_tokens.make("guarded")
    session = session_with("guarded", pin="000000")
    with pytest.raises(CardKeysUnavailable, match="refuses the PIN"):
        session.use(lambda _: None)
    with pytest.raises(CardKeysUnavailable, match="then restart"):
        session.use(lambda _: None)


@pytest.mark.usefixtures("soft_tokens")
def test_no_module_no_token_and_no_pkcs11_are_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "other.so"
    other.write_text("no library")
    for session, told in (
        (session_with("nobody", module=tmp_path / "none.so"), "there is no PKCS#11 module none.so"),
        (session_with("nobody", module=other), "other.so does not start"),
        (session_with("nobody"), "no token labelled nobody"),
    ):
        with pytest.raises(CardKeysUnavailable, match=told):
            session.use(lambda _: None)


def test_the_check_value_tells_keys_apart(issuer_token: TokenSession) -> None:
    put_issuer_key(issuer_token, "other", 1, ISSUER_KEY[::-1])
    assert check_value(issuer_token, "imk", 1) != check_value(issuer_token, "other", 1)


def test_a_pin_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    file = tmp_path / "pin"
    with pytest.raises(CardKeysUnavailable, match="cannot be read"):
        read_pin(file)
    file.touch(mode=0o600)
    with pytest.raises(CardKeysUnavailable, match="empty"):
        read_pin(file)
    file.write_text(f"{PIN}\n")
    assert read_pin(file) == PIN
    file.chmod(0o640)
    with pytest.raises(CardKeysUnavailable, match="0600"):
        read_pin(file)


def test_nothing_secret_is_shown_by_repr(issuer_token: TokenSession) -> None:
    place = TokenPlace(module=MODULE, label="issuer", pin=PIN)
    assert PIN not in repr(place) + repr(issuer_token) + repr(TokenCardKeys(KEYRING, issuer_token))
