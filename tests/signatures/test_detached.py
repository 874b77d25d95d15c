import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from approvals.certificates import signature
from approvals.certificates.signature import Algorithm, SignedType, read_detached, verify
from approvals.certificates.signature_refusals import SignatureFault, SignatureRefused
from tests.certificate_keys import TokenKey, make_token_key

PAYLOAD = b'{"action":"act_1","environment":"test"}'
JEANNE = make_token_key()
RSA = make_token_key(key=rsa.generate_private_key(public_exponent=65537, key_size=2048))


def members(key: TokenKey = JEANNE) -> dict[str, object]:
    content = signature.header(key.certificate, Algorithm.ES256, SignedType.APPROVAL)
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(content + "=="))
    return found


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def signed(header: bytes, key: TokenKey = JEANNE, payload: bytes = PAYLOAD) -> str:
    """A JWS with this header, whatever it says, and a signature that is right for it."""
    content = encoded(header)
    return signature.assemble(content, key.sign(Algorithm.ES256, signature.signing_input(content, payload)))


def with_members(**changed: object) -> str:
    return signed(json.dumps(members() | changed).encode())


def check(text: str, key: TokenKey = JEANNE, payload: bytes = PAYLOAD) -> None:
    verify(read_detached(text), SignedType.APPROVAL, payload, key.certificate)


def fault_of(text: str, key: TokenKey = JEANNE, payload: bytes = PAYLOAD) -> SignatureFault:
    with pytest.raises(SignatureRefused) as refused:
        check(text, key, payload)
    return refused.value.fault


@pytest.mark.parametrize(
    ("key", "algorithm"), [(JEANNE, Algorithm.ES256), (RSA, Algorithm.PS256), (RSA, Algorithm.RS256)]
)
def test_what_a_key_signs_is_taken_for_its_certificate(key: TokenKey, algorithm: Algorithm) -> None:
    check(key.jws(SignedType.APPROVAL, PAYLOAD, algorithm), key)


def test_the_header_names_algorithm_purpose_thumbprint_and_certificate_and_nothing_else() -> None:
    assert members() == {
        "alg": "ES256",
        "typ": "contreseing-approval+jws",
        "x5c": [base64.b64encode(JEANNE.certificate).decode()],
        "x5t#S256": encoded(hashlib.sha256(JEANNE.certificate).digest()),
    }


def test_a_signature_of_something_else_is_refused() -> None:
    text = JEANNE.jws(SignedType.APPROVAL, PAYLOAD)
    assert fault_of(text, payload=PAYLOAD + b" ") is SignatureFault.WRONG


def test_a_sign_in_signature_is_no_approval() -> None:
    assert fault_of(JEANNE.jws(SignedType.SIGN_IN, PAYLOAD)) is SignatureFault.PURPOSE


def test_a_signature_by_another_certificate_is_refused() -> None:
    assert fault_of(make_token_key().jws(SignedType.APPROVAL, PAYLOAD)) is SignatureFault.THUMBPRINT


def test_the_public_key_is_no_shared_secret() -> None:
    header = encoded(json.dumps(members() | {"alg": "HS256"}).encode())
    public = JEANNE.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    mac = hmac.digest(public, signature.signing_input(header, PAYLOAD), "sha256")
    assert fault_of(signature.assemble(header, mac)) is SignatureFault.ALGORITHM_SYMMETRIC


def test_no_algorithm_is_no_signature() -> None:
    header = encoded(json.dumps(members() | {"alg": "none"}).encode())
    assert fault_of(f"{header}..") is SignatureFault.ALGORITHM_NONE


OTHER = base64.b64encode(make_token_key().certificate).decode()
OWN = base64.b64encode(JEANNE.certificate).decode()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"alg": "ES384"}, SignatureFault.ALGORITHM),
        ({"alg": "RS256"}, SignatureFault.KEY_UNFIT),
        ({"alg": "nOnE"}, SignatureFault.ALGORITHM_NONE),
        ({"typ": "JWT"}, SignatureFault.PURPOSE),
        ({"jwk": {"kty": "EC"}}, SignatureFault.FOREIGN_KEY),
        ({"jku": "https://attacker.test/keys"}, SignatureFault.FOREIGN_KEY),
        ({"x5u": "https://attacker.test/chain"}, SignatureFault.FOREIGN_KEY),
        ({"kid": "1"}, SignatureFault.FOREIGN_KEY),
        ({"crit": ["exp"], "exp": 1}, SignatureFault.CRITICAL_UNKNOWN),
        ({"b64": False}, SignatureFault.UNENCODED),
        ({"x5t": "AAAA"}, SignatureFault.MEMBER_UNKNOWN),
        ({"alg": 1}, SignatureFault.MEMBER_MISTYPED),
        ({"x5c": OWN}, SignatureFault.MEMBER_MISTYPED),
        ({"x5c": []}, SignatureFault.CHAIN),
        ({"x5c": [OTHER]}, SignatureFault.CHAIN),
        ({"x5c": [OWN, OTHER]}, SignatureFault.CHAIN),
        ({"x5c": ["not base64"]}, SignatureFault.BASE64),
        ({"x5c": [OWN.rstrip("=") + "===="]}, SignatureFault.BASE64),
        ({"x5t#S256": "A" * 43}, SignatureFault.THUMBPRINT),
    ],
)
def test_a_header_that_says_anything_else_is_refused(changed: dict[str, object], fault: SignatureFault) -> None:
    assert fault_of(with_members(**changed)) is fault


def test_a_header_without_one_of_its_members_is_refused() -> None:
    for name in members():
        header = {each: value for each, value in members().items() if each != name}
        assert fault_of(signed(json.dumps(header).encode())) is SignatureFault.MEMBER_MISSING


def test_a_member_written_twice_is_refused_even_where_both_say_the_same() -> None:
    twice = json.dumps(members())[:-1] + ',"alg":"ES256"}'
    assert fault_of(signed(twice.encode())) is SignatureFault.MEMBER_TWICE


@pytest.mark.parametrize("header", [b"", b"[]", b'"ES256"', b"{", b"\xff", b"[" * 12_000, b"1" * 5000])
def test_a_header_that_is_no_object_is_refused(header: bytes) -> None:
    assert fault_of(signed(header)) is SignatureFault.NOT_AN_OBJECT


def padded(text: str) -> str:
    return text + "=="


def in_the_other_alphabet(text: str) -> str:
    head, _, tail = text.partition("..")
    return f"{head}..{'+' + tail[1:]}"


def with_bits_that_mean_nothing(text: str) -> str:
    """86 characters hold 64 bytes and 4 bits more, which a lenient decoder drops."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def with_a_line_end(text: str) -> str:
    return text + "\n"


@pytest.mark.parametrize("spoil", [padded, in_the_other_alphabet, with_bits_that_mean_nothing, with_a_line_end])
def test_base64_written_in_another_way_is_refused(spoil: Callable[[str], str]) -> None:
    assert fault_of(spoil(JEANNE.jws(SignedType.APPROVAL, PAYLOAD))) is SignatureFault.BASE64


def test_a_jws_that_carries_its_content_is_refused() -> None:
    header, _, value = JEANNE.jws(SignedType.APPROVAL, PAYLOAD).partition("..")
    assert fault_of(f"{header}.{encoded(PAYLOAD)}.{value}") is SignatureFault.NOT_DETACHED
    assert fault_of(f"{header}..{value}..{value}") is SignatureFault.NOT_DETACHED


def test_a_text_longer_than_any_of_ours_is_not_even_read() -> None:
    assert fault_of("A" * 20_000) is SignatureFault.TOO_LONG


def test_a_signature_as_der_is_not_what_jose_wants() -> None:
    header = signature.header(JEANNE.certificate, Algorithm.ES256, SignedType.APPROVAL)
    r_and_s = JEANNE.sign(Algorithm.ES256, signature.signing_input(header, PAYLOAD))
    assert fault_of(signature.assemble(header, b"\x30\x44\x02\x20" + r_and_s)) is SignatureFault.WRONG


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256K1())])
def test_another_curve_is_refused(key: ec.EllipticCurvePrivateKey) -> None:
    holder = make_token_key(key=key)
    header = signature.header(holder.certificate, Algorithm.ES256, SignedType.APPROVAL)
    assert fault_of(signature.assemble(header, bytes(64)), holder) is SignatureFault.KEY_UNFIT


def test_a_short_rsa_key_is_refused() -> None:
    holder = make_token_key(key=rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505  # too short
    assert fault_of(holder.jws(SignedType.APPROVAL, PAYLOAD, Algorithm.RS256), holder) is SignatureFault.KEY_UNFIT


def test_a_certificate_of_a_version_nobody_knows_has_no_key() -> None:
    """Before it is known to be anybody's, the certificate that a sign-in claims is read."""
    sixth = JEANNE.certificate.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020106"), 1)
    holder = TokenKey(key=JEANNE.key, certificate=sixth)
    assert fault_of(holder.jws(SignedType.APPROVAL, PAYLOAD), holder) is SignatureFault.KEY_UNFIT


def test_every_other_character_in_the_text_is_refused() -> None:
    text = JEANNE.jws(SignedType.APPROVAL, PAYLOAD)
    for position, character in enumerate(text):
        fault_of(text[:position] + ("A" if character != "A" else "B") + text[position + 1 :])


@given(st.text(max_size=300) | st.binary(max_size=300).map(encoded).map(lambda header: f"{header}..AAAA"))
def test_any_text_is_a_signature_or_refused(text: str) -> None:
    with pytest.raises(SignatureRefused):
        check(text)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5)


@given(st.dictionaries(st.sampled_from([*members(), "crit", "kid", "other"]), JSON))
def test_any_members_are_ours_or_refused(changed: dict[str, object]) -> None:
    text = with_members(**changed)
    if members() | changed == members():
        check(text)
    else:
        fault_of(text)


def test_a_sign_in_covers_hashes_of_origin_and_nonce_in_canonical_form() -> None:
    nonce = bytes(32)
    assert signature.sign_in_payload("test", "https://bank.test", nonce) == (
        b'{"environment":"test","nonce_sha256":"66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925",'
        b'"origin_sha256":"' + hashlib.sha256(b"https://bank.test").hexdigest().encode() + b'","purpose":"sign_in"}'
    )
