import json
from datetime import timedelta

import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, KeySet

from approvals.errors import KeyringError
from approvals.keys.canaries import CANARY, require_canaries
from approvals.keys.house_secrets import LINKING, WEBHOOK, make_house_secrets, make_issuer_key, open_newest
from approvals.keys.keyring import Keyring
from approvals.keys.release_signer import ReleaseSigner, make_release_key
from approvals.model.json import Facts
from approvals.ports.vault import SealedSecret
from tests.builders import NOW

KEYRING = Keyring({1: bytes(range(32))})
OTHER_KEYRING = Keyring({1: bytes(32)})
CLAIMS: Facts = {"iss": "contreseing", "jti": "rel_1", "approvals": [{"user": "usr_1", "at": 1}], "bundle": None}


def published(signer: ReleaseSigner) -> KeySet:
    return KeySet.import_key_set(json.loads(signer.published_keys()))


def of_kind(kind: str, secrets: list[SealedSecret]) -> list[SealedSecret]:
    return [secret for secret in secrets if secret.kind == kind]


def test_a_token_is_checked_with_the_published_key_alone() -> None:
    signer = ReleaseSigner(KEYRING, [make_release_key(KEYRING, NOW)])
    token = jws.deserialize_compact(signer.sign(CLAIMS), published(signer))
    assert json.loads(token.payload) == CLAIMS
    assert token.headers() == {"alg": "ES256", "kid": signer.key_id, "typ": "contreseing-release+jwt"}


def test_one_altered_character_of_the_claims_is_refused() -> None:
    signer = ReleaseSigner(KEYRING, [make_release_key(KEYRING, NOW)])
    header, payload, signature = signer.sign(CLAIMS).split(".")
    altered = payload[:9] + ("A" if payload[9] != "A" else "B") + payload[10:]
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(f"{header}.{altered}.{signature}", published(signer))


def test_the_key_id_is_the_thumbprint_of_the_published_key() -> None:
    signer = ReleaseSigner(KEYRING, [make_release_key(KEYRING, NOW)])
    (public,) = json.loads(signer.published_keys())["keys"]
    assert ECKey.import_key({name: public[name] for name in ("kty", "crv", "x", "y")}).thumbprint() == signer.key_id
    assert public["kid"] == signer.key_id


def test_no_private_part_is_published() -> None:
    (public,) = json.loads(ReleaseSigner(KEYRING, [make_release_key(KEYRING, NOW)]).published_keys())["keys"]
    assert set(public) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_after_a_rotation_the_newest_signs_and_old_tokens_stay_good() -> None:
    old, new = make_release_key(KEYRING, NOW), make_release_key(KEYRING, NOW + timedelta(days=1))
    before, after = ReleaseSigner(KEYRING, [old]), ReleaseSigner(KEYRING, [new, old])
    assert after.key_id == new.id
    assert json.loads(jws.deserialize_compact(before.sign(CLAIMS), published(after)).payload) == CLAIMS
    assert json.loads(jws.deserialize_compact(after.sign(CLAIMS), published(after)).payload) == CLAIMS


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(KeyringError, match="keys init"):
        ReleaseSigner(KEYRING, [])


def test_a_key_sealed_under_another_keyring_does_not_open() -> None:
    with pytest.raises(KeyringError):
        ReleaseSigner(OTHER_KEYRING, [make_release_key(KEYRING, NOW)])


def test_a_new_house_has_every_secret_it_needs_and_no_two_houses_share_one() -> None:
    ours, theirs = make_house_secrets(KEYRING, NOW), make_house_secrets(KEYRING, NOW)
    for kind in (LINKING, WEBHOOK):
        assert open_newest(KEYRING, kind, of_kind(kind, ours)) != open_newest(KEYRING, kind, of_kind(kind, theirs))
    assert open_newest(KEYRING, WEBHOOK, of_kind(WEBHOOK, ours)).startswith(b"whsec_")
    assert len(open_newest(KEYRING, LINKING, of_kind(LINKING, ours))) == 32


def test_another_key_file_is_noticed_by_its_canary() -> None:
    canaries = of_kind(CANARY, make_house_secrets(KEYRING, NOW))
    require_canaries(KEYRING, canaries)
    with pytest.raises(KeyringError, match="wrong file"):
        require_canaries(OTHER_KEYRING, canaries)


def test_a_house_without_secrets_says_what_to_run() -> None:
    with pytest.raises(KeyringError, match="keys init"):
        require_canaries(KEYRING, [])
    with pytest.raises(KeyringError, match="keys init"):
        open_newest(KEYRING, WEBHOOK, [])


def test_the_newest_version_of_a_secret_is_opened() -> None:
    first = SealedSecret(kind="x", id="house", version=1, sealed=KEYRING.seal("x", "house", 1, b"old"), created_at=NOW)
    second = SealedSecret(kind="x", id="house", version=2, sealed=KEYRING.seal("x", "house", 2, b"new"), created_at=NOW)
    assert open_newest(KEYRING, "x", [second, first]) == b"new"


def test_an_issuer_key_rests_sealed() -> None:
    key = bytes(range(16))
    sealed = make_issuer_key(KEYRING, "imk", 1, key, NOW)
    assert key not in sealed.sealed
    assert KEYRING.open("issuer-key", "imk", 1, sealed.sealed) == key
